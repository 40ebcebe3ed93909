"""The walk over the tables: what is read from one database and loaded into another reads there as it was, on either kind."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from collector.archive.comparing import Found, compare_tables
from collector.archive.loading import load_rows, make_tables, set_sequences, waiting_keys
from collector.archive.rows import LEFT_OUT, Table, all_tables, core_table, line_of, read_rows
from collector.store import Base
from collector.store.data_keys import DataKey, DataKeys
from collector.store.session import make_engine
from tests.databases import new_database

KEYS = DataKeys((DataKey(bytes(32)),))
#: A value for each kind of column. Names and keys are all the same, so that every foreign key leads somewhere.
TEXT = "户'\n\\ x"
VALUES: dict[str, Any] = {
    "integer": 1,
    "float": 0.1,
    "boolean": True,
    "text": TEXT,
    "json": '{"b": [1.50, "户"],  "a": null}',
    "date": date(2026, 11, 30),
    "moment": datetime(2026, 11, 30, 23, 59, 59, 123456, UTC),
    "bytes": b"\0\xff",
    "sealed": KEYS.seal(b"answers"),
}


def open_new(kind: str, folder: Path) -> Iterator[Engine]:
    with new_database(kind, folder) as url:
        engine = make_engine(url, KEYS)
        with engine.connect() as plain:
            connection = plain.execution_options(is_write=True)
            with connection.begin():
                make_tables(connection, "head")
        yield engine
        engine.dispose()


@pytest.fixture
def source(database_kind: str, tmp_path: Path) -> Iterator[Engine]:
    """A database with a row in every table, and a second one with what may be nothing in those that can have two."""
    for engine in open_new(database_kind, tmp_path):
        with engine.connect() as plain:
            connection = plain.execution_options(is_write=True)
            with connection.begin(), waiting_keys(connection):
                for table in all_tables():
                    core = core_table(table, connection.dialect.name)
                    values = {name: VALUES[kind] for name, kind in table.columns}
                    connection.execute(core_insert(core, table, values, connection.dialect.name))
        yield engine


def core_insert(core: sa.TableClause, table: Table, values: dict[str, Any], database: str) -> sa.Insert:
    """PostgreSQL wants to be told that a text is JSON."""
    if database == "postgresql":
        kinds = dict(table.columns)
        values = {
            name: sa.cast(sa.literal(value, sa.Text), sa.dialects.postgresql.JSON(none_as_null=True))
            if kinds[name] == "json"
            else value
            for name, value in values.items()
        }
    return sa.insert(core).values(values)


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    yield from open_new(request.param, tmp_path)


def copy(source: Engine, target: Engine) -> None:
    with source.connect() as here, target.connect() as plain:
        there = plain.execution_options(is_write=True)
        with there.begin():
            with waiting_keys(there):
                for table in all_tables():
                    load_rows(there, table, read_rows(here, table))
            set_sequences(there, all_tables())


def lines(engine: Engine) -> dict[str, list[bytes]]:
    with engine.connect() as connection:
        return {table.name: [line_of(row) for row in read_rows(connection, table)] for table in all_tables()}


def test_every_table_is_copied_or_left_out_on_purpose(source: Engine) -> None:
    there = set(sa.inspect(source).get_table_names()) - {"alembic_version"}
    assert {table.name for table in all_tables()} == there - LEFT_OUT
    assert set(Base.metadata.tables) == there


def test_rows_are_the_same_in_the_other_database(source: Engine, target: Engine) -> None:
    copy(source, target)
    before = lines(source)
    assert all(len(rows) == 1 for rows in before.values())
    assert lines(target) == before


def test_triggers_do_not_count_twice_and_act_again_afterwards(source: Engine, target: Engine) -> None:
    copy(source, target)
    with target.connect() as plain:
        connection = plain.execution_options(is_write=True)
        count = sa.text("SELECT count(*) FROM response_counts")
        assert connection.execute(count).scalar_one() == 1
        connection.execute(sa.text("UPDATE responses SET state = 'approved'"))
        assert connection.execute(count).scalar_one() == 3
        with pytest.raises(sa.exc.DBAPIError, match="never changed"):
            connection.execute(sa.text("DELETE FROM journal"))


def test_new_rows_are_numbered_after_those_that_came(source: Engine, target: Engine) -> None:
    copy(source, target)
    with target.connect() as plain:
        connection = plain.execution_options(is_write=True)
        columns = "started_at, is_encrypted, journal_hash"
        new = sa.text(f"INSERT INTO backups ({columns}) VALUES ('2026-11-30', true, '') RETURNING id")
        assert connection.execute(new).scalar_one() == 2


#: All that a database keeps besides tables and columns.
LAYOUT = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " UNION ALL SELECT conrelid::regclass::text || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " UNION ALL SELECT concat(tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal",
}


def layout(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.execute(sa.text(LAYOUT[engine.dialect.name])).scalars())


def test_the_layout_is_whole_after_loading(source: Engine, target: Engine) -> None:
    """Keys, indexes and triggers that waited are there again."""
    before = layout(target)
    copy(source, target)
    assert layout(target) == before
    assert len(before) > 100


def test_a_key_that_leads_nowhere_is_refused(source: Engine, target: Engine) -> None:
    with source.connect() as here, target.connect() as plain:
        there = plain.execution_options(is_write=True)
        revisions = next(table for table in all_tables() if table.name == "revisions")
        with pytest.raises(sa.exc.DBAPIError), there.begin(), waiting_keys(there):
            load_rows(there, revisions, read_rows(here, revisions))
    assert not lines(target)["revisions"]


def test_every_difference_is_found(source: Engine, target: Engine) -> None:
    copy(source, target)
    with target.connect() as plain:
        connection = plain.execution_options(is_write=True)
        with connection.begin():
            connection.execute(sa.text("UPDATE visits SET outcome = 'refused'"))
            connection.execute(sa.text("DELETE FROM comments"))
            sql = "INSERT INTO backups (started_at, is_encrypted, journal_hash) VALUES ('2026-11-30', true, '')"
            connection.execute(sa.text(sql))
    found = {}
    with source.connect() as here, target.connect() as there:
        for table in all_tables():
            found[table.name] = [how for how, _ in compare_tables(here, there, table)]
    assert found.pop("visits") == [Found.CHANGED]
    assert found.pop("comments") == [Found.LACKING]
    assert found.pop("backups") == [Found.SAME, Found.MORE]
    assert set(map(tuple, found.values())) == {(Found.SAME,)}
