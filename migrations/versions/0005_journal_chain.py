"""The journal's entries chained by hash, held by triggers; what arrived before is entered once, so that all of it is in the chain."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Documents that one entry names, as many as one push may bring.
ITEMS = 50

SQLITE_TRIGGERS = """
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is never changed'); END
"""
POSTGRESQL_TRIGGERS = """
CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is never changed'; END $$
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()
"""

#: One call to lock ("jour" in ASCII), number, chain and insert. The statements of a volatile function see what was committed
#: before each of them, so that the last entry is read as it is once the lock is there.
POSTGRESQL_APPEND = """
CREATE FUNCTION append_to_journal(
    entry_at timestamptz, entry_user text, entry_device text, entry_action text, entry_subject text, entry_details json,
    before_number text, after_number text
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE last_id integer; last_hash text;
BEGIN
    PERFORM pg_advisory_xact_lock(1785689458);
    SELECT id, hash INTO last_id, last_hash FROM journal ORDER BY id DESC LIMIT 1;
    last_id := coalesce(last_id, 0) + 1;
    last_hash := encode(
        sha256(convert_to(coalesce(last_hash, '') || before_number || last_id || after_number, 'UTF8')), 'hex'
    );
    INSERT INTO journal (id, at, user_id, device_id, action, subject, details, hash)
    VALUES (last_id, entry_at, entry_user, entry_device, entry_action, entry_subject, entry_details, last_hash);
END $$
"""

journal = sa.table(
    "journal",
    sa.column("id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("user_id", sa.String),
    sa.column("device_id", sa.String),
    sa.column("action", sa.String),
    sa.column("subject", sa.String),
    sa.column("details", sa.JSON),
    sa.column("hash", sa.String),
)


def upgrade() -> None:
    connection = op.get_bind()
    op.add_column("journal", sa.Column("hash", sa.String(length=64), nullable=True))
    number, previous = chain_entries(connection)
    chain_arrivals(connection, number + 1, previous)
    # SQLite makes the table anew for this, and triggers would go with the old one: they come last.
    with op.batch_alter_table("journal") as batch:
        batch.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
    triggers = SQLITE_TRIGGERS if connection.dialect.name == "sqlite" else POSTGRESQL_TRIGGERS
    for trigger in triggers.strip().splitlines():
        op.execute(trigger)
    if connection.dialect.name == "postgresql":
        # Past SQLAlchemy, which would take := for a parameter.
        connection.exec_driver_sql(POSTGRESQL_APPEND)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER journal_no_update")
        op.execute("DROP TRIGGER journal_no_delete")
    else:
        op.execute("DROP TRIGGER journal_no_change ON journal")
        op.execute("DROP TRIGGER journal_no_truncate ON journal")
        op.execute("DROP FUNCTION refuse_journal_change()")
        op.execute("DROP FUNCTION append_to_journal")
    with op.batch_alter_table("journal") as batch:
        batch.drop_column("hash")


def chain_entries(connection: sa.Connection) -> tuple[int, str]:
    """Give the entries that are there their hashes. Gives the last one's number and hash."""
    number, previous = 0, ""
    while rows := connection.execute(
        sa.select(journal).where(journal.c.id > number).order_by(journal.c.id).limit(1000)
    ).all():
        for row in rows:
            number, previous = row.id, entry_hash(previous, row._asdict())
            connection.execute(journal.update().where(journal.c.id == number).values(hash=previous))
    return number, previous


def chain_arrivals(connection: sa.Connection, first_number: int, previous: str) -> None:
    """Enter what arrived before there was a chain: documents some to an entry, and each file."""
    now = datetime.now(UTC)
    for number, (action, subject, details) in enumerate(arrivals(connection), first_number):
        row = {"id": number, "at": now, "user_id": None, "device_id": None} | {
            "action": action,
            "subject": subject,
            "details": details,
        }
        previous = entry_hash(previous, row)
        connection.execute(journal.insert().values(row | {"hash": previous}))


def arrivals(connection: sa.Connection) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Action, subject and details of each entry about what is there."""
    revisions = sa.text("SELECT response_id, number, content_hash FROM revisions ORDER BY response_id, number")
    for part in stream(connection, revisions).partitions(ITEMS):
        statuses = ["stored" if number == 1 else "revision_stored" for _, number, _ in part]
        yield arrival([(*row, status) for row, status in zip(part, statuses, strict=True)])
    quarantined = sa.text("SELECT response_id, NULL, content_hash FROM quarantine ORDER BY id")
    for part in stream(connection, quarantined).partitions(ITEMS):
        yield arrival([(*row, "quarantined") for row in part])
    files = sa.text("SELECT id, response_id, name, sha256, size_bytes FROM files WHERE completed_at IS NOT NULL")
    for file_id, response_id, name, sha256, size_bytes in stream(connection, files):
        details = {"response": response_id, "name": name, "sha256": sha256, "size": size_bytes}
        yield "file.arrive", file_id, details | {"before_chain": True}


def stream(connection: sa.Connection, statement: sa.TextClause) -> sa.CursorResult[Any]:
    """The rows of a statement without holding all of them in memory."""
    return connection.execute(statement, execution_options={"yield_per": 1000})


def arrival(rows: list[tuple[Any, ...]]) -> tuple[str, str, dict[str, Any]]:
    """The entry about some documents: `(response id, revision, content hash, status)` each."""
    items = [dict(zip(("id", "revision", "hash", "status"), row, strict=True)) for row in rows]
    return "response.arrive", "", {"items": items, "before_chain": True}


def entry_hash(previous: str, entry: dict[str, Any]) -> str:
    """The hash of an entry, as it was defined when this migration was written (collector/store/journal.py)."""
    at = entry["at"] if entry["at"].tzinfo else entry["at"].replace(tzinfo=UTC)
    hashed = {
        "id": entry["id"],
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": entry["user_id"],
        "device": entry["device_id"],
        "action": entry["action"],
        "subject": entry["subject"],
        "details": entry["details"],
    }
    text = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode("utf-8", "backslashreplace")).hexdigest()
