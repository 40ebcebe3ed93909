"""The project, its questionnaires, their versions, fields and files."""

from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import func, select

from collector.accounts.scope import current_scope
from collector.central.asked import Asked, asked_for
from collector.central.blueprint import bp, require_project
from collector.central.fields import list_fields
from collector.central.people import read_people
from collector.central.queries import count_submissions, last_submission, moment_text
from collector.central.review_states import REVIEW_STATES
from collector.central.schema import schema_of
from collector.central.schemas import actor, form_file_shape, form_shape, project_shape
from collector.downloads import name_download
from collector.errors import CollectorError
from collector.export.queries import counted_questionnaires
from collector.export.sheets.selection import Selection
from collector.export.sheets.tables import tables_of
from collector.questionnaires.published import form_model
from collector.questionnaires.served import original_answer
from collector.store import Questionnaire, User, Version, VersionFile, utc_now
from collector.store import Response as ResponseRow
from collector.store.session import reading, reading_far

PROJECTS = "/projects"
FORMS = f"{PROJECTS}/<int:project_id>/forms"
FORM = f"{FORMS}/<form_id>"
VERSIONS = f"{FORM}/versions"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_extended() -> bool:
    """Whether a client wants to know more than it needs (`X-Extended-Metadata`)."""
    return request.headers.get("X-Extended-Metadata", "").lower() == "true"


@bp.get(PROJECTS)
def projects() -> Any:
    """The list of projects: one."""
    return jsonify([describe_project()])


@bp.get(f"{PROJECTS}/<int:project_id>")
def project(project_id: int) -> Any:
    """The project."""
    require_project(project_id)
    return jsonify(describe_project())


def describe_project() -> dict[str, Any]:
    """The project, with its numbers where a client wants them."""
    session = reading()
    created_at = session.scalar(select(func.min(User.created_at, type_=User.created_at.type)))
    extended: dict[str, Any] = {}
    if is_extended():
        newest = func.max(ResponseRow.received_at, type_=ResponseRow.received_at.type)
        seen = current_scope().condition(ResponseRow.place_id)
        found = reading_far().scalar(select(newest).where(seen, ResponseRow.is_test.is_(False)))
        forms = counted_questionnaires(session, Selection(current_scope()))
        extended = {"forms": len(forms), "appUsers": 0, "datasets": 0, "lastSubmission": moment_text(found)}
    return project_shape("Collector", created_at, extended)


@bp.get(FORMS)
def forms(project_id: int) -> Any:
    """The published questionnaires that are not archived."""
    require_project(project_id)
    found = counted_questionnaires(reading_far(), Selection(current_scope()))
    return jsonify([describe_form(asked_for(project_id, one.form_id)) for one, _count in found])


@bp.get(FORM)
def form(project_id: int, form_id: str) -> Any:
    """A questionnaire in the version that phones get."""
    return jsonify(describe_form(asked_for(project_id, form_id)))


def describe_form(asked: Asked) -> dict[str, Any]:
    """A questionnaire, with its numbers where a client wants them."""
    shape = form_shape(asked.questionnaire, asked.version, utc_now())
    return shape | extended_form(asked.questionnaire, asked.version, asked.selection) if is_extended() else shape


def extended_form(questionnaire: Questionnaire, version: Version, selection: Selection) -> dict[str, Any]:
    """What more there is to tell of a questionnaire."""
    session = reading()
    far = reading_far()
    by_state = dict(
        far.execute(
            select(ResponseRow.state, func.count())
            .where(*selection.conditions(questionnaire.id))
            .group_by(ResponseRow.state)
        ).all()
    )
    reviews = {"received": 0, "hasIssues": 0, "edited": 0, "rejected": 0, "approved": 0}
    for state, number in by_state.items():
        reviews[REVIEW_STATES[state] or "received"] += number
    return {
        "submissions": count_submissions(far, questionnaire.id, selection),
        "lastSubmission": moment_text(last_submission(far, questionnaire.id, selection)),
        "reviewStates": reviews,
        "excelContentType": WORKBOOK_TYPE if has_workbook(version) else None,
        "createdBy": actor(session.get(User, version.created_by or ""), read_people(session)),
        "entityRelated": False,
        "publicLinks": 0,
    }


