"""Addresses, forms and bodies that nobody's browser sends: a plain refusal, on both databases."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from collector.edge import BrokenOffError, guard_stream
from collector.store import Version
from tests.conftest import People, sign_in
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
