"""Connections to PostgreSQL that were cut while they rested are replaced before anybody notices; looks leave nothing behind."""

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from collector.store import session as store_session
from collector.store.session import glancing


@pytest.fixture(autouse=True)
def _needs_a_server(database_kind: str) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has no connections that could be cut")


def cut_all(app: Flask) -> None:
    """What a restart of PostgreSQL does to connections that rest."""
    own = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
    with app.extensions["collector_engine"].connect() as connection:
        connection.execute(text(own))


def test_connections_that_were_cut_while_they_rested_are_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_session, "RESTED_S", 0)
    engine = app.extensions["collector_engine"]
    held = [engine.connect() for _ in range(3)]
    for connection in held:
        connection.close()
    cut_all(app)
    for _ in range(3):
        with engine.connect() as first, engine.connect() as second:
            assert (first.scalar(text("SELECT 1")), second.scalar(text("SELECT 1"))) == (1, 1)


def test_a_connection_that_worked_just_now_is_not_asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = app.extensions["collector_engine"]
    asked: list[object] = []
    monkeypatch.setattr(engine.dialect, "do_ping", asked.append)
    for rest, number in ((60.0, 0), (0.0, 2)):
        monkeypatch.setattr(store_session, "RESTED_S", rest)
        for _ in range(2):
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        assert len(asked) == number


def test_a_look_has_no_transaction_and_what_comes_after_it_has(app: Flask) -> None:
    engine = app.extensions["collector_engine"]
    with app.app_context():
        with glancing() as looking:
            driver = looking.connection().connection.driver_connection
            assert driver is not None and driver.autocommit
            looking.execute(text("SELECT 1"))
            assert driver.info.transaction_status.name == "IDLE"
        assert engine.pool.checkedout() == 0
    rolled_back: list[object] = []
    event.listen(engine, "rollback", rolled_back.append)
    with Session(engine) as session:
        session.execute(text("CREATE TABLE left_behind (id integer)"))
        session.rollback()
    assert rolled_back
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT to_regclass('left_behind')")) is None
