"""Two real hosts over one database and one real S3 server: whatever one took in, the other gives out; a store that is away loses nothing."""

import base64
import hashlib
import io
import os
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.export.jobs.operations import ask_export
from collector.export.options import Options
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.store import ExportJob, File, Questionnaire, User
from collector.store.data_keys import new_key_text
from collector.store.people import VOLUNTEER
from collector.store.session import writing
from tests.conftest import HOUSEHOLD
from tests.documents import make_document
from tests.s3 import S3Server, running_s3
from tests.servers import Server, free_port, running_server
from tests.workbooks import make_workbook

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(251)) * 1200
PATIENCE_S = 120


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A store of these tests' own, which they stop and start."""
    with running_s3(tmp_path_factory.mktemp("s3"), free_port()) as server:
        before = {name: os.environ.get(name) for name in server.environ}
        os.environ.update(server.environ)
        yield server
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="module")
def hosts(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory, store: S3Server
) -> Iterator[tuple[Server, Server]]:
    """Two hosts that share a database, keys and the store, and no folder."""
    shared = {
        "FILES_URL": store.files_url("district"),
        "SECRET_KEY": uuid4().hex,
        "DATA_KEY": new_key_text(),
        **store.environ,
    }
    with running_server(database_kind, tmp_path_factory.mktemp("one"), **shared) as one:
        apart = {"DATA_DIR": str(tmp_path_factory.mktemp("two")), "PORT": str(free_port())}
        two = Server(one.environ | apart, one.printed)
        two.start()
        try:
            yield one, two
        finally:
            two.stop()


@pytest.fixture(scope="module")
def app(hosts: tuple[Server, Server]) -> Iterator[Flask]:
    app = hosts[0].app
    yield app
    app.extensions["collector_engine"].dispose()


class Phone:
    """A phone that is enrolled, and asks whichever host it is told to."""

    def __init__(self, app: Flask) -> None:
        with app.app_context(), writing() as session:
            _, link = issue_enrolment(session, create_user(session, name="Wei", role=VOLUNTEER), by=None)
            _, token = enrol_device(session, link, "phone")
        self.headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}

    def push(self, host: Server, document: str) -> dict[str, Any]:
        body = {"responses": [document]}
        answer = requests.post(f"{host.url}/sync/v1/push", json=body, headers=self.headers, timeout=60)
        [receipt] = answer.json()["receipts"]
        return dict(receipt)

    def begin(self, host: Server, response_id: str, file: dict[str, Any]) -> requests.Response:
        about = {"response": response_id, "name": file["name"], "sha256": file["sha256"], "type": "image/jpeg"}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in about.items())
        headers = self.headers | {"Upload-Length": str(file["size"]), "Upload-Metadata": metadata}
        return requests.post(f"{host.url}/sync/v1/files", headers=headers, timeout=60)

    def send(self, host: Server, path: str, offset: int, piece: bytes) -> requests.Response:
        headers = self.headers | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return requests.patch(host.url + path, data=piece, headers=headers, timeout=60)

    def offset(self, host: Server, path: str) -> int:
        return int(requests.head(host.url + path, headers=self.headers, timeout=60).headers["Upload-Offset"])


@pytest.fixture(scope="module")
def phone(app: Flask) -> Phone:
    """A phone, and the questionnaire that it fills in."""
    workbook = Workbook("household.xlsx", make_workbook(HOUSEHOLD), {})
    compiled = compile_workbook(workbook.content, workbook.name, {})
    with app.app_context(), writing() as session:
        publish_version(session, add_draft(session, compiled, workbook, by=None), by=None)
    return Phone(app)


def new_photo() -> dict[str, Any]:
    """The entry of a photo in a document, with its bytes under "content"."""
    content = PHOTO + os.urandom(8)
    digest = hashlib.sha256(content).hexdigest()
    return {"name": "a.jpg", "path": "/data/photo", "size": len(content), "sha256": digest, "content": content}


def finish(phone: Phone, host: Server, photo: dict[str, Any]) -> str:
    """A response that names the photo, pushed; gives its id."""
    response_id = str(uuid4())
    entry = {key: value for key, value in photo.items() if key != "content"} | {"type": "image/jpeg"}
    assert phone.push(host, make_document(id=response_id, files=[entry]))["status"] == "stored"
    return response_id


def signed_in(host: Server) -> requests.Session:
    """A browser in which the owner is signed in."""
    browser = requests.Session()
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.get(f"{host.url}/office/sign-in").text)
    assert found
    data = {"login": "owner", "password": host.password, "csrf_token": found.group(1)}
    assert browser.post(f"{host.url}/office/sign-in", data=data, timeout=60).status_code == 200
    return browser


