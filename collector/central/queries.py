"""Responses as ODK Central's API gives them: newest first, filtered, page by page, with what is not an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select, tuple_
from sqlalchemy.orm import Session

from collector.central.attachments import Attachment, read_attachments
from collector.central.conditions import updated_at
from collector.central.paging import Position
from collector.central.people import People
from collector.central.review_states import REVIEW_STATES
from collector.errors import CollectorError
from collector.export.sheets.selection import Selection
from collector.export.sheets.walk import (
    AS_THEY_COME,
    CHUNK,
    Walked,
    document_column,
    first_rows,
    read_names,
    walk_query,
    walked,
)
from collector.questionnaires.response_xml import find_response_id
from collector.store import Response

#: What an instance id begins with where it is a response's id.
PREFIX = "uuid:"


@dataclass(frozen=True)
class Submission:
    """A response with when it was last changed (None: never) and its attachments."""

    walked: Walked
    updated_at: datetime | None
    attachments: list[Attachment]

    @property
    def instance_id(self) -> str:
        """By what name clients know it."""
        return PREFIX + self.walked.response_id

    @property
    def position(self) -> Position:
        """Its place in the order."""
        return Position(self.walked.received_at, self.walked.response_id)


@dataclass(frozen=True)
class Page:
    """Which responses. `after`: only those that come after it in the order, and itself with `has_start`; `limit`: None for all."""

    conditions: tuple[ColumnElement[bool], ...] = ()
    is_oldest_first: bool = False
    after: Position | None = None
    has_start: bool = False
    skip: int = 0
    limit: int | None = None


def walk_submissions(engine: Engine, questionnaire_id: int, selection: Selection, page: Page) -> Iterator[Submission]:
    """Each response of a page. Reads in chunks with a short transaction each, as collector/export/sheets/walk.py does."""
    with Session(engine) as session:
        names = read_names(session, questionnaire_id, selection)
    place = tuple_(Response.received_at, Response.id)
    order = (Response.received_at, Response.id)
    query = walk_query(questionnaire_id, selection, document_column()).add_columns(updated_at().label("updated_at"))
    query = query.where(*page.conditions).order_by(None)
    query = query.order_by(*(order if page.is_oldest_first else [column.desc() for column in order]))
    left, skip = page.limit, page.skip
    last, has_start = page.after, page.has_start
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        part = query.limit(size).offset(skip or None)
        if last is not None:
            at = (last.received_at, last.response_id)
            beyond = place > at if page.is_oldest_first else place < at
            part = part.where((beyond | (Response.id == at[1])) if has_start else beyond)
        with Session(engine) as session:
            rows, is_last = first_rows(session.execute(part, execution_options=AS_THEY_COME), size)
            found = [(walked(row[:-1], selection, names), row.updated_at) for row in rows]
            attachments = read_attachments(session, (one for one, _ in found))
        for one, changed in found:
            yield Submission(one, changed, attachments.get(one.response_id, []))
        if is_last:
            return
        last, has_start, skip = Position(found[-1][0].received_at, found[-1][0].response_id), False, 0
        left = None if left is None else left - len(found)


def count_submissions(
    session: Session, questionnaire_id: int, selection: Selection, conditions: tuple[ColumnElement[bool], ...] = ()
) -> int:
    """How many responses there are."""
    query = select(func.count()).select_from(Response)
    return session.scalar(query.where(*selection.conditions(questionnaire_id), *conditions)) or 0


def last_submission(session: Session, questionnaire_id: int, selection: Selection) -> datetime | None:
    """When the newest response arrived; None without any."""
    query = select(func.max(Response.received_at, type_=Response.received_at.type))
    found: datetime | None = session.scalar(query.where(*selection.conditions(questionnaire_id)))
    return found


def find_submission(
    engine: Engine, session: Session, questionnaire_id: int, selection: Selection, instance_id: str
) -> Submission:
    """The response that a client knows by that name, also one that was sent or edited under it.

    Raises CollectorError `not_found`, also for one that is not in the selection.
    """
    response_id = find_response_id(session, instance_id) or instance_id.removeprefix(PREFIX)
    page = Page((Response.id == response_id,), limit=1)
    found = next(walk_submissions(engine, questionnaire_id, selection, page), None)
    if found is None:
        raise CollectorError("not_found")
    return found


def moment_text(moment: datetime | None) -> str | None:
    """A moment as JSON gives it: to the microsecond, so that a filter by what was seen last neither repeats nor leaves out."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def system_of(submission: Submission, people: People) -> dict[str, Any]:
    """The properties of `__system`."""
    one = submission.walked
    own = one.own_by_key
    number = people.numbers.get(one.author_id or "")
    return {
        "submissionDate": moment_text(one.received_at),
        "updatedAt": moment_text(submission.updated_at),
        "deletedAt": None,
        "submitterId": None if number is None else str(number),
        "submitterName": people.names.get(one.author_id or ""),
        "attachmentsPresent": sum(attachment.file is not None for attachment in submission.attachments),
        "attachmentsExpected": len(submission.attachments),
        "status": None,
        "reviewState": REVIEW_STATES[own["state"]],
        "deviceId": one.device_id,
        "edits": int(own["revision"]) - 1,
        "formVersion": own["version"],
    }
