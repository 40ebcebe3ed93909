"""A real streaming replica serves boards, lists and exports; what lags or dies is passed over, and nobody misses what they wrote."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, insert, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from collector import create_app
from collector.accounts.access_tokens import issue_token
from collector.coverage import counts
from collector.export.jobs import running
from collector.settings import load_settings
from collector.store import Place, QuestionnaireAssignment, ResponseCount, Version
from collector.store import replica as replicas
from collector.store import session as session_module
from collector.store.data_keys import DataKey, DataKeys
from collector.store.replica import AWAY, BEHIND, STRANGE, USED, Replica
from collector.store.session import make_engine, reading_far
from tests.conftest import People, sign_in
from tests.coverage.conftest import row_of, send
from tests.export import waiting
from tests.replicas import Pair

__all__ = ["send"]

BOARD = "/office/board?view=table"
#: Seconds that a test waits at most for what comes about by itself.
PATIENCE_S = 30


@pytest.fixture
def board(client: FlaskClient, people: People, places: dict[str, Place], household: Version) -> Callable[[], str]:
    """`board()`: the row of C01 on the board."""
    sign_in(client, "su")

    def board() -> str:
        answer = client.get(BOARD)
        assert answer.status_code == 200, answer.text
        return row_of(answer.text, 'data-place="C01"')

    return board


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is asked of a database meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def served(pair: Pair) -> int:
    """How often the replica's own log says that counts of responses were added up there."""
    return pair.replica.log.read_text(errors="replace").count("sum(response_counts")


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what comes about by itself."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def healthy(pair: Pair, replica: Replica, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test finds a replica that keeps up, however busy the machine is; one that failed is left alone for a moment only."""
    monkeypatch.setattr(replicas, "AWAY_S", 0.2)
    monkeypatch.setattr(session_module, "PAGE_WAIT_S", PATIENCE_S)
    yield
    if not pair.replica.is_running():
        pair.replica.start()
    pair.resume()
    wait_until(lambda: replica.engine_for(PATIENCE_S) is replica.engine)


def test_the_board_is_read_from_the_replica_and_shows_what_was_just_sent(
    board: Callable[[], str], send: Callable[..., list[str]], pair: Pair, replica: Replica
) -> None:
    before = served(pair)
    for number in range(1, 6):
        send("C01")
        with statements(replica.engine) as far, statements(replica.primary) as near:
            assert f" {number} " in f" {board()} "
        assert any("response_counts" in statement for statement in far)
        # Whether folding pays is asked of the primary; nothing is added up there.
        assert not any("sum(response_counts" in statement for statement in near)
    assert served(pair) >= before + 5
    assert pair.replica.ask("SELECT pg_is_in_recovery()") == [(True,)]


def test_lists_of_programs_are_read_from_the_replica(
    client: FlaskClient,
    people: People,
    send: Callable[..., list[str]],
    places: dict[str, Place],
    session: Session,
    replica: Replica,
) -> None:
    sent = send("C01", 3)
    sign_in(client, "lin")
    _token, secret = issue_token(session, session.merge(people.lin))
    session.commit()
    token = {"Authorization": f"Bearer {secret}"}
    for address in (
        "/api/v1/responses",
        "/v1/projects/1/forms/household.svc/Submissions",
        "/v1/projects/1/forms/household/submissions",
        "/v1/projects/1/forms/household/submissions.csv",
        "/office/exports/household.csv",
        "/office/frequencies?questionnaire=household",
        "/office/board/points.geojson?questionnaire=household",
    ):
        with statements(replica.engine) as far:
            answer = client.get(address, headers={} if address.startswith("/office") else token)
            assert answer.status_code == 200, address
            if "frequencies" not in address and "geojson" not in address:
                assert all(id_ in answer.text for id_ in sent), address
        assert any("FROM responses" in statement for statement in far), address


