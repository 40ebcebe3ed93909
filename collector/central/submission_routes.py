"""Responses: their list, one of them, its revisions, remarks and files, and all of them as CSV."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
from flask import Response, jsonify, request
from flask_login import current_user
from sqlalchemy import select

from collector.central.asked import Asked, asked_for
from collector.central.blueprint import bp
from collector.central.csv_tables import CsvTable, Layout, csv_tables
from collector.central.csv_zip import Source, main_csv, zip_pieces
from collector.central.form_routes import FORM, is_extended
from collector.central.paging import read_boolean, read_number
from collector.central.people import People
from collector.central.queries import Page, Submission, find_submission, walk_submissions
from collector.central.schema import as_mapping
from collector.central.schemas import (
    RevisionFacts,
    actor,
    comment_shape,
    revision_shape,
    submission_shape,
    version_instance_id,
)
from collector.downloads import name_download
from collector.errors import CollectorError
from collector.export.sheets.tables import Table
from collector.questionnaires.instance_writing import write_instance
from collector.questionnaires.published import form_model
from collector.questionnaires.response_xml import response_xml
from collector.store import Comment, Revision, User
from collector.store.contents import FILES, contents
from collector.store.session import database, far_database, reading

SUBMISSIONS = f"{FORM}/submissions"
#: Where the name of a response is in its answers.
NAME_GROUP, NAME = "meta", "instanceName"
SUBMISSION = f"{SUBMISSIONS}/<instance_id>"
#: Types that go out as they are; whatever else a phone sent is only handed out to be saved.
SAFE_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/ogg",
        "audio/mpeg",
        "audio/wav",
        "video/webm",
        "video/mp4",
    }
)
PIECE_ROWS = 200


def found_submission(asked: Asked, instance_id: str) -> Submission:
    """The response. Raises CollectorError `not_found`."""
    return find_submission(database(), reading(), asked.questionnaire.id, asked.selection, instance_id)


def name_of(submission: Submission) -> str:
    """The name of a response; "" where it has none or it is not to be seen."""
    found = as_mapping(submission.walked.answers.get(NAME_GROUP)).get(NAME)
    return found if isinstance(found, str) else ""


def described(submission: Submission, people: People, authors: dict[str, dict[str, Any]] | None) -> dict[str, Any]:
    """A response; with `authors`, people's shapes by id, also who sent it."""
    shape = submission_shape(submission, people, name_of(submission))
    if authors is not None:
        author = authors.get(submission.walked.author_id or "", actor(None, people))
        shape |= {"submitter": author, "formVersion": submission.walked.own_by_key["version"]}
        shape["currentVersion"] |= {"submitter": author}
    return shape


def all_actors(people: People) -> dict[str, dict[str, Any]] | None:
    """Everybody's shape by id, where a client wants to know more than it needs."""
    if not is_extended():
        return None
    return {user.id: actor(user, people) for user in reading().scalars(select(User))}


@bp.get(SUBMISSIONS)
def submissions(project_id: int, form_id: str) -> Response:
    """The responses without their answers, newest first; `limit` and `offset` for a part of them."""
    asked = asked_for(project_id, form_id)
    page = Page(skip=read_number(request.args, "offset", 0) or 0, limit=read_number(request.args, "limit", None))
    people, actors = asked.people, all_actors(asked.people)
    found = walk_submissions(far_database(), asked.questionnaire.id, asked.selection, page)
    return Response(as_list(described(one, people, actors) for one in found), mimetype="application/json")


