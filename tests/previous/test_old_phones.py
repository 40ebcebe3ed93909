"""Phones that were not updated for two releases go on: their own code, from `RELEASE.tar.gz`, against this server over real sockets.

What docs/sync-protocol.md promises under "Earlier phones". Release 0.7 sends with the very modules of 0.6.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from collector.accounts.operations import revoke_enrolment
from collector.store import Enrolment, File, Place, Response, Revision, Version, Visit, VisitList
from tests.conftest import Phone
from tests.documents import ID, content_hash, fresh, make_document
from tests.sync.test_returned import send_back
from tests.sync.test_visits import doors  # noqa: F401

HERE = Path(__file__).parent
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 700


@dataclass
class OldPhone:
    """A phone of an earlier release, in Node; `ask` has it do something and gives what came of it."""

    process: subprocess.Popen[str]

    def ask(self, command: str, **given: Any) -> Any:
        """The value of a command. Raises OldPhoneError with the code that the old client found."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"command": command} | given) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the phone died at {command}"
        answer = json.loads(line)
        if "error" in answer:
            raise OldPhoneError(answer["error"])
        return answer["value"]

    def finish(self, document: str, files: dict[str, bytes] | None = None) -> None:
        """A finished response waits on it."""
        files = files or {}
        parsed = json.loads(document)
        entry = {
            "hash": content_hash(document),
            "id": parsed["id"],
            "document": document,
            "base": parsed["base"],
            "summary": {"finished_at": 1000},
            "files_left": list(files),
        }
        kept = [
            described(name, content) | {"content": base64.b64encode(content).decode()}
            for name, content in files.items()
        ]
        self.ask("finish", entry=entry, files=[file | {"response": parsed["id"]} for file in kept])

    def outbox(self) -> list[dict[str, Any]]:
        """What waits on it."""
        entries: list[dict[str, Any]] = self.ask("kept", store="outbox")
        return entries


class OldPhoneError(Exception):
    """What the old client took an answer for."""


def described(name: str, content: bytes) -> dict[str, Any]:
    """A file as documents name it."""
    return {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "type": "image/jpeg"}


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """The app behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


StartPhone = Callable[[str], OldPhone]


@pytest.fixture
def start(phone: Phone, url: str, tmp_path: Path) -> Iterator[StartPhone]:
    """`start(release)`: Wei's phone, which still has that release."""
    node = shutil.which("node")
    assert node, "Node is needed, as for the tests of the phone"
    started: list[subprocess.Popen[str]] = []

    def start(release: str) -> OldPhone:
        with tarfile.open(HERE / f"{release}.tar.gz") as archive:
            archive.extractall(tmp_path / release, filter="data")
        (tmp_path / release / "package.json").write_text('{"type": "module"}')
        command = [node, str(HERE / "phone.mjs"), str(tmp_path / release), url, phone.token, phone.user.id]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return OldPhone(process)

    yield start
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


@pytest.fixture(params=["0.5", "0.6"])
def old(request: pytest.FixtureRequest, start: StartPhone) -> OldPhone:
    """A phone of each release that is promised to go on, and of the one before."""
    return start(request.param)


def test_it_learns_what_there_is(old: OldPhone, places: dict[str, Place], household: Version) -> None:
    world = old.ask("pull")
    assert [(form["id"], form["model"]) for form in world["forms"]] == [("household", household.model_hash)]
    assert {place["code"] for place in world["places"]} >= {"D", "S1", "C01"}
    # It compares the bytes with their hash itself, and keeps no other.
    assert [model["hash"] for model in old.ask("kept", store="models")] == [household.model_hash]
    again = old.ask("pull")
    assert again["cursor"] == world["cursor"]
    assert again["forms"] == world["forms"]


