"""One at a time: what stores a response and what completes a file of it must not pass each other unseen."""

import hashlib
from collections.abc import Iterable

from psycopg.errors import LockNotAvailable
from sqlalchemy import TextClause, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

#: Locks in the order of the list; held until the transaction ends.
LOCK_ALL = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
LIMITED = text("SELECT set_config('lock_timeout', :milliseconds, true)")
SHARE_ALL = text("SELECT pg_advisory_xact_lock_shared(key) FROM unnest(CAST(:keys AS bigint[])) AS key")


def lock_names(session: Session, names: Iterable[str]) -> None:
    """Wait until no other transaction works on any of `names` (response ids, content hashes), and hold them.

    A row lock is not enough: the response may not be there yet. What is read afterwards is what the others committed.
    SQLite has one writer at a time in any case.
    """
    _lock(session, LOCK_ALL, names)


def share_names(session: Session, names: Iterable[str]) -> None:
    """Wait until nobody holds any of `names` alone (`lock_names`), and share them with others who share them."""
    _lock(session, SHARE_ALL, names)


def wait_at_most(session: Session, seconds: float) -> None:
    """Let this transaction wait for no lock for longer; it ends with an error that `is_still_locked`. SQLite has a patience of its own."""
    if not has_one_writer(session):
        session.execute(LIMITED, {"milliseconds": str(round(seconds * 1000))})


def is_still_locked(error: OperationalError) -> bool:
    """Whether a transaction ended since it waited for too long."""
    return isinstance(error.orig, LockNotAvailable)


def has_one_writer(session: Session) -> bool:
    """Whether the database has one writer at a time in any case, so that nothing needs a lock."""
    return session.get_bind().dialect.name != "postgresql"


def _lock(session: Session, statement: TextClause, names: Iterable[str]) -> None:
    keys = sorted({lock_key(name) for name in names})
    # In one order for all, or two pushes with the same responses would wait for each other.
    if keys and not has_one_writer(session):
        session.execute(statement, {"keys": keys})


def lock_key(name: str) -> int:
    """A number for `name` that fits PostgreSQL's bigint."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
