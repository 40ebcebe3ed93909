"""Writers of SQLite come in turn, over threads and processes, and a turn ends however its transaction ends."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from collector.store import session
from collector.store.data_keys import DataKey, DataKeys
from collector.store.session import make_engine
from collector.store.write_queue import WriteQueue

KEYS = DataKeys((DataKey(bytes(32)),))
PATIENCE_S = 60


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'db.sqlite3'}", KEYS)
    add(engine, "CREATE TABLE turns (at INTEGER PRIMARY KEY, who TEXT)")
    yield engine
    engine.dispose()


def add(engine: Engine, statement: str = "INSERT INTO turns (who) VALUES ('x')") -> None:
    """Write in a transaction of its own."""
    with engine.connect() as plain:
        connection = plain.execution_options(is_write=True)
        with connection.begin():
            connection.execute(text(statement))


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM turns")).scalar_one()


def is_free(engine: Engine) -> bool:
    """Whether another one, with a place of its own in the queue, gets its turn now."""
    other = WriteQueue(f"{engine.url.database}-queue")
    got: list[bool] = []
    thread = Thread(target=lambda: (got.append(other.enter()), other.leave()), daemon=True)
    thread.start()
    thread.join(5)
    return got == [True]


def test_many_threads_and_processes_all_get_their_turn(engine: Engine) -> None:
    engine.dispose()
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                for _ in range(40):
                    add(engine)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    threads = [Thread(target=lambda: [add(engine) for _ in range(20)]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert count(engine) == 3 * 40 + 6 * 20
    assert is_free(engine)


def test_a_turn_ends_with_its_transaction_however_that_ends(engine: Engine) -> None:
    add(engine)
    assert is_free(engine)
    with pytest.raises(OperationalError):
        add(engine, "INSERT INTO nothing VALUES (1)")
    assert is_free(engine)
    connection = engine.connect().execution_options(is_write=True)
    connection.begin()
    assert not is_free(engine)
    connection.invalidate()
    assert is_free(engine)


def test_who_never_gets_the_lock_leaves_the_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is held by somebody who does not come through the queue."""
    monkeypatch.setattr(session, "BUSY_TIMEOUT_S", 0.2)
    engine = make_engine(f"sqlite:///{tmp_path / 'db.sqlite3'}", KEYS)
    add(engine, "CREATE TABLE turns (at INTEGER PRIMARY KEY, who TEXT)")
    with engine.connect() as outside:
        outside.exec_driver_sql("COMMIT")
        outside.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            add(engine)
        assert is_free(engine)
        outside.exec_driver_sql("ROLLBACK")
    add(engine)
    assert count(engine) == 1
    engine.dispose()