def test_a_photo_arrives_in_pieces_at_two_hosts_and_is_read_exported_and_deleted(
    hosts: tuple[Server, Server], app: Flask, phone: Phone, store: S3Server
) -> None:
    one, two = hosts
    photo = new_photo()
    content = photo["content"]
    response_id = finish(phone, one, photo)
    path = phone.begin(one, response_id, photo).headers["Location"]
    for number, start in enumerate(range(0, len(content), 70_000)):
        piece = content[start : start + 70_000]
        answer = phone.send(hosts[number % 2], path, start, piece)
        assert answer.status_code == 204, answer.text
        assert phone.offset(hosts[(number + 1) % 2], path) == start + len(piece)
    kept = f"files/{photo['sha256'][:2]}/{photo['sha256']}"
    keys = store.keys("district")
    assert kept in keys and not any("/partial/" in key for key in keys)
    assert content[:100] not in store.read(f"district/{kept}")
    # Neither host has it in its own folder.
    for host in hosts:
        assert not (Path(host.environ["DATA_DIR"]) / "files").exists()

    with Session(app.extensions["collector_engine"]) as session:
        file_id = session.scalars(select(File.id).where(File.sha256 == photo["sha256"])).one()
    office = signed_in(two)
    assert office.get(f"{two.url}/office/files/{file_id}", timeout=60).content == content
    part = office.get(f"{two.url}/office/files/{file_id}", headers={"Range": "bytes=1000-1099"}, timeout=60)
    assert (part.status_code, part.content) == (206, content[1000:1100])

    job = made(app, "media")
    for host in hosts:
        whole = office.get(f"{host.url}/office/exports/-/{job.id}", timeout=60)
        assert hashlib.sha256(whole.content).hexdigest() == job.sha256
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert content in [archive.read(name) for name in archive.namelist()]

    page = office.get(f"{one.url}/office/responses/{response_id}", timeout=60).text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert token
    reason = {"reason": "test", "note": "x", "csrf_token": token.group(1)}
    assert office.post(f"{one.url}/office/responses/{response_id}/delete", data=reason, timeout=60).status_code == 200
    assert kept not in store.keys("district")


def made(app: Flask, format: str) -> ExportJob:
    """A file of the household questionnaire that the owner asked for, once a host has made it."""
    with app.app_context(), writing() as session:
        owner = session.scalars(select(User.id).where(User.login == "owner")).one()
        questionnaire = session.scalars(select(Questionnaire).where(Questionnaire.form_id == "household")).one()
        job_id = ask_export(session, owner, questionnaire, Options(format=format)).id
    until = time.monotonic() + PATIENCE_S
    while True:
        with Session(app.extensions["collector_engine"], expire_on_commit=False) as session:
            job = session.get_one(ExportJob, job_id)
        if job.state == "ready":
            return job
        assert job.state != "failed" and time.monotonic() < until, (job.state, job.error)
        time.sleep(0.05)


def test_a_store_that_goes_away_is_told_and_the_photo_goes_on_when_it_is_back(
    hosts: tuple[Server, Server], phone: Phone, store: S3Server
) -> None:
    one, two = hosts
    photo = new_photo()
    content = photo["content"]
    response_id = finish(phone, one, photo)
    path = phone.begin(one, response_id, photo).headers["Location"]
    assert phone.send(one, path, 0, content[:100_000]).status_code == 204
    store.stop()
    try:
        for start, end in ((100_000, 150_000), (100_000, len(content))):
            answer = phone.send(two, path, start, content[start:end])
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        # Answers are taken all the same, and nothing that had arrived is forgotten.
        assert finish(phone, two, new_photo())
        assert phone.offset(one, path) == 100_000
    finally:
        store.start()
    assert phone.send(two, path, 100_000, content[100_000:]).status_code == 204
    again = phone.begin(one, response_id, photo)
    assert again.headers["Upload-Offset"] == str(len(content))


def test_a_photo_in_the_office_while_the_store_is_away(
    hosts: tuple[Server, Server], app: Flask, phone: Phone, store: S3Server
) -> None:
    one, two = hosts
    photo = new_photo()
    response_id = finish(phone, one, photo)
    path = phone.begin(one, response_id, photo).headers["Location"]
    assert phone.send(one, path, 0, photo["content"]).status_code == 204
    with Session(app.extensions["collector_engine"]) as session:
        file_id = session.scalars(select(File.id).where(File.sha256 == photo["sha256"])).one()
    office = signed_in(one)
    store.stop()
    try:
        assert office.get(f"{two.url}/office/files/{file_id}", timeout=60).status_code == 503
        assert office.get(f"{one.url}/office/responses/{response_id}", timeout=60).status_code == 200
    finally:
        store.start()
    assert office.get(f"{two.url}/office/files/{file_id}", timeout=60).content == photo["content"]


def test_the_verification_reads_what_lies_in_the_store(hosts: tuple[Server, Server]) -> None:
    said = hosts[1].run("verify")
    assert "ok" in said.splitlines()
