"""Databases for tests: made for the run, emptied between tests, dropped at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, text

from collector.store import Base

#: Where PostgreSQL listens for the tests; they make and drop databases of their own there.
POSTGRESQL_URL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new, empty database of `kind`: sqlite or postgresql."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{uuid4().hex}.sqlite3'}"
        return
    name = f"collector_test_{uuid4().hex}"
    server = create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def empty(engine: Engine) -> None:
    """Take every row out of every table of ours."""
    tables = [f'"{table.name}"' for table in Base.metadata.sorted_tables]
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        if engine.dialect.name == "postgresql":
            with without_triggers(connection):
                connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            with without_triggers(connection):
                for table in tables:
                    connection.execute(text(f"DELETE FROM {table}"))
        connection.commit()


@contextmanager
def without_triggers(connection: Connection) -> Iterator[None]:
    """Take the triggers that guard the journal away for a moment, as only tests, and somebody who forges it, do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        yield
        connection.execute(text("ALTER TABLE journal ENABLE TRIGGER USER"))
        return
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for trigger in triggers:
        connection.execute(text(f"DROP TRIGGER {trigger.name}"))
    yield
    for trigger in triggers:
        connection.exec_driver_sql(trigger.sql)
