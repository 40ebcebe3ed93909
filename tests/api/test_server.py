"""The API and webhooks over real HTTP: gunicorn, its background process, and a receiver on the loopback interface."""

import hashlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import issue_token
from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.store import Delivery, Questionnaire, Version, utc_now
from collector.store.people import ANALYST, VOLUNTEER
from tests.documents import make_document
from tests.servers import Server, running_server
from tests.webhooks.receivers import is_signed, receiving

PATIENCE_S = 60


@pytest.fixture(scope="module")
def server(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may send to receivers in its own network."""
    with running_server(database_kind, tmp_path_factory.mktemp("data"), WEBHOOKS_PRIVATE="1") as server:
        yield server


class Outside:
    """A phone and a program that know the server's address and what they were given."""

    def __init__(self, server: Server) -> None:
        self.server = server
        app = server.app
        self.engine = app.extensions["collector_engine"]
        with app.app_context(), Session(self.engine) as session:
            ana = create_user(
                session, name="Ana", role=ANALYST, login=f"ana{time.monotonic_ns()}", password="long enough 1"
            )
            _, self.token = issue_token(session, ana, is_read_only=False)
            _, link = issue_enrolment(session, create_user(session, name="Wei", role=VOLUNTEER), by=None)
            _, self.device = enrol_device(session, link, "phone")
            self.form = session.scalar(select(Questionnaire.form_id).order_by(Questionnaire.id).limit(1))
            self.version = session.scalar(
                select(Version.version).join(Questionnaire, Questionnaire.current_version_id == Version.id).limit(1)
            )
            session.commit()

    def ask(self, path: str, method: str = "GET", **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.request(method, f"{self.server.url}/api/v1{path}", headers=headers, timeout=30, **more)

    def push(self, response_id: str) -> None:
        read = json.loads(make_document(id=response_id, form=self.form, place="C01", answers={}))
        document = json.dumps(read | {"version": self.version})
        body = {"responses": [document]}
        headers = {"Authorization": f"Bearer {self.device}"}
        answer = requests.post(f"{self.server.url}/sync/v1/push", json=body, headers=headers, timeout=30)
        assert answer.json()["receipts"][0]["status"] == "stored", answer.text


@pytest.fixture
def outside(server: Server) -> Outside:
    """A phone and a program."""
    return Outside(server)


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)


def test_a_push_reaches_the_receiver_by_itself(outside: Outside) -> None:
    with receiving() as receiver:
        made = outside.ask("/webhooks", "POST", json={"url": receiver.url}).json()
        outside.push("a1111111-1111-4111-8111-111111111111")
        eventually(lambda: len(receiver.came) == 1)
        assert is_signed(made["secret"], *receiver.came[0])
        assert receiver.messages[0]["data"]["response"].startswith("a1111111")
        path = f"/webhooks/{made['id']}/deliveries"
        eventually(lambda: outside.ask(path).json()["items"][0]["state"] == "delivered")
        assert outside.ask(f"/webhooks/{made['id']}", "DELETE").status_code == 204


def test_a_server_that_is_killed_in_the_middle_of_a_message_sends_it_later(outside: Outside) -> None:
    with receiving() as receiver:
        receiver.is_holding = True
        made = outside.ask("/webhooks", "POST", json={"url": receiver.url}).json()
        outside.push("b1111111-1111-4111-8111-111111111111")
        eventually(lambda: len(receiver.came) == 1)
        assert outside.server.process is not None
        os.kill(outside.server.process.pid, signal.SIGKILL)
        outside.server.process.wait(30)
        receiver.is_holding = False
        receiver.released.set()
        with Session(outside.engine) as session:
            delivery = session.scalars(select(Delivery).where(Delivery.webhook_id == made["id"])).one()
            assert delivery.delivered_at is None and delivery.next_at is not None
            session.execute(update(Delivery).values(next_at=utc_now()))
            session.commit()
        outside.server.start()
        eventually(lambda: len(receiver.came) == 2)
        assert len(set(receiver.ids)) == 1 and all(is_signed(made["secret"], *one) for one in receiver.came)
        assert outside.ask(f"/webhooks/{made['id']}", "DELETE").status_code == 204


def test_an_export_is_asked_for_watched_and_fetched(outside: Outside) -> None:
    outside.push("c1111111-1111-4111-8111-111111111111")
    asked = outside.ask("/exports", "POST", json={"questionnaire": outside.form, "format": "ndjson", "times": "utc"})
    assert asked.status_code == 201 and asked.json()["options"] == {"format": "ndjson", "times": "utc"}
    path = f"/exports/{asked.json()['id']}"
    eventually(lambda: outside.ask(path).json()["state"] in ("ready", "failed"))
    job = outside.ask(path).json()
    assert (job["state"], job["error"]) == ("ready", "")
    file = outside.ask(f"{path}/file")
    assert file.status_code == 200 and hashlib.sha256(file.content).hexdigest() == job["sha256"]
    assert any(json.loads(line) for line in file.text.splitlines())
    assert outside.ask(path, "DELETE").status_code == 204
    assert outside.ask(path).status_code == 404
