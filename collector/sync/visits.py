"""What happened at the doors of lists: visits that phones bring (docs/sync-protocol.md, Visits)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from marshmallow import ValidationError, fields, validate
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from collector.accounts.devices import authenticate_device
from collector.errors import CollectorError
from collector.intake.documents import UUID, TolerantSchema
from collector.intake.locks import lock_names
from collector.intake.placing import plain
from collector.journal import record
from collector.languages import timestamp
from collector.store import Device, ListEntry, Visit, utc_now
from collector.store.session import reading, writing
from collector.sync.bodies import json_answer, read_json
from collector.sync.operations import Contact, note_device
from collector.sync.outcomes import OUTCOMES, Noted, standing
from collector.sync.schemas import read_moment

#: Visits that one call may bring.
MOST_VISITS = 200
STORED, ALREADY_STORED, UNKNOWN_DOOR, MALFORMED = "stored", "already_stored", "unknown_door", "malformed"


class VisitsSchema(TolerantSchema):
    """The body: only its list must be right; visits are read one by one."""

    visits = fields.List(fields.Raw(allow_none=True), required=True)


class VisitSchema(TolerantSchema):
    """One visit."""

    id = fields.String(required=True, validate=validate.Regexp(UUID.pattern + r"\Z"))
    list = fields.String(required=True, validate=validate.Regexp(r"[0-9]{1,9}\Z"))
    key = fields.String(required=True)
    at = fields.Raw(load_default=None, allow_none=True)
    outcome = fields.String(required=True, validate=validate.OneOf(sorted(OUTCOMES)))
    call_at = fields.Raw(load_default=None, allow_none=True)
    response = fields.Raw(load_default=None, allow_none=True)


@dataclass(frozen=True)
class Brought:
    """A visit as the phone brought it: its id, None where it has none, and what was read of it, None where that is no visit."""

    id: str | None
    read: dict[str, Any] | None

    @property
    def door(self) -> tuple[int, str] | None:
        """Id of the list and key of the door in it."""
        return (int(self.read["list"]), self.read["key"]) if self.read else None


def add_routes(bp: Blueprint) -> None:
    """Register the address on the sync blueprint."""
    bp.add_url_rule("/visits", "visits", visits, methods=["POST"])


def visits() -> Response:
    """Store the visits that a phone brings, and give a receipt for each once all is on the disk."""
    device_id = authenticate_device(reading()).id
    try:
        items = VisitsSchema().load(read_json())["visits"]
    except ValidationError:
        raise CollectorError("visits_malformed") from None
    if len(items) > MOST_VISITS:
        raise CollectorError("too_many_visits", limit=MOST_VISITS)
    brought = [read_visit(item) for item in items]
    with writing() as session:
        receipts = store_visits(session, brought, session.get_one(Device, device_id))
        note_device(session, Contact(device_id))
    return json_answer({"server_time": timestamp(utc_now()), "receipts": receipts})


def read_visit(item: Any) -> Brought:
    """A visit of a phone. What is no visit has no `read`; a key is compared as the list's import keeps it."""
    given = item.get("id") if isinstance(item, dict) else None
    visit_id = given if isinstance(given, str) else None
    try:
        read: dict[str, Any] = VisitSchema().load(item)
    except ValidationError:
        return Brought(visit_id, None)
    return Brought(visit_id, read | {"key": plain(read["key"], 100)})


def store_visits(session: Session, brought: list[Brought], device: Device) -> list[dict[str, Any]]:
    """Store what is new, bring the doors up to date, and give a receipt for each visit, in order. Locks the doors."""
    doors = find_doors(session, {visit.door for visit in brought if visit.door})
    lock_names(session, (f"door {entry.id}" for entry in doors.values()))
    known = set(session.scalars(select(Visit.id).where(Visit.id.in_({visit.id for visit in brought if visit.read}))))
    receipts = []
    for visit in brought:
        status = store_one(session, visit, doors, known, device)
        receipts.append({"id": visit.id, "status": status})
        if visit.id and status == STORED:
            known.add(visit.id)
    session.flush()
    update_doors(session, doors.values())
    counts = Counter(str(receipt["status"]) for receipt in receipts)
    if set(counts) - {ALREADY_STORED}:
        record(session, "visits.received", device_id=device.id, user_id=device.user_id, **dict[str, Any](counts))
    return receipts


def find_doors(session: Session, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], ListEntry]:
    """The doors by id of their list and key, of archived lists too."""
    if not wanted:
        return {}
    query = select(ListEntry).where(tuple_(ListEntry.list_id, ListEntry.key).in_(sorted(wanted)))
    return {(entry.list_id, entry.key): entry for entry in session.scalars(query)}


def store_one(
    session: Session, visit: Brought, doors: dict[tuple[int, str], ListEntry], known: set[str], device: Device
) -> str:
    """Store one visit, unless it is there. Gives the status of its receipt."""
    if visit.read is None or visit.door is None:
        return MALFORMED
    if visit.id in known:
        return ALREADY_STORED
    door = doors.get(visit.door)
    if door is None:
        return UNKNOWN_DOOR
    read = visit.read
    response = read["response"]
    session.add(
        Visit(
            id=read["id"],
            entry_id=door.id,
            # A moment that cannot be read is no reason to lose the outcome.
            at=read_moment(read["at"]) or utc_now(),
            outcome=read["outcome"],
            call_at=read_moment(read["call_at"]),
            response_id=response if isinstance(response, str) and UUID.fullmatch(response) else None,
            user_id=device.user_id,
            device_id=device.id,
        )
    )
    return STORED


def update_doors(session: Session, doors: Iterable[ListEntry]) -> None:
    """Let each door stand as all of its visits say."""
    entries = {entry.id: entry for entry in doors}
    if not entries:
        return
    noted: dict[int, list[Noted]] = {entry_id: [] for entry_id in entries}
    query = select(Visit).where(Visit.entry_id.in_(entries)).order_by(Visit.received_at, Visit.at, Visit.id)
    for visit in session.scalars(query):
        noted[visit.entry_id].append(Noted(visit.user_id, visit.at, visit.outcome, visit.call_at, visit.response_id))
    for entry_id, entry in entries.items():
        stands = standing(noted[entry_id])
        entry.state, entry.attempts = stands.state, stands.attempts
        entry.last_visit_at, entry.call_at, entry.response_id = (
            stands.last_visit_at,
            stands.call_at,
            stands.response_id,
        )
