"""The database's layout by its migrations: what they make is what the tables say, and each keeps what was there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from collector.store import Base
from collector.store.data_keys import DataKey, DataKeys
from collector.store.migrate import make_config, upgrade
from collector.store.session import make_engine
from tests.databases import new_database

#: The tables of the first layout that a questionnaire needs.
FIRST = """
INSERT INTO questionnaires (id, form_id, created_at) VALUES (1, 'household', '2026-11-24 00:00:00');
INSERT INTO versions (id, questionnaire_id, number, version, title, titles, state, model_hash, model_json, model_bytes,
    xform, workbook_name, warnings, created_at)
VALUES (1, 1, 1, '1', 'Household', '{}', 'published', 'abc', '{}', 2, '', 'h.xlsx', '[]', '2026-11-24 00:00:00');
UPDATE questionnaires SET current_version_id = 1
"""


@pytest.fixture
def engine(database_kind: str, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    with new_database(database_kind, tmp_path) as url:
        engine = make_engine(url, DataKeys((DataKey(bytes(32)),)))
        yield engine
        engine.dispose()


def migrate(engine: Engine, revision: str) -> None:
    """Bring the database to one revision, up or down."""
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        with connection.begin():
            step = command.downgrade if revision < current(engine) else command.upgrade
            step(make_config(connection), revision)


def current(engine: Engine) -> str:
    """The revision that the database is at, "" before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def test_the_migrations_make_what_the_tables_say(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []
        )


def test_a_database_of_the_first_layout_keeps_its_questionnaires(engine: Engine) -> None:
    migrate(engine, "0001")
    with engine.begin() as connection:
        for statement in FIRST.split(";"):
            connection.execute(text(statement))
    upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT q.form_id, v.state FROM questionnaires q JOIN versions v ON v.id = q.current_version_id")
        )
        assert found.all() == [("household", "published")]
        assert connection.execute(text("SELECT count(*) FROM version_files")).scalar_one() == 0


def test_back_to_the_first_layout_and_up_again(engine: Engine) -> None:
    upgrade(engine)
    migrate(engine, "0001")
    assert "version_files" not in inspect(engine).get_table_names()
    upgrade(engine)
    assert "version_files" in inspect(engine).get_table_names()
