"""Reads for the response browser and the quarantine."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from collector.review.filters import UNASSIGNED, Cursor, Filters
from collector.store import (
    DeletedResponse,
    Device,
    File,
    Place,
    QuarantinedDocument,
    Questionnaire,
    Response,
    Revision,
    User,
)

#: Responses on a page.
PAGE_SIZE = 50


@dataclass(frozen=True)
class FileCount:
    """Files that a response names, and those of them that have arrived."""

    expected: int
    arrived: int


@dataclass(frozen=True)
class ResponseRow:
    """A response in the list; `files` is None when it names none."""

    response: Response
    place: str
    author: str
    files: FileCount | None


@dataclass(frozen=True)
class Page:
    """A page of the list, and where the next one begins, None on the last."""

    rows: Sequence[ResponseRow]
    next_cursor: Cursor | None


@dataclass(frozen=True)
class QuarantineCount:
    """Quarantined documents that wait for somebody, and those that were resolved."""

    open: int
    resolved: int


@dataclass(frozen=True)
class NamedFile:
    """A file that a response names; `file` is None until it has arrived whole."""

    name: str
    path: str
    size_bytes: int
    file: File | None


def list_responses(session: Session, filters: Filters, language: str) -> Page:
    """One page of responses, newest first."""
    query = filter_responses(session, select(Response), filters)
    query = query.order_by(Response.received_at.desc(), Response.id.desc()).limit(PAGE_SIZE + 1)
    found = list(session.scalars(query))
    shown = found[:PAGE_SIZE]
    places = {place.id: place.name(language) for place in session.scalars(select(Place))}
    named = select(User.id, User.name).where(User.id.in_({response.author_id for response in shown}))
    authors = dict(session.execute(named).all())
    files = count_files(session, shown)
    rows = [
        ResponseRow(
            response,
            places.get(response.place_id or 0, response.place_code),
            authors.get(response.author_id or "", ""),
            files.get(response.id),
        )
        for response in shown
    ]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    return Page(rows, Cursor(last.received_at, last.id) if last else None)


def filter_responses(session: Session, query: Select[Any], filters: Filters) -> Select[Any]:
    """Narrow `query` down to what `filters` let through."""
    if filters.questionnaire:
        of_form = select(Questionnaire.id).where(Questionnaire.form_id == filters.questionnaire)
        query = query.where(Response.questionnaire_id == of_form.scalar_subquery())
    if filters.place:
        query = query.where(in_place(session, filters.place))
    if filters.author:
        query = query.where(Response.author_id == filters.author)
    if filters.state:
        query = query.where(Response.state == filters.state)
    if filters.is_flagged:
        query = query.where(Response.flag_count > 0)
    if filters.is_missing_files:
        query = query.where(Response.missing_files > 0)
    if filters.is_conflicted:
        query = query.where(Response.is_conflicted)
    if filters.older_than:
        received_at, response_id = filters.older_than.received_at, filters.older_than.response_id
        # Two comparisons instead of one of pairs: the first one is what the index can begin at.
        query = query.where(Response.received_at <= received_at).where(
            or_(Response.received_at < received_at, Response.id < response_id)
        )
    return query


def in_place(session: Session, code: str) -> Any:
    """The condition that a response is of the place with `code` or of one under it; `-`: of no known community."""
    places = list(session.scalars(select(Place)))
    parents = {place.parent_id for place in places}
    if code == UNASSIGNED:
        return or_(Response.place_id.is_(None), Response.place_id.in_(parents - {None}))
    wanted = {place.id for place in places if place.code == code}
    if not wanted:
        return false()
    while added := {place.id for place in places if place.parent_id in wanted} - wanted:
        wanted |= added
    return Response.place_id == wanted.pop() if len(wanted) == 1 else Response.place_id.in_(wanted)


def count_files(session: Session, responses: Iterable[Response]) -> dict[str, FileCount]:
    """Files of those of `responses` that name any. Only their documents are read, since a document may be large."""
    responses = list(responses)
    ids = {response.id for response in responses}
    with_files = set(session.scalars(select(File.response_id).where(File.response_id.in_(ids)).distinct()))
    with_files |= {response.id for response in responses if response.missing_files}
    documents = (
        select(Response.id, Response.missing_files, Revision.document)
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .where(Response.id.in_(with_files))
    )
    counts = {}
    for response_id, missing, document in session.execute(documents):
        expected = len(json.loads(document).get("files") or [])
        if expected:
            counts[response_id] = FileCount(expected, expected - missing)
    return counts


def find_response(session: Session, response_id: str) -> Response | None:
    """The response with that id, or None."""
    return session.get(Response, response_id)


def list_revisions(session: Session, response_id: str) -> list[tuple[Revision, str]]:
    """The revisions of a response with the name of the phone that sent each, newest first."""
    query = (
        select(Revision, Device.label, User.name)
        .outerjoin(Device, Device.id == Revision.device_id)
        .outerjoin(User, User.id == Device.user_id)
        .where(Revision.response_id == response_id)
        .order_by(Revision.number.desc())
    )
    rows = session.execute(query)
    return [(revision, " · ".join(part for part in (name, label) if part)) for revision, label, name in rows]


def name_files(session: Session, response_id: str, named: Iterable[dict[str, Any]]) -> list[NamedFile]:
    """The files that a response document names, each with what has arrived of it."""
    complete = select(File).where(File.response_id == response_id, File.completed_at.is_not(None))
    arrived = {(file.name, file.sha256): file for file in session.scalars(complete)}
    return [
        NamedFile(item["name"], str(item.get("path", "")), item["size"], arrived.get((item["name"], item["sha256"])))
        for item in named
    ]


def name_of_author(session: Session, user_id: str | None) -> str:
    """The name of the person with `user_id`; "" without one."""
    return session.scalar(select(User.name).where(User.id == user_id)) or "" if user_id else ""


def list_authors(session: Session) -> list[tuple[str, str]]:
    """Ids and names of everybody who may have collected, by name."""
    return list(session.execute(select(User.id, User.name).order_by(User.name)))


def list_quarantine(
    session: Session, before_id: int | None, *, is_resolved: bool = False
) -> tuple[list[QuarantinedDocument], int | None]:
    """One page of the quarantine, newest first, and the id before which the next one begins, None on the last."""
    query = select(QuarantinedDocument).order_by(QuarantinedDocument.id.desc()).limit(PAGE_SIZE + 1)
    query = query.where(QuarantinedDocument.resolved_at.is_not(None) == is_resolved)
    if before_id is not None:
        query = query.where(QuarantinedDocument.id < before_id)
    found = list(session.scalars(query))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


def count_quarantine(session: Session) -> QuarantineCount:
    """How many quarantined documents are open, and how many were resolved."""
    query = select(func.count(), func.count(QuarantinedDocument.resolved_at)).select_from(QuarantinedDocument)
    every, resolved = session.execute(query).one()
    return QuarantineCount(every - resolved, resolved)


def find_deleted(session: Session, response_id: str) -> DeletedResponse | None:
    """What is remembered of a deleted response, or None."""
    return session.get(DeletedResponse, response_id)


def newest_revision(session: Session, response_id: str) -> int:
    """The number of the revision that came last; 0 without one."""
    return session.scalar(select(func.max(Revision.number)).where(Revision.response_id == response_id)) or 0


def phones_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, Device]:
    """The phones with `ids`, their persons loaded."""
    query = select(Device).where(Device.id.in_({device_id for device_id in ids if device_id}))
    return {device.id: device for device in session.scalars(query.options(joinedload(Device.user)))}
