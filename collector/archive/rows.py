"""The one walk over the tables: every row as a line of JSON, in the order of its key, the same from SQLite and from PostgreSQL."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from collector.archive.columns import KINDS, kind_of
from collector.store import Base

#: What belongs to the machines and to the day and not to the installation: it is neither backed up nor moved. Files of exports are made
#: again by who wants them.
LEFT_OUT = frozenset({"hosts", "used_nonces", "export_jobs"})
#: Rows that are in memory at a time. A quarantined document may have 16 MB, a version its workbook.
ROWS_AT_A_TIME = {"quarantine": 2, "versions": 1, "revisions": 100}
DEFAULT_ROWS = 1000
#: Collations of PostgreSQL that order by code point, as SQLite does.
BY_CODE_POINT = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})

Row = list[Any]


@dataclass(frozen=True)
class Table:
    """A table as it is copied: `columns` are pairs of name and kind, `key` names those of the primary key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The shape in a manifest."""
        return {"columns": [list(column) for column in self.columns], "key": list(self.key)}

    def key_values(self, row: Row) -> Row:
        """The key of `row`. Keys order as the rows do that `read_rows` gives."""
        return [row[place] for place in self._key_places]

    def key_text(self, row: Row) -> str:
        """The key of `row` for a message: ids and numbers, no answers."""
        return ", ".join(f"{name} {value}" for name, value in zip(self.key, self.key_values(row), strict=True))

    @cached_property
    def _key_places(self) -> list[int]:
        names = [name for name, _ in self.columns]
        return [names.index(name) for name in self.key]


def read_table(name: str, shape: dict[str, Any]) -> Table:
    """The table that a manifest describes. Raises KeyError, ValueError or TypeError for what is none."""
    columns = tuple((str(column), str(kind)) for column, kind in shape["columns"])
    for _, kind in columns:
        KINDS[kind]
    return Table(name, columns, tuple(str(column) for column in shape["key"]))


def all_tables() -> list[Table]:
    """The tables of this release that are copied, those that others name before those others where that is possible."""
    return [
        Table(
            table.name,
            tuple((column.name, kind_of(column.type)) for column in table.columns),
            tuple(column.name for column in table.primary_key),
        )
        for table in Base.metadata.sorted_tables
        if table.name not in LEFT_OUT
    ]


def core_table(table: Table, database: str) -> sa.TableClause:
    """The table for statements on `database` (sqlite or postgresql), its values as they are stored."""
    return sa.table(table.name, *(sa.column(name, getattr(KINDS[kind], database)()) for name, kind in table.columns))


def read_rows(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows of `table` as lists of JSON values, in the order of the key."""
    database = connection.dialect.name
    core = core_table(table, database)
    columns = [_selected(core, name, kind, database) for name, kind in table.columns]
    order = [_ordered(connection, core.c[name], dict(table.columns)[name]) for name in table.key]
    statement = sa.select(*columns).order_by(*order)
    converters = [
        (place, converter)
        for place, (_, kind) in enumerate(table.columns)
        if (converter := KINDS[kind].to_json) is not None
    ]
    size = ROWS_AT_A_TIME.get(table.name, DEFAULT_ROWS)
    for found in connection.execute(statement, execution_options={"yield_per": size}):
        row = list(found)
        for place, converter in converters:
            if row[place] is not None:
                row[place] = converter(row[place])
        yield row


def _selected(core: sa.TableClause, name: str, kind: str, database: str) -> sa.ColumnElement[Any]:
    """What is read of a column."""
    column = core.c[name]
    if (core.name, name) == ("files", "offset_bytes"):
        # The pieces of an upload that is under way are not copied: its phone begins it again.
        return sa.case((core.c.completed_at.is_(None), 0), else_=column).label(name)
    if kind == "json" and database == "postgresql":
        return sa.cast(column, sa.Text).label(name)
    return column


def _ordered(connection: Connection, column: sa.ColumnElement[Any], kind: str) -> sa.ColumnElement[Any]:
    """A column of the key as it is ordered by: texts by code points on both databases."""
    if kind != "text" or connection.dialect.name == "sqlite" or _default_collation(connection) in BY_CODE_POINT:
        return column
    return sa.collate(column, "C")


def _default_collation(connection: Connection) -> str:
    found = connection.execute(sa.text("SELECT datcollate FROM pg_database WHERE datname = current_database()"))
    return str(found.scalar_one())


def line_of(row: Row) -> bytes:
    """`row` as the one line that is written and hashed."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
