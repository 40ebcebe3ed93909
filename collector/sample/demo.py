"""The demo: volunteers' phones send the whole 2006 survey through the sync API of a real server."""

# ruff: noqa: S310 - the addresses are those of our own server.
import gzip
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click
from sqlalchemy import select

from collector.accounts.operations import assign_places, create_user, issue_enrolment
from collector.sample.population import meetings, members, profiles
from collector.settings import MAX_PUSH_RESPONSES, PROJECT_ROOT, Settings
from collector.store import Place, Questionnaire, User, Version
from collector.store.people import VOLUNTEER
from collector.store.session import reading, writing

#: Phones that send at the same time.
PHONES_AT_ONCE = 4


class Phone:
    """A volunteer's phone as the sync protocol sees it."""

    def __init__(self, url: str, enrolment_token: str) -> None:
        self.url = url
        answer = self.post("enrol", {"token": enrolment_token, "label": "Demo"})
        self.token = answer["device_token"]
        self.user_id = answer["user"]["id"]

    def post(self, call: str, body: dict[str, Any], token: str | None = None) -> Any:
        """POST `body`, packed, to /sync/v1/`call`. Gives the answer's JSON; raises OSError when there is none."""
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = gzip.compress(json.dumps(body, ensure_ascii=False).encode(), 5)
        request = urllib.request.Request(f"{self.url}/sync/v1/{call}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def push(self, documents: list[str]) -> None:
        """Push `documents` and make sure that a receipt came for each. Raises RuntimeError otherwise."""
        sent_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        waiting = {"responses": 0, "files": 0, "drafts": 0}
        answer = self.post("push", {"sent_at": sent_at, "waiting": waiting, "responses": documents}, self.token)
        hashes = [hashlib.sha256(document.encode()).hexdigest() for document in documents]
        receipts = answer["receipts"]
        if [receipt["hash"] for receipt in receipts] != hashes or any(r["status"] == "quarantined" for r in receipts):
            raise RuntimeError("The server did not store every response of the demo.")


def run_demo(settings: Settings, url: str | None) -> None:
    """Enrol a volunteer for each subdistrict and send the survey. With no `url`, over a server started for it."""
    with server(settings) if url is None else _given(url) as address:
        phones = enrol_volunteers(address)
        models = published_models()
        work = [
            (phone, batch)
            for subdistrict, phone in phones.items()
            for batch in batched_documents(subdistrict, phone, models)
        ]
        total = sum(len(batch) for _, batch in work)
        with (
            click.progressbar(length=total, label="Sending / 发送") as bar,
            ThreadPoolExecutor(PHONES_AT_ONCE) as pool,
        ):
            for sent in pool.map(lambda item: send(*item), work):
                bar.update(sent)
    click.echo(f"{total} responses of {len(phones)} volunteers are at the server. / 共 {total} 份答卷已送达服务器。")


def send(phone: Phone, batch: list[str]) -> int:
    """Push a batch; gives its length."""
    phone.push(batch)
    return len(batch)


@contextmanager
def _given(url: str) -> Iterator[str]:
    yield url.rstrip("/")


@contextmanager
def server(settings: Settings) -> Iterator[str]:
    """A gunicorn of our own over the same database, on a free port, for as long as the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = os.environ | {
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:collector.serving", "wsgi:app"]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environ)
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Wait until the server at `url` answers. Raises RuntimeError when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server for the demo did not start; its messages above say why.")


def enrol_volunteers(url: str) -> dict[str, Phone]:
    """A phone of the volunteer of each subdistrict, by the subdistrict's code. People are made once, phones each time."""
    tokens = {}
    with writing() as session:
        for subdistrict in session.scalars(select(Place).where(Place.level == 1).order_by(Place.position)):
            name = f"演示志愿者·{subdistrict.names['zh']}"
            volunteer = session.scalar(select(User).where(User.name == name))
            if volunteer is None:
                volunteer = create_user(session, name=name, role=VOLUNTEER)
                assign_places(session, volunteer, [subdistrict.id], by=None)
            tokens[subdistrict.code] = issue_enrolment(session, volunteer, by=None, lifetime=timedelta(hours=1))[1]
    return {code: Phone(url, token) for code, token in tokens.items()}


def published_models() -> dict[str, tuple[str, str]]:
    """Version and model hash of each published questionnaire, by form id."""
    query = select(Questionnaire.form_id, Version.version, Version.model_hash).join(
        Version, Questionnaire.current_version_id == Version.id
    )
    return {form_id: (version, model_hash) for form_id, version, model_hash in reading().execute(query)}


def batched_documents(subdistrict: str, phone: Phone, models: dict[str, tuple[str, str]]) -> Iterator[list[str]]:
    """The response documents of one subdistrict, in batches as large as a push may be."""
    records = (record for source in (profiles, members, meetings) for record in source())
    documents = (
        make_document(number, record, phone, models)
        for number, record in enumerate(records)
        if record["place"].startswith(subdistrict)
    )
    while batch := list(islice(documents, MAX_PUSH_RESPONSES)):
        yield batch


def make_document(number: int, record: dict[str, Any], phone: Phone, models: dict[str, tuple[str, str]]) -> str:
    """The response document that the phone would have made. Its id is settled, so that a second demo doubles nothing."""
    version, model_hash = models[record["form"]]
    response_id = str(uuid5(NAMESPACE_URL, f"collector-demo-2006/{record['form']}/{record['place']}/{number}"))
    return json.dumps(
        {
            "id": response_id,
            "form": record["form"],
            "version": version,
            "model": model_hash,
            "base": None,
            "place": record["place"],
            "author": phone.user_id,
            "language": "中文 (zh)",
            "started_at": record["started_at"],
            "finished_at": record["finished_at"],
            "tz": "Asia/Shanghai",
            "answers": record["answers"],
            "instance_name": record.get("instance_name", ""),
            "files": [],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