def texts(answer: Any) -> str:
    """The texts of all files in a ZIP."""
    with ZipFile(BytesIO(answer.data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_files_are_made_from_the_replica(
    app: Flask,
    client: FlaskClient,
    people: People,
    send: Callable[..., list[str]],
    places: dict[str, Place],
    replica: Replica,
) -> None:
    sent = send("C01", 3)
    sign_in(client, "lin")
    with statements(replica.engine) as far:
        made = waiting.made(app, client)
    assert any("JOIN revisions" in statement for statement in far)
    content = texts(client.get(f"/office/exports/-/{made}"))
    assert all(id_ in content for id_ in sent)


def test_a_replica_that_lags_is_passed_over_until_it_has_caught_up(
    board: Callable[[], str],
    send: Callable[..., list[str]],
    pair: Pair,
    replica: Replica,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send("C01", 2)
    assert " 2 " in f" {board()} "
    monkeypatch.setattr(session_module, "PAGE_WAIT_S", 0.5)
    pair.pause()
    send("C01")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert " 3 " in f" {board()} ", "what was just sent is there"
        assert replica.state == BEHIND
        assert [record.message for record in caplog.records] == [replicas.WORDS[BEHIND]], "it is said once"
        pair.resume()
        wait_until(lambda: " 3 " in f" {board()} " and replica.state == USED)
    assert caplog.records[-1].message == replicas.WORDS[USED]


def test_where_it_lags_only_the_first_page_waits(pair: Pair, replica: Replica, session: Session) -> None:
    pair.pause()
    session.execute(text("CREATE TABLE IF NOT EXISTS something_new (x int)"))
    session.commit()
    assert replica.engine_for(0.3) is replica.primary
    began = time.monotonic()
    for _ in range(5):
        assert replica.engine_for(60) is replica.primary
    assert time.monotonic() - began < 30


def test_a_replica_that_is_killed_costs_no_page(
    board: Callable[[], str],
    send: Callable[..., list[str]],
    pair: Pair,
    replica: Replica,
    caplog: pytest.LogCaptureFixture,
) -> None:
    send("C01", 2)
    assert " 2 " in f" {board()} "
    pair.replica.stop()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert " 2 " in f" {board()} "
        assert replica.state == AWAY
        assert [record.message for record in caplog.records] == [replicas.WORDS[AWAY]]
        pair.replica.start()
        wait_until(lambda: " 2 " in f" {board()} " and replica.state == USED)


def test_a_replica_that_dies_in_the_middle_of_a_page_costs_no_page(
    board: Callable[[], str], send: Callable[..., list[str]], pair: Pair, replica: Replica
) -> None:
    send("C01", 2)
    ended: list[str] = []

    def end_connections(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "response_counts" in statement and not ended:
            ended.append(statement)
            pair.replica.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()")

    event.listen(replica.engine, "before_cursor_execute", end_connections)
    try:
        assert " 2 " in f" {board()} "
    finally:
        event.remove(replica.engine, "before_cursor_execute", end_connections)
    assert ended and replica.state == AWAY


def test_a_file_whose_replica_dies_is_made_from_the_primary(
    app: Flask,
    client: FlaskClient,
    people: People,
    send: Callable[..., list[str]],
    places: dict[str, Place],
    pair: Pair,
    replica: Replica,
) -> None:
    """The process that makes it ends, as the background work has it; who takes the job up next asks the primary."""
    sent = send("C01", 3)
    sign_in(client, "lin")
    waiting.ask(client)
    claim = waiting.take(app)
    assert claim is not None

    def go_away(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "JOIN revisions" in statement:
            pair.replica.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()")

    event.listen(replica.engine, "before_cursor_execute", go_away)
    try:
        with app.app_context(), pytest.raises(DBAPIError):
            running.make_export(claim)
        with app.app_context():
            running.give_back_export(claim)
        assert waiting.work(app) == 1
    finally:
        event.remove(replica.engine, "before_cursor_execute", go_away)
    (made, state), *_others = waiting.listed(client)
    assert state == "ready"
    content = texts(client.get(f"/office/exports/-/{made}"))
    assert all(id_ in content for id_ in sent)


def test_counts_are_folded_on_the_primary_alone(
    board: Callable[[], str],
    send: Callable[..., list[str]],
    session: Session,
    replica: Replica,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counts, "FOLD_FROM", 0)
    send("C01", 3)
    assert " 3 " in f" {board()} "
    assert [row.number for row in session.query(ResponseCount)] == [3]
    assert replica.state == USED


def test_nothing_can_be_written_through_it(app: Flask, people: People, household: Version) -> None:
    row = {"user_id": people.wei.id, "questionnaire_id": household.questionnaire_id}
    with app.app_context(), pytest.raises(DBAPIError, match="read-only"):
        reading_far().execute(insert(QuestionnaireAssignment), [row])


def test_what_is_no_replica_of_this_database_is_not_read_from(pair: Pair, replica: Replica) -> None:
    """The primary's own address is none, nor that of a replica that was promoted and goes its own way."""
    itself = make_engine(pair.primary.url.replace("postgresql:", "postgresql+psycopg:"), KEYS, is_replica=True)
    other = Replica(replica.primary, itself)
    assert other.engine_for(0) is replica.primary
    assert other.state == STRANGE
    itself.dispose()


KEYS = DataKeys((DataKey(bytes(32)),))


def test_a_replica_needs_postgresql(tmp_path: Path) -> None:
    settings = {"DATA_DIR": str(tmp_path), "DATABASE_READ_URL": "postgresql://postgres@127.0.0.1/x"}
    with pytest.raises(ValueError, match="DATABASE_READ_URL needs PostgreSQL"):
        create_app(load_settings(settings))
