"""Very many phones at a real server at the same moment: who finds no room is told so, and people's pages answer all the while."""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.store import Questionnaire, Response
from collector.store.people import VOLUNTEER
from collector.store.session import dispose, writing
from collector.sync.pushes import MOST_PUSHES
from tests.documents import make_document
from tests.servers import Server, running_server

#: More than a worker has threads.
PHONES = 2 * MOST_PUSHES + 10
PATIENCE_S = 60


@pytest.fixture
def server(database_kind: str, tmp_path: Path) -> Iterator[Server]:
    """A server of one worker."""
    with running_server(database_kind, tmp_path, WORKERS="1") as server:
        yield server


@contextmanager
def nobody_writes(app: Flask) -> Iterator[None]:
    """Whoever wants to store a response has to wait."""
    engine = app.extensions["collector_engine"]
    with engine.connect().execution_options(is_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE responses IN EXCLUSIVE MODE"))
        yield


def test_phones_that_find_no_room_are_told_so_and_the_office_is_served_meanwhile(server: Server) -> None:
    app = server.app
    with app.app_context(), writing() as session:
        form = session.scalars(select(Questionnaire.form_id)).first()
        volunteer = create_user(session, name="Wei", role=VOLUNTEER)
        token = enrol_device(session, issue_enrolment(session, volunteer, by=None)[1], "Phone")[1]

    def push(document: str) -> tuple[int, str]:
        answer = requests.post(
            f"{server.url}/sync/v1/push",
            json={"responses": [document]},
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE_S,
        )
        if answer.status_code != 200:
            assert int(answer.headers["Retry-After"]) > 0
            return answer.status_code, answer.json()["error"]["code"]
        return answer.status_code, answer.json()["receipts"][0]["status"]

    documents = [make_document(form=form, id=str(uuid4())) for _ in range(PHONES)]
    with ThreadPoolExecutor(PHONES) as pool:
        with nobody_writes(app):
            waiting = {pool.submit(push, document): document for document in documents}
            refused: list[str] = []
            # Those who have room wait for as long as nobody can write.
            while len(refused) < PHONES - MOST_PUSHES:
                done, _ = wait(waiting, PATIENCE_S, FIRST_COMPLETED)
                assert done, "nobody else was answered"
                for one in done:
                    assert one.result() == (503, "pushes_too_many")
                    refused.append(waiting.pop(one))
            for page in ("/office/sign-in", "/readyz"):
                assert requests.get(server.url + page, timeout=PATIENCE_S).status_code == 200
            assert len(waiting) == MOST_PUSHES and not any(one.done() for one in waiting)
        assert {one.result() for one in waiting} == {(200, "stored")}
    assert {push(document) for document in refused} == {(200, "stored")}
    with Session(app.extensions["collector_engine"]) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == PHONES
    dispose(app)
