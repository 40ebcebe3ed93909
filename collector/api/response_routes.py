"""Responses with their answers, revisions and files. Who reads them by a program takes them out: it needs the right to export."""

import json
from typing import Any

from flask import Response as Answer
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.api.blueprint import bp
from collector.api.files import hides_file
from collector.api.inputs import ResponseListSchema
from collector.api.operation import operation
from collector.api.queries import Page, by_id, describe, find_page, models_of, read_answers
from collector.api.reader import current_reader
from collector.api.schemas import (
    FileSchema,
    ResponsePageSchema,
    RevisionSchema,
    WholeResponseSchema,
    WholeRevisionSchema,
    list_of,
)
from collector.errors import CollectorError
from collector.store import File, Questionnaire, Response, Revision, Version
from collector.store.contents import FILES, contents
from collector.store.session import reading, reading_far

#: What somebody needs to be allowed to read responses by a program.
EXPORT = "responses.export"
BYTES = "application/octet-stream"


@bp.get("/responses")
@operation(_l("Responses"), needs=EXPORT, query=ResponseListSchema(), answer=ResponsePageSchema())
def responses(query: dict[str, Any]) -> Page:
    """A page of responses by their arrival."""
    return find_page(reading_far(), query, current_reader())


@bp.get("/responses/<response_id>")
@operation(_l("A response"), needs=EXPORT, answer=WholeResponseSchema(), faults=(404,))
def response(response_id: str) -> dict[str, Any]:
    """One response with its answers and what was noticed."""
    session = reading()
    found = find_response(session, response_id)
    described = describe(session, [found], current_reader(), with_answers=True)[0]
    current = session.get_one(Revision, (found.id, found.current_revision))
    return described | {"flags": current.flags}


@bp.get("/responses/<response_id>/revisions")
@operation(_l("Revisions of a response"), needs=EXPORT, answer=list_of(RevisionSchema), faults=(404,))
def revisions(response_id: str) -> dict[str, Any]:
    """All its contents in the order of their arrival."""
    session = reading()
    found = find_response(session, response_id)
    return {"items": [describe_revision(session, found, one) for one in found.revisions]}


@bp.get("/responses/<response_id>/revisions/<int:number>")
@operation(_l("A revision"), needs=EXPORT, answer=WholeRevisionSchema(), faults=(404,))
def revision(response_id: str, number: int) -> dict[str, Any]:
    """One content of a response with its answers."""
    session = reading()
    found = find_response(session, response_id)
    one = session.get(Revision, (found.id, number))
    if one is None:
        raise CollectorError("not_found")
    questionnaire, reader = session.get_one(Questionnaire, found.questionnaire_id), current_reader()
    models = models_of(session, questionnaire, reader)
    answers = read_answers(one.document, models, reader.hidden(questionnaire))
    return describe_revision(session, found, one) | {"answers": answers}


@bp.get("/responses/<response_id>/files")
@operation(_l("Files of a response"), needs=EXPORT, answer=list_of(FileSchema), faults=(404,))
def files(response_id: str) -> dict[str, Any]:
    """The files that have arrived whole, but those that answer a question that is hidden from the person."""
    session = reading()
    found = find_response(session, response_id)
    query = select(File).where(File.response_id == found.id, File.completed_at.is_not(None))
    shown = [one for one in session.scalars(query.order_by(File.name, File.id)) if not is_hidden(session, found, one)]
    return {"items": [describe_file(one) for one in shown]}


@bp.get("/files/<file_id>")
@operation(_l("The bytes of a file"), needs=EXPORT, media_type=BYTES, faults=(404, 416))
def file(file_id: str) -> Answer:
    """A file to be saved; a part of it where the request asks for a range."""
    session = reading()
    found = session.get(File, file_id)
    if found is None or found.completed_at is None or not contents().has(FILES, found.sha256):
        raise CollectorError("not_found")
    if is_hidden(session, find_response(session, found.response_id), found):
        raise CollectorError("not_found")
    return contents().send(FILES, found.sha256, BYTES, as_attachment=True, download_name=found.name)


def find_response(session: Session, response_id: str) -> Response:
    """The response with that id. Raises CollectorError `not_found` where there is none in the person's places."""
    found = session.get(Response, response_id)
    if found is None:
        raise CollectorError("not_found")
    current_reader().scope.require(found.place_id)
    return found


def is_hidden(session: Session, response: Response, file: File) -> bool:
    """Tell whether a file is hidden from the person."""
    hidden = current_reader().hidden(session.get_one(Questionnaire, response.questionnaire_id))
    documents = (json.loads(one.document) for one in response.revisions)
    return hidden is not None and hides_file(documents, file.name, hidden)


def describe_revision(session: Session, response: Response, revision: Revision) -> dict[str, Any]:
    """A revision as the API gives it.

    Whoever knows all of a document but an answer that is hidden from them could try out its hash until it fits. Reasons are words of
    the office, which may name people: they are for those who read them there.
    """
    names = ("number", "base", "received_at", "edited_by")
    version = by_id(session, Version, [revision.version_id]).get(revision.version_id)
    return {name: getattr(revision, name) for name in names} | {
        "content_hash": revision.content_hash if current_reader().sees_personal else None,
        "edit_reason": revision.edit_reason if current_user.may("responses.see") else None,
        "is_current": revision.number == response.current_revision,
        "version": version.version if version else "",
    }


def describe_file(file: File) -> dict[str, Any]:
    """A file as the API gives it."""
    return {
        "id": file.id,
        "response": file.response_id,
        "name": file.name,
        "type": file.detected_type or BYTES,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "arrived_at": file.completed_at,
    }
