"""What the server notes about a phone at each contact."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.orm import Session

from collector.store import Device, utc_now
from collector.sync.schemas import Waiting


def note_device(
    session: Session, device_id: str | None, waiting: Waiting | None = None, clock_offset_ms: int | None = None
) -> None:
    """Note that a phone was in touch, what it says it still holds, and how its clock stands."""
    values: dict[str, Any] = {"last_seen_at": utc_now()}
    if waiting is not None:
        values |= {
            "waiting_responses": waiting.responses,
            "waiting_files": waiting.files,
            "drafts": waiting.drafts,
            "failed_responses": waiting.failed,
            "oldest_waiting_at": waiting.oldest if waiting.responses else None,
        }
    if clock_offset_ms is not None:
        values["clock_offset_ms"] = clock_offset_ms
    session.execute(_noting(tuple(values)), values | {"the_device": device_id})


@lru_cache(maxsize=8)
def _noting(columns: tuple[str, ...]) -> Update:
    table = Device.__table__
    assert isinstance(table, Table)
    return (
        update(table).where(table.c.id == bindparam("the_device")).values({name: bindparam(name) for name in columns})
    )
