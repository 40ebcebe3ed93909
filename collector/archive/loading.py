"""Rows into the empty tables of a new database, in one transaction: keys and triggers wait until all are there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from psycopg import sql
from sqlalchemy import Connection, Engine

from collector.archive.columns import KINDS
from collector.archive.faults import ArchiveFault, reason_of
from collector.archive.rows import Row, Table, core_table
from collector.store.migrate import make_config

#: Rows that SQLite is given with one call.
BATCH = 500


def make_tables(connection: Connection, revision: str) -> None:
    """Make the layout of `revision` ("head" for this release's) in an empty database, or bring an older one to it."""
    command.upgrade(make_config(connection), revision)


def has_tables(connection: Connection) -> bool:
    """Whether there is anything in the database."""
    return bool(sa.inspect(connection).get_table_names())


def load_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Write `rows`, lists of JSON values, into `table`. Inside of `waiting_keys`."""
    database = connection.dialect.name
    converters = [
        (place, converter)
        for place, (_, kind) in enumerate(table.columns)
        if (converter := KINDS[kind].from_json) is not None
    ]
    values = (_stored(row, converters, database) for row in rows)
    if database == "postgresql":
        _copy_in(connection, table, values)
        return
    names = [name for name, _ in table.columns]
    statement = sa.insert(core_table(table, database))
    while batch := list(islice(values, BATCH)):
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in batch])


def _stored(row: Row, converters: list[tuple[int, Any]], database: str) -> Row:
    for place, converter in converters:
        if row[place] is not None:
            row[place] = converter(row[place], database)
    return row


def _copy_in(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    """PostgreSQL's own way of taking many rows in."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(name) for name, _ in table.columns)
    )
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.DatabaseError as error:
        # Past SQLAlchemy, which would have made it one of its own errors.
        raise ArchiveFault(
            f"PostgreSQL does not take the rows of {table.name}: {reason_of(error)}. Nothing was written."
        ) from None


@contextmanager
def waiting_keys(connection: Connection) -> Iterator[None]:
    """Let foreign keys be checked at the end, since tables name each other in circles, and let no trigger act.

    What triggers wrote is copied, too: acting again they would count twice. Raises IntegrityError at the end where a key leads nowhere.
    """
    waiting = _waiting_postgresql if connection.dialect.name == "postgresql" else _waiting_sqlite
    with waiting(connection):
        yield


@contextmanager
def _waiting_sqlite(connection: Connection) -> Iterator[None]:
    # Until the commit, which is then refused where one leads nowhere.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, definition in triggers:
        connection.exec_driver_sql(definition)


@contextmanager
def _waiting_postgresql(connection: Connection) -> Iterator[None]:
    """Keys, and indexes that hold no constraint, are taken away and made again over what is there then, which is much quicker, too."""
    keys = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname"
    ).all()
    indexes = connection.exec_driver_sql(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE relnamespace = current_schema()::regnamespace AND NOT indisunique ORDER BY relname"
    ).all()
    tables = connection.exec_driver_sql(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    ).all()
    for table, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    for (table,) in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for _, definition in indexes:
        connection.exec_driver_sql(definition)
    for table, name, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for (table,) in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def set_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL number new rows after those that are there. SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for name, kind in table.columns:
            if kind != "integer":
                continue
            place = {"table": f'"{table.name}"', "column": name}
            found = sa.text("SELECT pg_get_serial_sequence(:table, :column)")
            sequence = connection.execute(found, place).scalar()
            if sequence is not None:
                last = sa.select(sa.func.max(sa.column(name))).select_from(sa.table(table.name)).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None))))


def analyse(engine: Engine) -> None:
    """Let PostgreSQL count what its plans rest on, at once rather than in some minutes."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
