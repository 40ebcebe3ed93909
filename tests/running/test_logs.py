"""The log: one JSON object a line, and in none of them who asked, from where, for what, or with what answers."""

import http.client
import json
import logging
import uuid
from time import sleep, time
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector import logs
from collector.errors import CollectorError
from tests.faults.server import FragileServer
from tests.running.conftest import NewPhone, log_of

MARKER = "Marke7r"


def call(server: FragileServer, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
    """One request."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.environ["PORT"]), timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_no_line_holds_what_was_sent(served: FragileServer, new_phone: NewPhone) -> None:
    phone = new_phone(served, f"{MARKER} Wei")
    document = {"id": str(uuid.uuid4()), "form": phone.form.id, "version": "1", "model": phone.form.model}
    document |= {"answers": {"who": MARKER}, "instance_name": MARKER, "place": MARKER, "files": []}
    push = json.dumps({"responses": [json.dumps(document), MARKER, json.dumps({"id": MARKER})]})
    token = {"Authorization": f"Bearer {phone.token}", "Content-Type": "application/json"}
    assert call(served, "POST", "/sync/v1/push", push, **token).status == 200
    assert call(served, "POST", "/sync/v1/push", "{" + MARKER, **token).status == 400
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    call(served, "POST", "/office/sign-in", f"login={MARKER}&password={MARKER}", **form)
    call(served, "GET", f"/office/responses?q={MARKER}")
    call(served, "GET", f"/{MARKER}/{quote('王小明')}")
    call(served, "GET", "/sync/v1/pull", Authorization=f"Bearer {MARKER}")
    call(served, "GET", "/openrosa/formList", Authorization=f'Digest username="{MARKER}"')
    call(served, MARKER.upper(), "/healthz")
    call(served, "GET", "/healthz", **{"X-Forwarded-For": "203.0.113.77", "User-Agent": MARKER, "Referer": MARKER})
    call(served, "GET", f"/join/{MARKER}")
    for line in (
        f"GET /{MARKER} HTTP/9.9\r\n\r\n",
        f"GET /healthz HTTP/1.1\r\n{MARKER} broken\r\n\r\n",
        f"{MARKER}\r\n\r\n",
    ):
        send_raw(served, line)
    last = call(served, "GET", "/healthz").headers["X-Request-ID"]
    text = wait_for_line(served, last)
    for secret in (MARKER, MARKER.upper(), "王小明", quote("王小明"), "203.0.113.77", phone.token, phone.author):
        assert secret not in text, [line for line in text.splitlines() if secret in line]
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"time", "level", "event", "host", "pid"} <= set(line) for line in lines)
    [of_last] = [line for line in lines if line.get("request_id") == last]
    assert of_last | {"endpoint": "health.healthz", "method": "GET", "status": 200, "level": "info"} == of_last
    assert of_last["ms"] >= 0
    # The server's own lines are among them, in the same form.
    assert any(line["logger"] == "gunicorn.error" for line in lines)
    assert any("could not be read" in line["event"] for line in lines)


def send_raw(server: FragileServer, text: str) -> None:
    """Send what is no request."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.environ["PORT"]), timeout=30)
    connection.connect()
    connection.sock.sendall(text.encode())
    connection.sock.recv(1000)
    connection.close()


def wait_for_line(server: FragileServer, text: str) -> str:
    """The log, once `text` is in it."""
    until = time() + 30
    while text not in log_of(server):
        assert time() < until
        sleep(0.1)
    return log_of(server)


def test_the_id_of_a_trusted_proxy_is_taken_over_if_it_looks_like_one(served: FragileServer) -> None:
    given = "0af7651916cd43dd8448eb211c80319c"
    assert call(served, "GET", "/healthz", **{"X-Request-ID": given}).headers["X-Request-ID"] == given
    for bad in ("short", "with a blank in it", "a" * 65, f"{given}\t{MARKER}"):
        assert call(served, "GET", "/healthz", **{"X-Request-ID": bad}).headers["X-Request-ID"] != bad


def test_without_a_proxy_nobody_chooses_an_id(client: FlaskClient) -> None:
    answers = [client.get("/healthz", headers={"X-Request-ID": "0af7651916cd43dd"}) for _ in range(2)]
    ids = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(ids) == 2
    assert "0af7651916cd43dd" not in ids


def test_an_error_page_names_the_id_and_json_keeps_its_shape(client: FlaskClient) -> None:
    page = client.get("/office/nothing")
    assert page.headers["X-Request-ID"] in page.text
    answer = client.get("/sync/v1/pull")
    assert set(answer.get_json()["error"]) == {"code", "message", "details"}
    assert answer.headers["X-Request-ID"]


def test_a_slow_request_is_a_warning(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "SLOW_MS", -1)
    client.get("/healthz")
    [record] = [record for record in caplog.records if record.name == "collector.logs"]
    assert record.levelno == logging.WARNING
    assert record.__dict__["ms"] >= 0


def test_an_error_is_told_by_its_kind_and_places() -> None:
    try:
        raise CollectorError(MARKER)
    except CollectorError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("collector", logging.ERROR, __file__, 1, "it %s", ("broke\nhere",), told)
    line = logs.JsonFormatter().format(record)
    assert MARKER not in line
    assert json.loads(line)["error"] == "CollectorError"
    assert json.loads(line)["event"] == "it broke here"
    assert MARKER not in logs.TextFormatter().format(record)
    assert "\n" not in logs.TextFormatter().format(record)


@pytest.mark.parametrize(
    ("given", "formatter"), [("text", "TextFormatter"), ("json", "JsonFormatter"), ("", "JsonFormatter")]
)
def test_text_or_json_as_wished(given: str, formatter: str) -> None:
    # Under pytest the error stream is no terminal.
    assert logs.config({"LOG_FORMAT": given})["formatters"]["line"]["()"].__name__ == formatter
