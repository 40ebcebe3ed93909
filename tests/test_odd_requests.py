"""Addresses, forms and bodies that nobody's browser sends: a plain refusal, on both databases."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import issue_token
from collector.edge import BrokenOffError, guard_stream
from collector.store import Place, User, Version
from tests.conftest import People, Phone, sign_in
from tests.documents import make_document
from tests.servers import running_server

HUGE = "99999999999999999999"


@pytest.mark.parametrize(
    "path",
    [
        "responses?older=0001-01-01T00:00:00%2B14:00~x",
        "responses?older=9999-12-31T23:59:59-14:00~x",
        "responses?older=2020-01-01T00:00:00%2B00:00~%00",
        "responses?questionnaire=%00",
        "responses?author=%00",
        "responses/%00",
        "files/%00",
        f"quarantine?before={HUGE}",
        f"quarantine?before=-{HUGE}",
        f"quarantine/{HUGE}/document",
        "questionnaires/%00",
        f"questionnaires/household/versions/{HUGE}/preview",
        "questionnaires/%00/versions/1/workbook",
        "exports/%00.csv",
        "people/%00",
    ],
)
def test_odd_addresses_of_the_office(su: FlaskClient, household: Version, path: str) -> None:
    assert su.get(f"/office/{path}").status_code < 500


def test_a_fault_in_the_middle_of_an_answer_is_logged_without_its_message(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """Its message may hold an answer, and the server would log it whole."""
    closed = []

    def content() -> Iterator[str]:
        try:
            yield "first"
            raise ValueError("Secretwang")
        finally:
            closed.append(True)

    with app.test_request_context("/office/exports/household.csv"):
        answer = guard_stream(Response(content()))
    pieces = iter(answer.response)
    assert next(pieces) == "first"
    with pytest.raises(BrokenOffError) as caught:
        next(pieces)
    assert caught.value.__suppress_context__ and "Secretwang" not in str(caught.value)
    assert "unexpected ValueError at" in caplog.text and "Secretwang" not in caplog.text
    with app.test_request_context("/office/exports/household.csv"):
        left = guard_stream(Response(content()))
    next(iter(left.response))
    left.close()
    assert closed == [True, True]


def test_a_form_with_nul_is_refused(client: FlaskClient) -> None:
    answer = client.post("/office/sign-in", data={"login": "lin\0", "password": "x"})
    assert answer.status_code == 400 and "cannot be read" in answer.text


def test_a_login_that_folding_makes_too_long_is_refused(client: FlaskClient, people: People) -> None:
    fields = {"name": "Lin", "login": "ẞ" * 60, "role": "owner", "language": "zh"}
    assert sign_in(client, "lin").post("/office/people/new-office-user", data=fields).status_code in (200, 400)


def test_half_characters_from_a_phone_hold_up_neither_receipts_nor_exports(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """JSON can say half a character, which no text can hold: in an id that a receipt gives back, in answers, and so in paths of flags."""
    visit = {"id": "9715b71e-\ud800", "list": "1", "key": "H1", "outcome": "done"}
    body = json.dumps({"visits": [visit]})
    answer = phone.client.post("/sync/v1/visits", data=body, headers=phone.headers)
    assert [(one["id"], one["status"]) for one in answer.get_json()["receipts"]] == [(visit["id"], "malformed")]
    phone.receipts(json.dumps(json.loads(make_document(household, answers={"\ud800": "x", "hh_size": "\udfff"}))))
    table = su.get("/office/exports/household.csv").data.decode("utf-8-sig")
    assert len(table.splitlines()) == 2
    token = issue_token(session, session.scalars(select(User).where(User.login == "su")).one(), is_read_only=True)[1]
    session.commit()
    for path in (
        "household.svc/Submissions",
        "household/submissions",
        "household/submissions.csv",
        "household/submissions.csv.zip",
    ):
        answer = phone.client.get(f"/v1/projects/1/forms/{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200 and answer.data, path


@pytest.mark.parametrize(
    "body",
    ["[" * 20_000, '{"a":' * 1000, '{"email": "a\\ud800", "password": "x"}', '{"email": "a\\u0000", "password": "x"}'],
)
def test_odd_bodies_where_a_session_of_the_api_begins(client: FlaskClient, people: People, body: str) -> None:
    """Deeper than the reader goes, and texts that no database holds."""
    answer = client.post("/v1/sessions", data=body, content_type="application/json")
    assert answer.status_code == 400 and answer.is_json, answer.text


def exchange(port: int, head: str, body: bytes, repeat: int = 1) -> bytes:
    """Send a request in full before reading, as browsers do; the beginning of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(f"POST /sync/v1/enrol HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode())
        for _ in range(repeat):
            connection.sendall(body)
        return connection.recv(15)


def test_the_server_answers_broken_and_far_too_large_bodies(database_kind: str, tmp_path: Path) -> None:
    """Unread bytes would reset the connection, and a browser would show that instead of the page about the limit."""
    with running_server(database_kind, tmp_path) as server:
        port = int(server.environ["PORT"])
        assert exchange(port, "Transfer-Encoding: chunked", b"zz\r\n") == b"HTTP/1.1 400 BA"
        assert exchange(port, "Content-Length: 104857600", b"x" * 1024 * 1024, 100) == b"HTTP/1.1 413 RE"