def as_list(shapes: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """A list as JSON, piece by piece."""
    start = b"["
    while part := [orjson.dumps(shape) for shape in islice(shapes, PIECE_ROWS)]:
        yield start + b",".join(part)
        start = b","
    yield b"[]" if start == b"[" else b"]"


@bp.get(f"{SUBMISSIONS}/submitters")
def submitters(project_id: int, form_id: str) -> Any:
    """Everybody who sent a response that may be seen."""
    asked = asked_for(project_id, form_id)
    from_store = select(User).where(User.id.in_(asked.author_ids())).order_by(User.name, User.id)
    return jsonify([actor(user, asked.people) for user in reading().scalars(from_store)])


@bp.get(f"{SUBMISSIONS}/keys")
def keys(project_id: int, form_id: str) -> Any:
    """Keys of encrypted responses: the server never keeps any encrypted."""
    asked_for(project_id, form_id)
    return jsonify([])


@bp.get(SUBMISSION)
def submission(project_id: int, form_id: str, instance_id: str) -> Any:
    """One response without its answers."""
    asked = asked_for(project_id, form_id)
    return jsonify(described(found_submission(asked, instance_id), asked.people, all_actors(asked.people)))


@bp.get(f"{SUBMISSION}.xml")
def submission_xml(project_id: int, form_id: str, instance_id: str) -> Response:
    """One response as XML: as it came, if it came so; without what is not to be seen, written anew."""
    asked = asked_for(project_id, form_id)
    found = found_submission(asked, instance_id)
    one = found.walked
    if asked.selection.hidden is None:
        content = response_xml(reading(), one.response_id)
    else:
        model = form_model(reading(), one.version_id).tree if one.version_id else None
        content = write_instance(
            model, one.answers, form_id=form_id, version=one.own_by_key["version"], instance_id=found.instance_id
        )
    if content is None:
        raise CollectorError("not_found")
    answer = Response(content, mimetype="application/xml")
    # As a client wrote it: nothing in it may run in a browser.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.get(f"{SUBMISSION}/versions")
def submission_versions(project_id: int, form_id: str, instance_id: str) -> Any:
    """The revisions of a response, newest first."""
    asked = asked_for(project_id, form_id)
    found = found_submission(asked, instance_id).walked
    query = select(Revision).where(Revision.response_id == found.response_id).order_by(Revision.number.desc())
    current = int(found.own_by_key["revision"])
    shapes = []
    for revision in reading().scalars(query):
        sender = revision.edited_by or found.author_id
        facts = RevisionFacts(
            version_instance_id(revision), revision.number, revision.device_id, revision.received_at, sender
        )
        shapes.append(revision_shape(facts, asked.people, is_current=revision.number == current))
    return jsonify(shapes)


@bp.get(f"{SUBMISSION}/comments")
def comments(project_id: int, form_id: str, instance_id: str) -> Any:
    """What the office remarked about a response, newest first: for those who read it there. A remark may name people."""
    asked = asked_for(project_id, form_id)
    found = found_submission(asked, instance_id).walked
    if not current_user.may("responses.see"):
        raise CollectorError("not_allowed")
    query = (
        select(Comment).where(Comment.response_id == found.response_id).order_by(Comment.at.desc(), Comment.id.desc())
    )
    return jsonify([comment_shape(comment, asked.people) for comment in reading().scalars(query)])


@bp.get(f"{SUBMISSION}/attachments")
def attachments(project_id: int, form_id: str, instance_id: str) -> Any:
    """The files that a response names, and whether they have arrived."""
    found = found_submission(asked_for(project_id, form_id), instance_id)
    shapes = [{"name": one.name, "exists": one.file is not None} for one in found.attachments]
    return jsonify(sorted(shapes, key=lambda shape: str(shape["name"])))


@bp.get(f"{SUBMISSION}/attachments/<name>")
def attachment(project_id: int, form_id: str, instance_id: str, name: str) -> Response:
    """A file of a response. Nothing in it may run in a browser."""
    found = found_submission(asked_for(project_id, form_id), instance_id)
    file = next((one.file for one in found.attachments if one.name == name and one.file is not None), None)
    if file is None or not contents().has(FILES, file.sha256):
        raise CollectorError("not_found")
    kind = file.detected_type if file.detected_type in SAFE_TYPES else "application/octet-stream"
    answer = contents().send(FILES, file.sha256, kind, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.route(f"{SUBMISSIONS}.csv", methods=["GET", "POST"])
def submissions_csv(project_id: int, form_id: str) -> Response:
    """The main table as CSV."""
    asked = asked_for(project_id, form_id)
    source, tables = csv_source(asked)
    return as_file(main_csv(source, tables[0]), "text/csv; charset=utf-8", f"{form_id}.csv")


@bp.route(f"{SUBMISSIONS}.csv.zip", methods=["GET", "POST"])
def submissions_zip(project_id: int, form_id: str) -> Response:
    """All tables as CSV, with the files of responses unless `attachments=false`."""
    asked = asked_for(project_id, form_id)
    source, tables = csv_source(asked)
    files = contents() if read_boolean(request.args, "attachments", default=True) else None
    return as_file(zip_pieces(source, tables, files), "application/zip", f"{form_id}.zip")


def csv_source(asked: Asked) -> tuple[Source, list[CsvTable]]:
    """The responses and tables that the address asks for. Raises CollectorError `parameter_value` and those of a filter."""
    args = request.args
    layout = Layout(
        has_groups=read_boolean(args, "groupPaths", default=True),
        is_split=read_boolean(args, "splitSelectMultiples"),
    )
    tables = asked.tables
    if not read_boolean(args, "deletedFields", default=True):
        tables = only_current(tables, asked.version.number)
    conditions = asked.conditions(args.get("$filter", ""))
    source = Source(far_database(), asked.questionnaire.id, asked.selection, asked.people, conditions)
    return source, csv_tables(asked.questionnaire.form_id, tables, layout)


def only_current(tables: list[Table], number: int) -> list[Table]:
    """The tables with the questions that the version phones get asks."""
    kept = [
        Table(table.path, tuple(column for column in table.columns if number in column.versions), table.labels)
        for table in tables
    ]
    return [table for table in kept if table.columns or not table.path]


def as_file(content: Iterator[bytes], kind: str, name: str) -> Response:
    """A file to save, sent as it is made."""
    answer = Response(content, content_type=kind)
    name_download(answer, name)
    return answer
