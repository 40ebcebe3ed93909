"""What one pass has to remember for the next: in a database of its own on the disk, so that no number of responses fills the memory."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TABLES = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA cache_size=-16000;
CREATE TABLE arrival (id TEXT, number INTEGER, hash TEXT, entry INTEGER, PRIMARY KEY (id, number)) WITHOUT ROWID;
CREATE TABLE quarantined (hash TEXT PRIMARY KEY, id TEXT, entry INTEGER) WITHOUT ROWID;
CREATE TABLE file (id TEXT PRIMARY KEY, response TEXT, sha256 TEXT, size INTEGER, entry INTEGER) WITHOUT ROWID;
CREATE TABLE deletion (id TEXT PRIMARY KEY, entry INTEGER) WITHOUT ROWID;
CREATE TABLE deleted (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erasure (id TEXT PRIMARY KEY, entry INTEGER) WITHOUT ROWID;
CREATE TABLE rewritten (hash TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erased_file (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erased (hash TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE complete (response TEXT, name TEXT, sha256 TEXT, PRIMARY KEY (response, name, sha256)) WITHOUT ROWID;
CREATE TABLE content (folder TEXT, sha256 TEXT, size INTEGER, PRIMARY KEY (folder, sha256)) WITHOUT ROWID;
CREATE TABLE upload (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Scratch:
    """Rows that the journal and the database name; whoever finds the counterpart of one takes it out, and what stays is unexplained."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(TABLES)

    def add(self, table: str, *values: Any) -> None:
        """Put a row into `table`; one with the same key is replaced."""
        places = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({places})", _plain(values))  # noqa: S608

    def find(self, table: str, **key: Any) -> tuple[Any, ...] | None:
        """The first row of `table` with these values, or None."""
        row: tuple[Any, ...] | None = self._connection.execute(
            f"SELECT * FROM {table} WHERE {_where(key)}",  # noqa: S608
            _plain(key.values()),
        ).fetchone()
        return row

    def take(self, table: str, **key: Any) -> bool:
        """Take the row with these values out of `table`; tells whether there was one."""
        done = self._connection.execute(f"DELETE FROM {table} WHERE {_where(key)}", _plain(key.values()))  # noqa: S608
        return done.rowcount > 0

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """All rows of `table`, in the order of its key."""
        yield from self._connection.execute(f"SELECT * FROM {table}")  # noqa: S608


def _plain(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values that SQLite takes: a damaged text with its bad bytes as escapes, and what no entry of ours holds as its JSON."""
    return tuple(
        value.encode("utf-8", "backslashreplace").decode()
        if isinstance(value, str)
        else value
        if value is None or isinstance(value, int)
        else json.dumps(value)
        for value in values
    )


def _where(key: dict[str, Any]) -> str:
    return " AND ".join(f"{name} = ?" for name in key)


@contextmanager
def open_scratch() -> Iterator[Scratch]:
    """A scratch database in the system's folder for temporary files, gone at the end."""
    with TemporaryDirectory(prefix="collector-verify-") as folder:
        connection = sqlite3.connect(Path(folder) / "scratch.sqlite3", isolation_level=None)
        try:
            scratch = Scratch(connection)
            # One transaction for all: it is never committed, and nobody else reads it.
            connection.execute("BEGIN")
            yield scratch
        finally:
            connection.close()
