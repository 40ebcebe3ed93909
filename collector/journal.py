"""The journal: who did what, when. Entries are only ever added."""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from collector.store import JournalEntry


def record(
    session: Session,
    action: str,
    subject: str = "",
    *,
    user_id: str | None = None,
    device_id: str | None = None,
    **details: Any,
) -> None:
    """Add an entry. `action` is `thing.verb`; `details` are counts and ids, never answers."""
    session.execute(
        insert(JournalEntry).values(
            action=action, subject=subject, user_id=user_id, device_id=device_id, details=details
        )
    )