@pytest.mark.parametrize("is_packed", [True, False])
def test_responses_and_photos_arrive_once_and_leave_it(
    old: OldPhone, is_packed: bool, places: dict[str, Place], household: Version, session: Session
) -> None:
    files = [described("front.jpg", PHOTO) | {"path": "/data/photo"}]
    first = make_document(household, files=files)
    old.finish(first, {"front.jpg": PHOTO})
    many = [make_document(household, id=f"11111111-1111-4111-8111-{number:012}") for number in range(60)]
    for document in many:
        old.finish(document)
    assert old.ask("send", isPacked=is_packed) == 61
    assert old.outbox() == []
    assert old.ask("kept", store="files") == []
    # Two of them come again, as after an answer that got lost; and one is corrected.
    old.finish(first, {"front.jpg": PHOTO})
    old.finish(make_document(household, base=1, answers={"place": "C01", "hh_size": "5"}, files=files))
    assert old.ask("send", isPacked=is_packed) == 2
    assert old.outbox() == []
    fresh(session)
    assert session.scalars(select(Revision.number).where(Revision.response_id == ID).order_by("number")).all() == [1, 2]
    assert len(session.scalars(select(Response.id)).all()) == 61
    kept = session.scalars(select(File).where(File.response_id == ID)).one()
    assert (kept.sha256, kept.size_bytes) == (hashlib.sha256(PHOTO).hexdigest(), len(PHOTO))
    assert session.get_one(Response, ID).missing_files == 0


def test_what_the_server_makes_nothing_of_holds_up_nothing_else(
    old: OldPhone, places: dict[str, Place], household: Version, session: Session
) -> None:
    unknown = "22222222-2222-4222-8222-222222222222"
    old.finish(make_document(household, id=unknown, form="no_such_form"))
    old.finish(make_document(household))
    assert old.ask("send", isPacked=True) == 2
    states = {entry["id"]: entry["status"] for entry in old.ask("kept", store="sent")}
    assert states == {ID: "stored", unknown: "quarantined"}


def test_a_server_without_room_for_files_takes_the_answers_and_the_photo_later(
    old: OldPhone, app: Flask, places: dict[str, Place], household: Version, session: Session
) -> None:
    """507 `disk_nearly_full` is newer than these phones."""
    old.finish(
        make_document(household, files=[described("front.jpg", PHOTO) | {"path": "/data/photo"}]), {"front.jpg": PHOTO}
    )
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, min_free_bytes=2**60)
    try:
        with pytest.raises(OldPhoneError, match="disk_nearly_full"):
            old.ask("send", isPacked=True)
    finally:
        app.config["SETTINGS"] = settings
    [entry] = old.outbox()
    assert (entry["status"], entry["files_left"]) == ("sent", ["front.jpg"])
    assert fresh(session).get_one(Response, ID).missing_files == 1
    assert old.ask("send", isPacked=True) == 1
    assert fresh(session).get_one(Response, ID).missing_files == 0


def test_a_returned_response_and_doors_reach_it_and_visits_come_back(
    start: StartPhone,
    phone: Phone,
    places: dict[str, Place],
    household: Version,
    doors: VisitList,  # noqa: F811
    session: Session,
) -> None:
    """From 0.6 on, which brought both."""
    old = start("0.6")
    phone.receipts(make_document(household, author=phone.user.id))
    send_back(session)
    old.ask("pull")
    [draft] = old.ask("kept", store="drafts")
    assert draft["id"] == ID
    assert len(old.ask("kept", store="doors")) == 3
    assert old.ask("visit", outcome="nobody_home") == 3
    assert [door["visits"] for door in old.ask("kept", store="doors")] == [[], [], []]
    assert fresh(session).scalars(select(Visit.outcome)).all() == ["nobody_home"] * 3


def test_access_that_was_taken_back_is_understood(
    old: OldPhone, phone: Phone, household: Version, session: Session
) -> None:
    old.finish(make_document(household))
    revoke_enrolment(session, session.get_one(Enrolment, phone.device.enrolment_id), by=None)
    session.commit()
    with pytest.raises(OldPhoneError, match="device_revoked"):
        old.ask("send", isPacked=True)
    assert len(old.outbox()) == 1
