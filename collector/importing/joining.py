"""Rows of repeats joined to the rows that they belong to. They lie in a file of their own meanwhile, so that memory stays small."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

#: Rows that are written together.
BATCH = 1000
#: Pages of the scratch database that are kept in memory: a negative number is KiB.
CACHE_KIB = -4096


@dataclass(frozen=True)
class ChildRow:
    """A row of a repeat: its own key, by which its rows inside are found, its number in the file, and its cells."""

    key: str
    number: int
    cells: list[str]


class Spool:
    """Rows by the table that they stand in and the key of the row that they belong to, which stands in the table around it.

    A context manager: the file goes with it.
    """

    def __enter__(self) -> "Spool":
        # An empty name: a file of SQLite's own, which goes by itself when the process ends.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute(f"PRAGMA cache_size = {CACHE_KIB}")
        self._database.execute(
            "CREATE TABLE kept (repeat TEXT, parent TEXT, place INTEGER, number INTEGER, key TEXT, cells TEXT)"
        )
        self._database.execute("CREATE TABLE present (repeat TEXT, key TEXT, PRIMARY KEY (repeat, key)) WITHOUT ROWID")
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._database.close()

    def keep(self, repeat: str, rows: Iterable[tuple[str, int, ChildRow]]) -> None:
        """Keep the rows of a repeat, each with its parent's key and its place among its siblings."""
        waiting: list[tuple[str, str, int, int, str, str]] = []
        self._database.execute("BEGIN")
        for parent, place, row in rows:
            cells = json.dumps(row.cells, ensure_ascii=True)
            waiting.append((repeat, sqlite_text(parent), place, row.number, sqlite_text(row.key), cells))
            if len(waiting) == BATCH:
                self._write(waiting)
        self._write(waiting)
        self._database.execute("COMMIT")

    def _write(self, waiting: list[tuple[str, str, int, int, str, str]]) -> None:
        self._database.executemany("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)", waiting)
        self._database.executemany(
            "INSERT OR IGNORE INTO present VALUES (?, ?)", [(repeat, key) for repeat, *_, key, _cells in waiting]
        )
        waiting.clear()

    def finish(self) -> None:
        """Make the rows quick to find: once, after all of them are kept."""
        self._database.execute("CREATE INDEX found ON kept (repeat, parent, place, number)")

    def note_main(self, keys: Iterable[str]) -> bool:
        """Note the keys of the main table's rows. Gives whether each of them is there only once."""
        before = self._database.total_changes
        listed = [("", sqlite_text(key)) for key in keys]
        self._database.executemany("INSERT OR IGNORE INTO present VALUES (?, ?)", listed)
        return self._database.total_changes - before == len(listed)

    def children(self, repeat: str, parent: str) -> list[ChildRow]:
        """The rows of a repeat under the row with that key, in the order of their places, then of the file."""
        query = "SELECT key, number, cells FROM kept WHERE repeat = ? AND parent = ? ORDER BY place, number"
        rows = self._database.execute(query, (repeat, sqlite_text(parent)))
        return [ChildRow(key, number, json.loads(cells)) for key, number, cells in rows]

    def orphans(self, repeat: str, around: str, limit: int) -> tuple[int, list[int]]:
        """How many rows of a repeat belong to no row of the table `around` it, and the numbers of the first ones."""
        missing = (
            "FROM kept WHERE repeat = ? AND NOT EXISTS"
            " (SELECT 1 FROM present WHERE present.repeat = ? AND present.key = kept.parent)"
        )
        count = self._database.execute(f"SELECT count(*) {missing}", (repeat, around)).fetchone()[0]
        first = self._database.execute(
            f"SELECT number {missing} ORDER BY number LIMIT ?", (repeat, around, limit)
        ).fetchall()
        return count, [number for (number,) in first]


def sqlite_text(text: str) -> str:
    """A key as the scratch database can hold and compare it: without NUL and halves of characters, and without blanks around it."""
    return text.strip().replace("\0", "").encode("utf-8", "replace").decode()
