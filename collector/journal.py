"""The journal: who did what, when. Entries are only ever added, each chained to the one before it by its hash."""

import json
from typing import Any

from sqlalchemy import Text, bindparam, event, select, text
from sqlalchemy.orm import Session, SessionTransaction

from collector.store import JournalEntry, utc_now
from collector.store.base import UtcDateTime
from collector.store.bulk import ListOf, insert_rows
from collector.store.journal import entry_hash, entry_parts

#: What the function of migration 0005, which appends an entry on PostgreSQL, is given of each.
GIVEN = ("at", "user_id", "device_id", "action", "subject", "details", "before_number", "after_number")
#: One call for each of a list of entries, in their order: each sees the one before it.
APPEND = text(
    "SELECT append_to_journal(at, user_id, device_id, action, subject, CAST(details AS json), before_number, after_number)"
    " FROM unnest(:at, :user_id, :device_id, :action, :subject, :details, :before_number, :after_number)"
    " AS entry(at, user_id, device_id, action, subject, details, before_number, after_number)"
).bindparams(*(bindparam(name, type_=ListOf(UtcDateTime() if name == "at" else Text())) for name in GIVEN))
LAST = (
    select(JournalEntry.__table__.c.id, JournalEntry.__table__.c.hash)
    .order_by(JournalEntry.__table__.c.id.desc())
    .limit(1)
)
#: Where a session keeps the entries of its transaction until it commits.
PENDING = "journal_entries"


def record(
    session: Session,
    action: str,
    subject: str = "",
    *,
    user_id: str | None = None,
    device_id: str | None = None,
    **details: Any,
) -> None:
    """Add an entry when `session` commits. `action` is `thing.verb`; `details` are counts, ids and hashes, never answers."""
    if not session.in_transaction():
        session.begin()
    entry = {
        "user_id": user_id,
        "device_id": device_id,
        "action": action,
        "subject": subject,
        # As the database will give it back, or its hash would not be found again.
        "details": json.loads(json.dumps(details)),
    }
    session.info.setdefault(PENDING, []).append((session.get_nested_transaction(), entry))


@event.listens_for(Session, "before_commit")
def append_entries(session: Session) -> None:
    """Write the transaction's entries as the last thing before it commits.

    The last entry's hash has to be known for the next one, so that whoever appends holds a lock until the commit. Taken here, it
    holds nobody up for longer than a commit takes.
    """
    if session.in_nested_transaction() or not session.info.get(PENDING):
        return
    # People and phones that an entry names have to be there first.
    session.flush()
    entries = [entry | {"at": utc_now()} for _, entry in session.info.pop(PENDING)]
    if session.get_bind().dialect.name == "postgresql":
        _append_postgresql(session, entries)
    else:
        _append_sqlite(session, entries)


def _append_postgresql(session: Session, entries: list[dict[str, Any]]) -> None:
    """Let the database lock, number and chain in one statement: with the lock held, every further one would keep others waiting."""
    rows = []
    for entry in entries:
        before, after = entry_parts(entry)
        details = json.dumps(entry["details"])
        rows.append(entry | {"details": details, "before_number": before, "after_number": after})
    session.execute(APPEND, {name: [row[name] for row in rows] for name in GIVEN})


def _append_sqlite(session: Session, entries: list[dict[str, Any]]) -> None:
    """Number and chain here: a writer is alone."""
    last = session.execute(LAST).first()
    last_number, previous = (last.id, last.hash) if last else (0, "")
    rows = []
    for number, entry in enumerate(entries, last_number + 1):
        row = entry | {"id": number}
        previous = entry_hash(previous, row)
        rows.append(row | {"hash": previous})
    insert_rows(session, JournalEntry.__table__, rows)


@event.listens_for(Session, "after_soft_rollback")
def forget_savepoint(session: Session, undone: SessionTransaction) -> None:
    """Drop the entries of a savepoint that was rolled back."""
    if undone.nested and PENDING in session.info:
        session.info[PENDING] = [pair for pair in session.info[PENDING] if pair[0] is not undone]


@event.listens_for(Session, "after_transaction_end")
def forget_entries(session: Session, ended: SessionTransaction) -> None:
    """Drop the entries of a transaction that ended without a commit."""
    if ended.parent is None:
        session.info.pop(PENDING, None)