def has_workbook(version: Version) -> bool:
    """Whether the version was uploaded as an XLSX workbook, which is a ZIP file."""
    return version.workbook is not None and version.workbook.startswith(b"PK")


@bp.get(VERSIONS)
def versions(project_id: int, form_id: str) -> Any:
    """The published versions, newest first."""
    asked = asked_for(project_id, form_id)
    now = utc_now()
    return jsonify([form_shape(asked.questionnaire, one, now) for one in published(asked)])


def published(asked: Asked) -> list[Version]:
    """The versions that were published, newest first."""
    found = [one for one in asked.questionnaire.versions if one.published_at is not None]
    return sorted(found, key=lambda one: one.number, reverse=True)


def find_version(asked: Asked, name: str | None) -> Version:
    """The newest version of that name (`___`: of none); the one that phones get for None. Raises CollectorError `not_found`."""
    if name is None:
        return asked.version
    wanted = "" if name == "___" else name
    found = next((one for one in published(asked) if one.version == wanted), None)
    if found is None:
        raise CollectorError("not_found")
    return found


@bp.get(f"{VERSIONS}/<version>")
def form_version(project_id: int, form_id: str, version: str) -> Any:
    """A version of a questionnaire."""
    asked = asked_for(project_id, form_id)
    return jsonify(form_shape(asked.questionnaire, find_version(asked, version), utc_now()))


@bp.get(f"{FORM}.xml")
@bp.get(f"{VERSIONS}/<version>.xml")
def form_xml(project_id: int, form_id: str, version: str | None = None) -> Response:
    """The XForm."""
    found = find_version(asked_for(project_id, form_id), version)
    answer = Response(found.xform, mimetype="application/xml")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.get(f"{FORM}.xlsx")
@bp.get(f"{VERSIONS}/<version>.xlsx")
def form_xlsx(project_id: int, form_id: str, version: str | None = None) -> Response:
    """The workbook as it was uploaded. Its lists may name people: it is for those who see personal answers."""
    asked = asked_for(project_id, form_id)
    if asked.selection.hidden is not None:
        raise CollectorError("not_allowed")
    found = find_version(asked, version)
    if found.workbook is None or not has_workbook(found):
        raise CollectorError("not_found")
    answer = Response(found.workbook, mimetype=WORKBOOK_TYPE)
    name_download(answer, f"{form_id}.xlsx")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.get(f"{FORM}/fields")
@bp.get(f"{VERSIONS}/<version>/fields")
def form_fields(project_id: int, form_id: str, version: str | None = None) -> Any:
    """The questions that may be seen: of one version, or of all of them together. `odata=true`: as the feed calls them."""
    asked = asked_for(project_id, form_id)
    is_odata = request.args.get("odata", "").lower() == "true"
    if version is None:
        return jsonify(list_fields(asked.schema, is_odata=is_odata))
    model = form_model(reading(), find_version(asked, version).id).tree
    schema = schema_of(asked.selection.shown(tables_of([model])))
    return jsonify(list_fields(schema, is_odata=is_odata))


@bp.get(f"{FORM}/attachments")
@bp.get(f"{VERSIONS}/<version>/attachments")
def form_files(project_id: int, form_id: str, version: str | None = None) -> Any:
    """The files beside the workbook."""
    found = find_version(asked_for(project_id, form_id), version)
    return jsonify([form_file_shape(file) for file in files_of(found)])


@bp.get(f"{FORM}/attachments/<path:name>")
@bp.get(f"{VERSIONS}/<version>/attachments/<path:name>")
def form_file(project_id: int, form_id: str, name: str, version: str | None = None) -> Response:
    """A file beside the workbook, as it was uploaded. Lists may name people: they are for those who see personal answers."""
    asked = asked_for(project_id, form_id)
    if asked.selection.hidden is not None:
        raise CollectorError("not_allowed")
    found = find_version(asked, version)
    file = next((file for file in files_of(found) if file.name == name), None)
    if file is None:
        raise CollectorError("not_found")
    return original_answer(file)


def files_of(version: Version) -> list[VersionFile]:
    """The files of a version, by name."""
    query = select(VersionFile).where(VersionFile.version_id == version.id)
    return list(reading().scalars(query.order_by(VersionFile.name, VersionFile.id)))
