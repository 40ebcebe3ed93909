"""The database engine, and one session a request: opened when first asked for, committed by the one who writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any

from flask import Flask, current_app, g
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

from collector.settings import Settings
from collector.store.data_keys import DataKeys
from collector.store.key_guard import KEYS_FILE, guard, open_data_keys
from collector.store.moved import refuse_moved
from collector.store.replica import SOON_GONE, Replica
from collector.store.sealed import give_keys
from collector.store.write_queue import QueuedConnection, WriteQueue, take_turn

#: Seconds that a page, and work in the background, wait for the replica to have all that was written before.
PAGE_WAIT_S = 0.5
WORK_WAIT_S = 5.0
#: Seconds after which a connection of the pool has rested.
RESTED_S = 1.0
#: Seconds that a writer waits for SQLite's write lock.
BUSY_TIMEOUT_S = 30


def make_engine(url: str, keys: DataKeys, *, is_replica: bool = False) -> Engine:
    """Open the database at `url` with the settings that Collector relies on. `keys`: what sealed columns are sealed with."""
    if is_replica:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=8,
            hide_parameters=True,
            connect_args=SOON_GONE,
            execution_options={"postgresql_readonly": True},
        )
    elif not url.startswith("sqlite"):
        # Fewer than threads: pushes that wait for their turn hold none, and all workers share what PostgreSQL has (docs/scaling.md).
        engine = create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True)
        event.listen(engine, "checkin", note_rest)
        event.listen(engine, "checkout", partial(ask_rested, engine))
    else:
        # The connection that was used last comes first: each that is used fills a page cache of its own.
        sqlite_arguments = {"timeout": BUSY_TIMEOUT_S, "factory": QueuedConnection}
        engine = create_engine(
            url,
            connect_args=sqlite_arguments,
            pool_use_lifo=True,
            pool_size=10,
            # One for each thread, and some: they are files that are open, and no process of a server.
            max_overflow=50,
            hide_parameters=True,
        )
        queue = WriteQueue(f"{engine.url.database}-queue") if engine.url.database else None
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", partial(begin_sqlite, queue=queue))
    give_keys(engine.dialect, keys)
    return engine


def note_rest(_connection: Any, record: Any) -> None:
    """Note when a connection came back to the pool."""
    record.info["rests_since"] = monotonic()


def ask_rested(engine: Engine, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that has rested whether it still works; the pool opens new ones where it does not.

    One that worked just now is not asked: with pushes one after the other that would be a round trip for each.
    """
    since = record.info.get("rests_since")
    if since is None or monotonic() - since < RESTED_S:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set up a new SQLite connection: WAL so that readers never wait, FULL so that a commit is on the disk.

    What is deleted in a page is overwritten at once, which costs no writing: what is erased one day must not lie in gaps of pages.
    """
    # The driver would open transactions by itself, too late to take the write lock first; begin_sqlite does it.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
        # Pages of 4 kB in the log before they are written where they belong: a push of 50 responses touches some 1,500, which the next
        # one touches again.
        "wal_autocheckpoint=8000",
        "secure_delete=FAST",
    ):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Any, queue: WriteQueue | None) -> None:
    """Begin a transaction; one that will write takes the lock at once, so that it can wait for it, in `queue`, and never deadlocks."""
    options = connection.get_execution_options()
    if options.get("is_hold"):
        # Whoever moves the installation lets nobody write, and writes nothing (collector/store/moved.py).
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif options.get("is_write"):
        refuse_moved(connection.engine)
        take_turn(connection, queue)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            # Once more: it may have moved while this one waited for the lock.
            refuse_moved(connection.engine)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
    else:
        connection.exec_driver_sql("BEGIN")


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its data keys and its engine, and close each request's session at its end. Raises LostKey."""
    keys, recorded = open_data_keys(settings)
    app.extensions["collector_data_keys"] = keys
    engine = app.extensions["collector_engine"] = make_engine(settings.database_url, keys)
    guard(engine, keys, recorded, settings.data_dir / KEYS_FILE)
    app.extensions["collector_replica"] = open_replica(engine, settings, keys)
    app.teardown_appcontext(close_session)


