"""A list of doors as a table that imports again, with what happened at each door."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.place_order import Order
from collector.places.tables import write_table
from collector.store import ListEntry, User

HEADER = (
    "key",
    "place",
    "label",
    "note",
    "volunteer",
    "state",
    "attempts",
    "last_visit_at",
    "call_at",
    "response_id",
)


def write_doors(session: Session, entries: Iterable[ListEntry], order: Order) -> bytes:
    """The doors as CSV: what a list is imported from first, outcomes after it. Moments in UTC."""
    people = {row.id: row.login or row.name for row in session.execute(select(User.id, User.login, User.name))}
    return write_table(HEADER, _rows(entries, order, people))


def _rows(entries: Iterable[ListEntry], order: Order, people: Mapping[str, str]) -> Iterator[list[object]]:
    for entry in entries:
        yield [
            entry.key,
            order.nodes[entry.place_id].code,
            entry.label,
            entry.note,
            people.get(entry.assigned_to or "", ""),
            entry.state,
            entry.attempts,
            _moment(entry.last_visit_at),
            _moment(entry.call_at),
            entry.response_id,
        ]


def _moment(value: datetime | None) -> str:
    return value.isoformat(timespec="seconds") if value else ""
