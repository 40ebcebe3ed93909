"""Putting a document into its response: as the first revision, a further one, or one in conflict."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.intake.attachments import Arrived, missing_files, wrong_files
from collector.intake.decide import Action, decide
from collector.intake.documents import Document
from collector.intake.flag_rows import codes_of
from collector.intake.flags import read_moment
from collector.intake.placing import Placed, plain
from collector.intake.standing import Additions, Standing, read_arrived, read_standings
from collector.intake.windows import corrected
from collector.languages import local_day
from collector.questionnaires.privacy_columns import consent_of
from collector.store import Response, Revision, utc_now
from collector.store.bulk import insert_rows
from collector.store.responses import APPROVED, RECEIVED, REJECTED, RESUBMITTED, RETURNED

#: States in which somebody has said what becomes of a response.
DECIDED = (APPROVED, REJECTED, RETURNED)


@dataclass(frozen=True)
class Arrival:
    """A readable document that has its place, with what was noticed, the phone that brought it, its clock, and when it came."""

    document: Document
    placed: Placed
    flags: list[dict[str, Any]]
    device_id: str | None
    clock_offset_ms: int | None
    received_at: datetime = field(default_factory=utc_now)
    #: The person of the office who changed answers, and why; none: it comes from a phone.
    edited_by: str | None = None
    edit_reason: str = ""
    #: Questions that were asked and not answered (Checked).
    unanswered: list[str] | None = None

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files that the document names."""
        files: list[dict[str, Any]] = self.document.read["files"]
        return files


@dataclass(frozen=True)
class Stored:
    """What became of an arrival: the action, its revision's number, and the files that have not arrived."""

    action: Action
    number: int
    missing: list[str]

    @property
    def is_current(self) -> bool:
        """Whether the response follows this revision from now on: what is drawn from it is to be drawn anew (derived.py)."""
        return self.action in (Action.STORE, Action.ADD_REVISION)


def put(session: Session, response_id: str, arrival: Arrival) -> Stored:
    """Store `arrival` under `response_id`, whose lock is held (locks.py), once: the same content again only gives its number.

    What is drawn from a revision that becomes the current one is not written here: derived.py.
    """
    standings = read_standings(session, [response_id])
    arrived = read_arrived(session, [response_id]) if arrival.files else {}
    additions = Additions()
    stored = put_into(session, response_id, arrival, standings, arrived.get(response_id, {}), additions)
    additions.write(session)
    return stored


def put_into(
    session: Session,
    response_id: str,
    arrival: Arrival,
    standings: dict[str, Standing],
    arrived: Arrived,
    additions: Additions,
) -> Stored:
    """The same for one of many that are stored together. Mutates: `standings` and `additions`, which the caller writes."""
    document = arrival.document
    standing = standings.get(response_id)
    action = decide(standing.existing if standing else None, document.content_hash, document.read["base"])
    number = 1
    if standing is not None:
        number = standing.revisions.get(document.content_hash) or max(standing.revisions.values()) + 1
    missing = missing_files(arrival.files, arrived)
    stored = Stored(action, number, missing)
    if action is not Action.REPEAT_RECEIPT:
        _write(session, response_id, arrival, stored, arrived, additions)
        if standing is None:
            standing = standings[response_id] = Standing(arrival.placed.questionnaire_id, RECEIVED, number)
        standing.revisions[document.content_hash] = number
        if action is Action.ADD_REVISION:
            standing.current = number
            standing.state = RESUBMITTED if _is_undecided(standing, arrival) else standing.state
    return stored


def _is_undecided(standing: Standing, arrival: Arrival) -> bool:
    """Whether a new revision takes back what was decided: nobody has decided about this content, whatever was approved or rejected."""
    return standing.state in DECIDED and arrival.edited_by is None


def _write(
    session: Session, response_id: str, arrival: Arrival, stored: Stored, arrived: Arrived, additions: Additions
) -> None:
    flags = arrival.flags + wrong_files(arrival.files, arrived)
    current = _current_values(arrival, stored.number, flags, len(stored.missing))
    revision = _revision_row(response_id, arrival, stored.number, flags)
    if stored.action is Action.STORE:
        additions.responses.append(_response_row(response_id, arrival, current))
        additions.revisions.append(revision)
        return
    if any(row["id"] == response_id for row in additions.responses):
        additions.write(session)
    values = {"is_conflicted": True} if stored.action is Action.ADD_CONFLICT else current
    session.execute(update(Response).where(Response.id == response_id).values(values))
    if stored.action is Action.ADD_REVISION and arrival.edited_by is None:
        # Also what was approved or rejected meanwhile: nobody has decided about this content.
        decided = update(Response).where(Response.id == response_id, Response.state.in_(DECIDED))
        session.execute(decided.values(state=RESUBMITTED))
    insert_rows(session, Revision.__table__, [revision])


def _current_values(arrival: Arrival, number: int, flags: list[dict[str, Any]], missing: int) -> dict[str, Any]:
    """The columns of a response that follow its current revision."""
    placed = arrival.placed
    return {
        "current_revision": number,
        "version_id": placed.model.version_id if placed.model else None,
        "place_id": placed.place_id,
        "place_code": placed.place_code,
        "flag_count": len(codes_of(flags)),
        "missing_files": missing,
        "consent": consent_of(placed.model.tree if placed.model else None, arrival.document.read["answers"]),
    } | phone_values(arrival.document.read)


def phone_values(read: dict[str, Any]) -> dict[str, str]:
    """The columns of a response that its current document gives as they are."""
    return {
        "instance_name": plain(read["instance_name"] or ""),
        "started_at": plain(read["started_at"]),
        "finished_at": plain(read["finished_at"]),
    }


def _response_row(response_id: str, arrival: Arrival, current: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": response_id,
        "questionnaire_id": arrival.placed.questionnaire_id,
        "author_id": arrival.placed.author_id,
        "state": RECEIVED,
        "is_conflicted": False,
        "received_at": arrival.received_at,
        "received_on": local_day(arrival.received_at),
        "is_test": is_test(arrival),
        "erased": "",
        "duplicate_key": None,
    } | current


def is_test(arrival: Arrival) -> bool:
    """Whether a response was filled in while its questionnaire was tried out, whenever it arrives."""
    reception = arrival.placed.reception
    finished_at = corrected(read_moment(arrival.document.read["finished_at"]), arrival.clock_offset_ms)
    if reception.testing_since and finished_at and finished_at < reception.testing_since:
        return False
    if reception.is_testing or reception.live_since is None:
        return reception.is_testing
    return finished_at is not None and finished_at < reception.live_since


def _revision_row(response_id: str, arrival: Arrival, number: int, flags: list[dict[str, Any]]) -> dict[str, Any]:
    document, model = arrival.document, arrival.placed.model
    return {
        "response_id": response_id,
        "number": number,
        "content_hash": document.content_hash,
        "erased_hash": document.erased_hash,
        "base": document.read["base"],
        "document": document.text,
        "version_id": model.version_id if model else None,
        "device_id": arrival.device_id,
        "received_at": arrival.received_at,
        "clock_offset_ms": arrival.clock_offset_ms,
        "flags": flags,
        "unanswered": arrival.unanswered,
        "edited_by": arrival.edited_by,
        "edit_reason": arrival.edit_reason,
    }
