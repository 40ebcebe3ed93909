"""OpenRosa through real gunicorn, spoken by an independent client (requests), with two workers and real connections."""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
from lxml import etree
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.accounts.collect_access import CollectCard, make_access
from collector.accounts.operations import create_user
from collector.store import File, Response, Revision
from collector.store.people import VOLUNTEER
from collector.store.session import writing
from tests.openrosa.collect import LIST, MESSAGE, PHOTO
from tests.servers import Server, running_server

FORM = "community_profile"


@pytest.fixture(scope="module")
def server(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(database_kind, tmp_path_factory.mktemp("openrosa")) as server:
        yield server


@pytest.fixture(scope="module")
def card(server: Server) -> CollectCard:
    """Access of a new volunteer."""
    app = server.app
    with app.app_context(), writing() as session:
        card = make_access(session, create_user(session, name="Wei", role=VOLUNTEER, language="en"), by=None)
    app.extensions["collector_engine"].dispose()
    return card


def xml_of(number: int) -> bytes:
    """A submission to the community profile."""
    meta = f"<meta><instanceID>uuid:{number:08d}-2222-4222-8222-222222222222</instanceID></meta>"
    return f'<data id="{FORM}" version="2006-03"><extra>4.jpg</extra>{meta}</data>'.encode()


def parts(number: int) -> dict[str, tuple[str, bytes, str]]:
    """A submission with a photo as the parts of a request."""
    return {
        "xml_submission_file": ("x.xml", xml_of(number), "text/xml"),
        "4.jpg": ("4.jpg", PHOTO * 200_000, "image/jpeg"),
    }


@pytest.mark.parametrize("way", [HTTPDigestAuth, HTTPBasicAuth])
def test_forms_and_submissions(server: Server, card: CollectCard, way: type[HTTPDigestAuth | HTTPBasicAuth]) -> None:
    number = 1 if way is HTTPDigestAuth else 2
    with requests.Session() as http:
        http.auth = way(card.login, card.password)
        listed = http.get(f"{card.server_url}/formList", timeout=30)
        assert listed.status_code == 200
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", listed.headers["Date"])
        assert listed.headers["X-OpenRosa-Version"] == "1.0"
        form = next(item for item in etree.fromstring(listed.content) if item.findtext(f"{LIST}formID") == FORM)
        xform = http.get(form.findtext(f"{LIST}downloadUrl") or "", timeout=30)
        assert xform.status_code == 200 and FORM.encode() in xform.content
        asked = http.head(f"{card.server_url}/submission", timeout=30)
        assert asked.status_code == 204 and asked.headers["Location"] == f"{card.server_url}/submission"
        for _ in range(2):
            sent = http.post(f"{card.server_url}/submission?deviceID=a%3Ab", files=parts(number), timeout=60)
            assert sent.status_code == 201, sent.text
            assert etree.fromstring(sent.content).findtext(MESSAGE)


def test_a_body_without_a_password_is_answered_all_the_same(server: Server, card: CollectCard) -> None:
    """The answer must reach a client that sends much before it looks."""
    sent = requests.post(f"{card.server_url}/submission", files=parts(3), timeout=60)
    assert sent.status_code == 401
    wrong = requests.post(
        f"{card.server_url}/submission", files=parts(3), auth=HTTPDigestAuth(card.login, "wrong"), timeout=60
    )
    assert wrong.status_code == 401
    assert etree.fromstring(wrong.content).findtext(MESSAGE)


def test_a_used_proof_is_used_for_both_workers(server: Server, card: CollectCard) -> None:
    with requests.Session() as http:
        http.auth = HTTPDigestAuth(card.login, card.password)
        used = http.get(f"{card.server_url}/formList", timeout=30).request.headers["Authorization"]
    for _ in range(6):
        again = requests.get(f"{card.server_url}/formList", headers={"Authorization": str(used)}, timeout=30)
        assert again.status_code == 401
        assert "stale=true" in again.headers["WWW-Authenticate"]


def test_many_at_once_lose_and_double_nothing(server: Server, card: CollectCard) -> None:
    def send(number: int) -> int:
        auth = HTTPDigestAuth(card.login, card.password)
        return requests.post(f"{card.server_url}/submission", files=parts(number), auth=auth, timeout=120).status_code

    numbers = [100 + at // 3 for at in range(12)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, numbers)) == [201] * 12
    app = server.app
    with Session(app.extensions["collector_engine"]) as session:
        of_these = [f"{number:08d}-2222-4222-8222-222222222222" for number in set(numbers)]
        for table, column in ((Response, Response.id), (Revision, Revision.response_id), (File, File.response_id)):
            count = session.scalar(select(func.count()).select_from(table).where(column.in_(of_these)))
            assert count == len(of_these), table
    app.extensions["collector_engine"].dispose()


def test_workers_that_are_killed_in_the_middle_lose_and_double_nothing(server: Server, card: CollectCard) -> None:
    """Each phone sends the same again until it is told that it is there; 201 was never said of what is not."""
    numbers, told = range(300, 306), set()
    is_over = Event()

    def send(number: int) -> None:
        auth = HTTPDigestAuth(card.login, card.password)
        for _ in range(20):
            try:
                answer = requests.post(f"{card.server_url}/submission", files=parts(number), auth=auth, timeout=120)
            except requests.ConnectionError:
                continue
            assert answer.status_code in (201, 503)
            if answer.status_code == 201:
                told.add(number)
                return

    def kill() -> None:
        assert server.process is not None
        for _ in range(6):
            if is_over.wait(0.4):
                return
            for worker in workers_of(server.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, numbers))
    is_over.set()
    killer.join()
    assert told == set(numbers)
    app = server.app
    with Session(app.extensions["collector_engine"]) as session:
        ids = [f"{number:08d}-2222-4222-8222-222222222222" for number in numbers]
        for table, column in ((Response, Response.id), (Revision, Revision.response_id), (File, File.response_id)):
            assert session.scalar(select(func.count()).select_from(table).where(column.in_(ids))) == len(ids), table
        missing = session.scalars(select(Response.missing_files).where(Response.id.in_(ids))).all()
        assert missing == [0] * len(ids)
    app.extensions["collector_engine"].dispose()


def workers_of(master: int) -> list[int]:
    """The processes of gunicorn's workers: children of its own that have no name of ours."""
    found = []
    for thread in Path(f"/proc/{master}/task").iterdir():
        for pid in (thread / "children").read_text().split():
            with suppress(FileNotFoundError):
                if not Path(f"/proc/{pid}/comm").read_text().startswith("collector-"):
                    found.append(int(pid))
    return found


def test_nothing_of_it_is_missed_by_verify(server: Server, card: CollectCard, tmp_path: Path) -> None:
    assert '"ok": true' in server.run("verify", "--json")
