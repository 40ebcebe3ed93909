"""The journal's table: each entry carries a hash over itself and over the one before it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base, utc_now


class JournalEntry(Base):
    """Who did what, when. Appended to, never changed; holds no answers. Triggers of the database refuse all else (migration 0005)."""

    __tablename__ = "journal"

    #: 1, 2, 3 … without gaps: whoever appends gives the number, under the journal's lock.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Person of the office, or none.
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    #: Phone, or none.
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    #: What was done, `thing.verb`, such as `enrolment.revoke`.
    action: Mapped[str] = mapped_column(String(60), index=True)
    #: Id of the thing it was done to.
    subject: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: SHA-256, hex, of the hash of the entry before (nothing for the first) and of this one's `entry_text`.
    hash: Mapped[str] = mapped_column(String(64))


def entry_parts(entry: dict[str, Any]) -> tuple[str, str]:
    """What of an entry is hashed, as canonical JSON (sorted keys, no blanks): what comes before its number, and what after it.

    `entry` has the columns' names as keys. In two parts, because PostgreSQL gives the number (migration 0005).
    """
    before = {
        "action": entry["action"],
        "at": entry["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "details": entry["details"],
        "device": entry["device_id"],
    }
    after = {"subject": entry["subject"], "user": entry["user_id"]}
    return f'{_canonical(before)[:-1]},"id":', f",{_canonical(after)[1:]}"


def _canonical(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # A half of a character, which no entry of ours has, still gives a hash that differs and no error.
    return text.encode("utf-8", "backslashreplace").decode()


def entry_hash(previous: str, entry: dict[str, Any]) -> str:
    """The hash of `entry` when `previous` is the hash of the one before it."""
    before, after = entry_parts(entry)
    return hashlib.sha256(f"{previous}{before}{entry['id']}{after}".encode()).hexdigest()
