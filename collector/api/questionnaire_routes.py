"""Questionnaires, their versions and form models."""

from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.api.blueprint import bp
from collector.api.inputs import QuestionnaireListSchema
from collector.api.operation import operation
from collector.api.reader import find_questionnaire
from collector.api.schemas import FormModelSchema, QuestionnaireSchema, VersionSchema, list_of
from collector.downloads import name_download
from collector.errors import CollectorError
from collector.questionnaires.published import form_model
from collector.questionnaires.states import state_of
from collector.store import Questionnaire, Version, utc_now
from collector.store.questionnaires import PUBLISHED, REPLACED
from collector.store.session import reading

#: Type of a workbook (ISO/IEC 29500).
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/questionnaires")
@operation(_l("Questionnaires"), query=QuestionnaireListSchema(), answer=list_of(QuestionnaireSchema))
def questionnaires(query: dict[str, Any]) -> dict[str, Any]:
    """All questionnaires in the order in which they were made; those never published only for people who make them."""
    session = reading()
    wanted = select(Questionnaire).order_by(Questionnaire.id)
    if not query["archived"]:
        wanted = wanted.where(Questionnaire.archived_at.is_(None))
    if not sees_drafts():
        wanted = wanted.where(Questionnaire.current_version_id.is_not(None))
    return {"items": [describe(one) for one in session.scalars(wanted)]}


@bp.get("/questionnaires/<path:form_id>")
@operation(_l("A questionnaire"), answer=QuestionnaireSchema(), faults=(404,))
def questionnaire(form_id: str) -> dict[str, Any]:
    """One questionnaire."""
    return describe(find_questionnaire(reading(), form_id))


@bp.get("/questionnaires/<path:form_id>/versions")
@operation(_l("Versions of a questionnaire"), answer=list_of(VersionSchema), faults=(404,))
def versions(form_id: str) -> dict[str, Any]:
    """Its versions, newest first."""
    found = find_questionnaire(reading(), form_id)
    shown = [one for one in reversed(found.versions) if is_shown(one)]
    return {"items": [describe_version(one) for one in shown]}


@bp.get("/questionnaires/<path:form_id>/versions/<int:number>")
@operation(_l("A version"), answer=VersionSchema(), faults=(404,))
def version(form_id: str, number: int) -> dict[str, Any]:
    """One version."""
    return describe_version(find_version(reading(), form_id, number))


@bp.get("/questionnaires/<path:form_id>/versions/<int:number>/model")
@operation(_l("The form model of a version"), answer=FormModelSchema(), faults=(404,))
def model(form_id: str, number: int) -> Response:
    """The questions of a version, as phones get them."""
    session = reading()
    found = find_version(session, form_id, number)
    answer = Response(form_model(session, found.id).model_json, mimetype="application/json")
    answer.set_etag(found.model_hash)
    return answer


@bp.get("/questionnaires/<path:form_id>/versions/<int:number>/workbook")
@operation(_l("The workbook of a version"), needs="questionnaires.change", media_type=WORKBOOK_TYPE, faults=(404,))
def workbook(form_id: str, number: int) -> Response:
    """The workbook as it was uploaded."""
    found = find_version(reading(), form_id, number)
    if found.workbook is None:
        raise CollectorError("not_found")
    answer = Response(found.workbook, mimetype=WORKBOOK_TYPE)
    name_download(answer, found.workbook_name or f"{form_id}.xlsx")
    return answer


def sees_drafts() -> bool:
    """Whether the person sees what is not published yet."""
    return bool(current_user.may("questionnaires.change"))


def is_shown(version: Version) -> bool:
    """Tell whether the person sees a version; drafts that a later upload replaced mean nothing any more."""
    return version.state == PUBLISHED or (version.state != REPLACED and sees_drafts())


def find_version(session: Session, form_id: str, number: int) -> Version:
    """A version that the person sees. Raises CollectorError `not_found`."""
    found = next((one for one in find_questionnaire(session, form_id).versions if one.number == number), None)
    if found is None or not is_shown(found):
        raise CollectorError("not_found")
    return found


def describe(questionnaire: Questionnaire) -> dict[str, Any]:
    """A questionnaire as the API gives it."""
    current = questionnaire.current_version
    titled = current or next(reversed(questionnaire.versions), None)
    return {
        "form_id": questionnaire.form_id,
        "title": titled.title if titled else questionnaire.form_id,
        "titles": titled.titles if titled else {},
        "state": state_of(questionnaire, utc_now()),
        "version": current.version if current else None,
        "number": current.number if current else None,
        "opens_at": questionnaire.opens_at,
        "closes_at": questionnaire.closes_at,
        "created_at": questionnaire.created_at,
        "personal_fields": questionnaire.personal_fields,
    }


def describe_version(version: Version) -> dict[str, Any]:
    """A version as the API gives it."""
    names = ("number", "version", "title", "titles", "state", "model_hash", "created_at", "published_at")
    is_current = version.id == version.questionnaire.current_version_id
    return {name: getattr(version, name) for name in names} | {"is_current": is_current}
