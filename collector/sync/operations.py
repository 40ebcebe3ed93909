"""What the server notes about a phone at each contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.orm import Session

from collector.store import Device, utc_now
from collector.sync.schemas import Waiting


@dataclass(frozen=True)
class Contact:
    """A phone that was in touch, what it says it still holds, and how its clock stands, as far as it says so."""

    device_id: str | None
    waiting: Waiting | None = None
    clock_offset_ms: int | None = None


def note_device(session: Session, contact: Contact) -> None:
    """Note that a phone was in touch."""
    note_devices(session, [contact])


def note_devices(session: Session, contacts: Sequence[Contact]) -> None:
    """Note that phones were in touch; of one that was several times, the latest, which comes last, counts."""
    # In one order for all, or two processes that hold the same phones would wait for each other.
    ordered = sorted(contacts, key=lambda contact: contact.device_id or "")
    rows = [_values(contact) | {"the_device": contact.device_id} for contact in ordered]
    for columns, alike in groupby(rows, key=tuple):
        session.connection().execute(_noting(columns[:-1]), list(alike))


def _values(contact: Contact) -> dict[str, Any]:
    """The columns of a phone that a contact changes."""
    values: dict[str, Any] = {"last_seen_at": utc_now()}
    if contact.waiting is not None:
        values |= {
            "waiting_responses": contact.waiting.responses,
            "waiting_files": contact.waiting.files,
            "drafts": contact.waiting.drafts,
            "failed_responses": contact.waiting.failed,
            "oldest_waiting_at": contact.waiting.oldest if contact.waiting.responses else None,
        }
    if contact.clock_offset_ms is not None:
        values["clock_offset_ms"] = contact.clock_offset_ms
    return values


@lru_cache(maxsize=8)
def _noting(columns: tuple[str, ...]) -> Update:
    table = Device.__table__
    assert isinstance(table, Table)
    return (
        update(table).where(table.c.id == bindparam("the_device")).values({name: bindparam(name) for name in columns})
    )
