"""The database engine, and one session a request: opened when first asked for, committed by the one who writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

#: Seconds that a writer waits for SQLite's write lock.
BUSY_TIMEOUT_S = 30


def make_engine(url: str) -> Engine:
    """Open the database at `url` with the settings that Collector relies on."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
    # The connection that was used last comes first: each that is used fills a page cache of its own.
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S}, pool_use_lifo=True, hide_parameters=True)
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set up a new SQLite connection: WAL so that readers never wait, FULL so that a commit is on the disk."""
    # The driver would open transactions by itself, too late to take the write lock first; begin_sqlite does it.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Any) -> None:
    """Begin a transaction; one that will write takes the lock at once, so that it can wait for it and never deadlocks."""
    is_write = connection.get_execution_options().get("is_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def init_app(app: Flask, url: str) -> None:
    """Give `app` its engine, and close each request's session at its end."""
    app.extensions["collector_engine"] = make_engine(url)
    app.teardown_appcontext(close_session)


def database() -> Engine:
    """The engine of the current app."""
    engine: Engine = current_app.extensions["collector_engine"]
    return engine


def reading() -> Session:
    """This request's session, for reading."""
    if "session" not in g:
        g.session = Session(database())
    session: Session = g.session
    return session


@contextmanager
def writing() -> Iterator[Session]:
    """This request's session in a transaction that commits when the block ends well, and rolls back when it raises.

    What the request read before is read anew, so that decisions rest on what is true under the write lock.
    """
    session = reading()
    session.rollback()
    session.connection(execution_options={"is_write": True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def close_session(_error: BaseException | None = None) -> None:
    """Close the session of the ending request, dropping what was not committed."""
    session = g.pop("session", None)
    if session is not None:
        session.close()
