"""Nobody who has the database, its log, the data folder or the server's log reads an answer there; the office reads all of it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import requests
from sqlalchemy import select
from sqlalchemy.engine import make_url

from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.settings import PROJECT_ROOT
from collector.store import (
    Base,
    Comment,
    Decision,
    ListEntry,
    Place,
    Questionnaire,
    User,
    VisitList,
)
from collector.store.people import VOLUNTEER
from collector.store.session import writing
from tests.documents import make_document
from tests.servers import Server, running_server
from tests.workbooks import make_workbook

FORM = """
| survey   |
|          | type     | name  | label |
|          | text     | head  | Name  |
|          | text     | phone | Phone |
|          | geopoint | where | Where |
|          | image    | photo | Photo |
| settings |
|          | form_title | form_id | version | instance_name |
|          | Sealed     | sealed  | 1       | ${head}       |
"""
#: A first name and a family name that stand nowhere else, a telephone number and a place on earth.
MARK, HAN, NUMBER, LATITUDE, LONGITUDE = "Zqxmarquis", "龘靐齉", "13987650321", "32.0471137", "118.7853391"
SECRETS = (MARK, MARK.lower(), HAN, "龘靐", NUMBER, LATITUDE, LONGITUDE, "32.04711")


def stored_bytes(server: Server, folder: Path) -> Iterator[tuple[str, bytes]]:
    """All that lies in the data folder, and every table of PostgreSQL as a dump has it."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
    url = make_url(server.environ["DATABASE_URL"])
    if url.get_backend_name() == "postgresql":
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            for table in Base.metadata.sorted_tables:
                with connection.cursor().copy(f"COPY {table.name} TO STDOUT (FORMAT binary)") as rows:
                    yield table.name, b"".join(bytes(block) for block in rows)


def found_in(server: Server, folder: Path) -> set[tuple[str, str]]:
    """Where any of the secrets can be read: what, and the name of the file or table."""
    return {
        (secret, name)
        for name, content in stored_bytes(server, folder)
        for secret in SECRETS
        if secret.encode() in content or secret.encode("utf-16-le") in content
    }