def database() -> Engine:
    """The engine of the current app."""
    engine: Engine = current_app.extensions["collector_engine"]
    return engine


def open_replica(engine: Engine, settings: Settings, keys: DataKeys) -> Replica | None:
    """The replica of DATABASE_READ_URL; None without. Raises ValueError where there can be none."""
    if not settings.database_read_url:
        return None
    if engine.dialect.name != "postgresql" or not settings.database_read_url.startswith("postgresql"):
        raise ValueError("DATABASE_READ_URL needs PostgreSQL, as does DATABASE_URL beside it")
    return Replica(engine, make_engine(settings.database_read_url, keys, is_replica=True))


def dispose(app: Flask, *, close: bool = True) -> None:
    """Let go of all connections of `app`: before a process divides, and (`close` false: they are the parent's) after it has."""
    app.extensions["collector_engine"].dispose(close=close)
    replica: Replica | None = app.extensions["collector_replica"]
    if replica is not None:
        replica.engine.dispose(close=close)


def data_keys() -> DataKeys:
    """The data keys of the current app."""
    keys: DataKeys = current_app.extensions["collector_data_keys"]
    return keys


def reading() -> Session:
    """This request's session, for reading."""
    if "session" not in g:
        g.session = Session(database())
    session: Session = g.session
    return session


@contextmanager
def glancing() -> Iterator[Session]:
    """A session for one look, before a request does what it came for: on PostgreSQL without a transaction around it, which would be three
    round trips more. Nothing is to be written in it, and no connection stays with the request.
    """
    engine = database()
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    with Session(engine) as session:
        yield session


def far_database(wait_s: float | None = None) -> Engine:
    """The engine that long reads of this request, or piece of work, go to: the replica's once it has all that is committed now, or else
    the primary's. It is chosen once, and waits up to `wait_s` (as a page, without) for the replica. Nothing can be written through it.
    """
    if "far_engine" not in g:
        replica: Replica | None = current_app.extensions["collector_replica"]
        wait_s = PAGE_WAIT_S if wait_s is None else wait_s
        g.far_engine = database() if replica is None else replica.engine_for(wait_s, g.get("session"))
    engine: Engine = g.far_engine
    return engine


def reading_far() -> Session:
    """A session of this request's for long reads, of boards and lists, over `far_database()`; without a replica it is `reading()`.

    What is found in it is not to be changed, nor merged into what is.
    """
    if far_database() is database():
        return reading()
    if "far_session" not in g:
        g.far_session = Session(far_database())
    session: Session = g.far_session
    return session


def read_near_instead() -> bool:
    """Let the rest of this request read from the primary. Gives whether it read from the replica until now."""
    was_far = g.get("far_engine") not in (None, database())
    close_far_session()
    g.far_engine = database()
    return was_far


def close_far_session() -> None:
    """Close the session of long reads, and forget which database they go to."""
    g.pop("far_engine", None)
    session = g.pop("far_session", None)
    if session is not None:
        session.close()


@contextmanager
def writing() -> Iterator[Session]:
    """This request's session in a transaction that commits when the block ends well, and rolls back when it raises.

    What the request read before is read anew, so that decisions rest on what is true under the write lock.
    """
    session = reading()
    if _goes_on(session):
        # Three round trips less than with a transaction of its own.
        session.expire_all()
    else:
        session.rollback()
        session.connection(execution_options={"is_write": True})
    try:
        yield session
        session.commit()
        # What was just written is to be found also by long reads, whose database was chosen before.
        close_far_session()
    except BaseException:
        session.rollback()
        raise


def _goes_on(session: Session) -> bool:
    """Whether what is written can be part of the transaction that was read in: on PostgreSQL each statement sees what is committed."""
    is_changed = bool(session.new or session.dirty or session.deleted)
    if session.get_bind().dialect.name != "postgresql" or not session.in_transaction() or is_changed:
        return False
    connection: Any = session.connection().connection.driver_connection
    is_sound: bool = connection.info.transaction_status == TransactionStatus.INTRANS
    return is_sound


def close_session(_error: BaseException | None = None) -> None:
    """Close the session of the ending request, dropping what was not committed."""
    close_far_session()
    session = g.pop("session", None)
    if session is not None:
        session.close()
