"""/healthz says that it runs, /readyz that it should get requests."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from collector.store import SealedWith


@pytest.fixture(autouse=True)
def asked_anew(app: Flask) -> Iterator[None]:
    """What was found out about the place of files is not believed in the next test."""
    app.extensions.pop("collector_files_writable", None)
    yield
    app.extensions.pop("collector_files_writable", None)


def test_it_is_ready(client: FlaskClient) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")


def test_not_without_its_database(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setitem(app.extensions, "collector_engine", nowhere)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "database: away\n")
    assert client.get("/healthz").status_code == 503


def test_not_with_the_layout_of_another_release(app: Flask, client: FlaskClient) -> None:
    engine = app.extensions["collector_engine"]
    with engine.begin() as connection:
        now = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    try:
        answer = client.get("/readyz")
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": now})
    assert answer.status_code == 503
    assert answer.text == f"database: its layout is 0007, this release needs {now}\n"


def test_not_without_a_key_that_something_is_sealed_with(app: Flask, client: FlaskClient, session: Session) -> None:
    session.add(SealedWith(id="deadbeef"))
    session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "keys: deadbeef not here, and things are sealed with them\n")


def test_not_where_files_cannot_be_kept(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(app.config["SETTINGS"], data_dir=Path("/proc/nothing"))
    monkeypatch.setitem(app.config, "SETTINGS", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "files: the place where they lie cannot be written\n")


def test_not_while_the_worker_ends(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "collector_worker", SimpleNamespace(alive=False))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "shutting down\n")