def fill(server: Server, folder: Path) -> str:
    """Publish the form, and push a response with secrets in it. Gives its id; comments, decisions and doors tell them too."""
    path = folder.parent / "sealed.xlsx"
    path.write_bytes(make_workbook(FORM))
    run(server, "form", "publish", str(path))
    response_id, app = str(uuid4()), server.app
    with app.app_context(), writing() as session:
        questionnaire = session.scalars(select(Questionnaire).where(Questionnaire.form_id == "sealed")).one()
        questionnaire.duplicate_keys = ["phone"]
        questionnaire.personal_fields = ["head", "phone", "where", "photo"]
        volunteer = create_user(session, name="Wei", role=VOLUNTEER)
        _, link = issue_enrolment(session, volunteer, by=None)
        _, token = enrol_device(session, link, "Test phone")
        answers = {"head": f"{MARK} {HAN}", "phone": NUMBER, "where": f"{LATITUDE} {LONGITUDE} 0 5"}
        documents = [
            make_document(
                questionnaire.current_version,
                id=id_,
                form="sealed",
                author=volunteer.id,
                answers=answers,
                instance_name=f"{MARK} {HAN}",
                place="",
            )
            for id_ in (response_id, str(uuid4()))
        ]
    odd = json.dumps({"answers": {"head": f"{MARK} {NUMBER}"}})
    answer = requests.post(
        f"{server.url}/sync/v1/push",
        json={"responses": [*documents, odd]},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert [receipt["status"] for receipt in answer.json()["receipts"]] == ["stored", "stored", "quarantined"]
    with app.app_context(), writing() as session:
        owner, place = session.scalars(select(User).where(User.login == "owner")).one(), session.scalars(select(Place))
        session.add(Comment(response_id=response_id, by=owner.id, text=f"Call {MARK} at {NUMBER}"))
        session.add(
            Decision(
                batch_id=str(uuid4()),
                response_id=response_id,
                revision=1,
                from_state="received",
                to_state="returned",
                reason=f"Ask {MARK} again",
            )
        )
        doors = VisitList(name="Doors", created_by=owner.id)
        session.add(doors)
        session.flush()
        session.add(ListEntry(list_id=doors.id, key="1", place_id=place.first().id, label=f"{MARK}, 3-2", note=NUMBER))
    app.extensions["collector_engine"].dispose()
    return response_id


def sign_in(server: Server) -> requests.Session:
    """The owner's browser."""
    browser = requests.Session()
    page = browser.get(f"{server.url}/office/sign-in", timeout=30).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    data = {"login": "owner", "password": server.password, "csrf_token": token[1]}
    assert browser.post(f"{server.url}/office/sign-in", data=data, timeout=30).ok
    return browser


def check_is_read(server: Server, response_id: str, folder: Path) -> None:
    """The page of the response, searches for its name and its beginning, of doors too, and the export have all of it."""
    browser = sign_in(server)
    page = browser.get(f"{server.url}/office/responses/{response_id}", timeout=30).text
    assert all(text in page for text in (MARK, HAN, NUMBER, LATITUDE))
    for words in (MARK, MARK[:4].lower(), "龘靐", f"wei {MARK}"):
        found = browser.get(f"{server.url}/office/responses", params={"q": words}, timeout=30).text
        assert response_id in found and HAN in found, words
    assert response_id not in browser.get(f"{server.url}/office/responses", params={"q": "Zqz"}, timeout=30).text
    target = folder.parent / f"{uuid4().hex}.csv"
    run(server, "export", "sealed", str(target))
    table = target.read_text("utf-8-sig")
    assert all(text in table for text in (MARK, HAN, NUMBER, LATITUDE, LONGITUDE))
    points = browser.get(f"{server.url}/office/board/points.geojson?questionnaire=sealed", timeout=30).json()[
        "features"
    ]
    assert [float(LONGITUDE), float(LATITUDE)] in [point["geometry"]["coordinates"] for point in points]


def run(server: Server, *command: str) -> str:
    """Run a command in this process; gives what it printed."""
    app = server.app
    done = app.test_cli_runner().invoke(args=["collector", *command])
    app.extensions["collector_engine"].dispose()
    assert done.exit_code == 0, done.output
    return done.stdout


def test_no_answer_can_be_read_where_it_lies(
    database_kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also after everything was unsealed, as for an earlier release, and sealed again."""
    folder = tmp_path / "data"
    folder.mkdir()
    with running_server(database_kind, folder, LOG_LEVEL="debug") as server:
        response_id = fill(server, folder)
        assert found_in(server, folder) == set()
        check_is_read(server, response_id, folder)
        assert found_in(server, folder) == set()
        server.stop()
        run(server, "keys", "unseal", "--yes")
        # So this test would see it.
        assert {secret for secret, _ in found_in(server, folder)} >= {MARK, HAN, NUMBER, LATITUDE}
        run(server, "keys", "reseal")
        assert found_in(server, folder) == set()
        server.start()
        check_is_read(server, response_id, folder)
        run(server, "verify")
    said = "".join(capfd.readouterr())
    assert not [secret for secret in SECRETS if secret in said]


def test_keys_turn_while_phones_send(database_kind: str, tmp_path: Path) -> None:
    """Rotated and sealed anew: the running server reads what the new key sealed, and killing the work in the middle does no harm."""
    folder = tmp_path / "data"
    folder.mkdir()
    with running_server(database_kind, folder) as server:
        response_id = fill(server, folder)
        first = (folder / "data_key").read_text().split()
        assert "keys reseal" in run(server, "keys", "rotate")
        assert (folder / "data_key").read_text().split()[1:] == first
        for _ in range(2):
            broken_off = begin(server, "keys", "reseal")
            os.kill(broken_off.pid, signal.SIGKILL)
            broken_off.wait(30)
        both = [begin(server, "keys", "reseal") for _ in range(2)]
        assert [process.wait(120) for process in both] == [0, 0]
        # This server still seals with the key that it began with, and reads with both.
        check_is_read(server, response_id, folder)
        server.stop()
        server.start()
        run(server, "keys", "reseal")
        check_is_read(server, response_id, folder)
        rows = json.loads(run(server, "keys", "list", "--json"))
        assert [(row["seals"], row["marks"], row["is_here"]) for row in rows] == [
            (True, False, True),
            (False, True, True),
        ]
        assert rows[0]["values"] > 0 and (rows[1]["values"], rows[1]["files"]) == (0, 0)
        assert first[0] not in run(server, "keys", "list")
        run(server, "verify")


def begin(server: Server, *command: str) -> subprocess.Popen[bytes]:
    """Begin a command, and wait until it is at work."""
    full = [sys.executable, "-m", "flask", "--app", "wsgi", "collector", *command]
    process = subprocess.Popen(full, cwd=PROJECT_ROOT, env=server.environ, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    return process


def test_a_lost_key_is_told_on_the_command_line_and_by_the_server(database_kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with running_server(database_kind, folder) as server:
        server.stop()
        kept = (folder / "data_key").read_bytes()
        (folder / "data_key").unlink()
        gunicorn = ["-m", "gunicorn", "--config", "python:collector.serving", "wsgi:app"]
        for command in (["-m", "flask", "--app", "wsgi", "collector", "init"], gunicorn):
            done = subprocess.run(
                [sys.executable, *command],
                cwd=PROJECT_ROOT,
                env=server.environ,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode != 0
            assert "Collector does not start. What is stored is sealed with the data key" in done.stderr
        assert not (folder / "data_key").exists()
        (folder / "data_key").write_bytes(kept)
        server.start()
