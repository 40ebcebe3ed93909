"""verify(): one reading of everything, in an order in which each step has what it needs from those before."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DatabaseError

from collector.store.contents import Contents
from collector.store.data_keys import DataKeys
from collector.store.session import make_engine
from collector.verify.chain import check_journal
from collector.verify.deletions import check_deletions, check_unexplained
from collector.verify.documents import check_quarantine, check_responses, check_revisions
from collector.verify.files import check_contents, check_file_rows, keep_form_files
from collector.verify.report import Report
from collector.verify.scratch import Scratch, open_scratch


def verify(
    database_url: str, contents: Contents, keys: DataKeys, report: Report, expected_hash: str | None = None
) -> None:
    """Hold database, files and journal against each other; all faults are in `report`. Changes nothing.

    The database is read as it is at one moment, so that responses may go on arriving.
    """
    engine = make_engine(database_url, keys)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", read_damaged_text)
    with open_scratch() as scratch:
        try:
            with snapshot(engine) as connection:
                check_tables(connection, scratch, report, expected_hash)
        except DatabaseError as error:
            report.fault("database_unreadable", "database", f"the database cannot be opened: {error.orig}")
        check_unexplained(scratch, report)
        report.say_progress("disk")
        check_contents(contents, scratch, report)
    engine.dispose()


def check_tables(connection: Connection, scratch: Scratch, report: Report, expected_hash: str | None) -> None:
    """All that is asked of the database, in the order in which one step needs the one before."""
    steps: dict[str, Callable[[], None]] = {
        "database": lambda: check_database(connection, report),
        "journal": lambda: check_journal(connection, scratch, report, expected_hash),
        "files": lambda: check_file_rows(connection, scratch, report),
        "form files": lambda: keep_form_files(connection, scratch),
        "revisions": lambda: check_revisions(connection, scratch, report),
        "quarantine": lambda: check_quarantine(connection, scratch, report),
        "responses": lambda: check_responses(connection, report),
        "deletions": lambda: check_deletions(connection, scratch, report),
    }
    for name, step in steps.items():
        report.say_progress(name)
        try:
            step()
        except DatabaseError as error:
            # Without the statement and its values. What can still be read is still held against the rest.
            report.fault("database_unreadable", name, f"{name} cannot be read to the end: {error.orig}")
            connection.rollback()


def snapshot(engine: Engine) -> Connection:
    """A connection that sees one moment: on SQLite every transaction does, PostgreSQL is asked for it."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection


def read_damaged_text(connection: Any, _record: Any) -> None:
    """Let SQLite give texts with bytes that are no UTF-8: they are what is looked for."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")


def check_database(connection: Connection, report: Report) -> None:
    """SQLite's own checks of its file and of its foreign keys. PostgreSQL keeps its foreign keys itself."""
    if connection.dialect.name != "sqlite":
        return
    for (found,) in connection.execute(text("PRAGMA integrity_check")):
        if found != "ok":
            report.fault("database_damaged", "database", f"the database file is damaged: {found}")
    for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
        report.fault("reference_broken", table, f"row {row} of {table} names something that is not in {parent}")
