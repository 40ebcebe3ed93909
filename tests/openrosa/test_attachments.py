"""Files of submissions: over several requests, once each, known by their names alone."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.settings import MAX_FILE_BYTES
from collector.store import (
    File,
    Questionnaire,
    Response,
    Version,
)
from tests.conftest import People, Publish, sign_in
from tests.documents import fresh
from tests.openrosa.collect import PHOTO, RESPONSE, SECOND, WITH_PHOTO, Collect, documents, message, submission


def test_files_come_over_several_requests(
    collect: Collect, publish: Publish, session: Session, su: FlaskClient
) -> None:
    publish(
        """
        | survey   |
        |          | type  | name  | label |
        |          | image | one   | One   |
        |          | audio | two   | Two   |
        | settings |
        |          | form_title | form_id | version |
        |          | Two        | two     | 1       |
        """
    )
    xml = submission("<one>1.jpg</one><two>2.m4a</two>", form="two")
    assert collect.submit(xml, {"1.jpg": PHOTO}, **{"*isIncomplete*": "yes"}).status_code == 201
    assert fresh(session).get_one(Response, RESPONSE).missing_files == 1
    assert collect.submit(xml, {"2.m4a": b"sound"}).status_code == 201
    assert collect.submit(xml, {"1.jpg": PHOTO, "2.m4a": b"sound"}).status_code == 201
    response = fresh(session).get_one(Response, RESPONSE)
    assert (response.missing_files, response.flag_count) == (0, 0)
    files = session.scalars(select(File).order_by(File.name)).all()
    assert [(file.name, file.size_bytes, file.detected_type) for file in files] == [
        ("1.jpg", len(PHOTO), "image/jpeg"),
        ("2.m4a", 5, "application/octet-stream"),
    ]
    page = su.get(f"/office/responses/{RESPONSE}").text
    assert files[0].id in page and files[1].id in page
    assert su.get(f"/office/files/{files[0].id}").data == PHOTO


def test_the_newest_file_of_a_name_is_the_response_s(
    collect: Collect, household: Version, session: Session, su: FlaskClient
) -> None:
    xml = submission(WITH_PHOTO)
    collect.submit(xml, {"17.jpg": PHOTO})
    collect.submit(xml, {"17.jpg": PHOTO + b" again"})
    files = fresh(session).scalars(select(File).order_by(File.completed_at)).all()
    page = su.get(f"/office/responses/{RESPONSE}").text
    assert len(files) == 2
    assert files[0].id not in page and files[1].id in page


@pytest.mark.parametrize("name", ["照片 1.jpg", "-x.jpg", ".hidden.JPG", "a b.jpg"])
def test_a_name_that_files_here_cannot_have_is_changed(
    collect: Collect, household: Version, session: Session, name: str
) -> None:
    xml = submission(f"<place>C01</place><hh_size>4</hh_size><photo>{name}</photo>")
    assert collect.submit(xml, {name: PHOTO}).status_code == 201
    [document] = documents(session)
    [file] = document["files"]
    assert file["name"].startswith("file-") and file["name"].endswith(".jpg")
    assert document["answers"]["photo"] == file["name"]
    assert name in document["xml"]
    assert session.get_one(Response, RESPONSE).missing_files == 0


def test_verify_knows_files_by_their_name(collect: Collect, household: Version, app: Any, data_dir: Path) -> None:
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO})
    collect.submit(submission(WITH_PHOTO, instance_id=SECOND))
    done = app.test_cli_runner().invoke(args=["collector", "verify", "--json"])
    assert done.exit_code == 0, done.output
    digest = sha256(PHOTO).hexdigest()
    (data_dir / "files" / digest[:2] / digest).unlink()
    assert app.test_cli_runner().invoke(args=["collector", "verify", "--json"]).exit_code == 1


def test_a_file_that_is_too_large_is_told_of_and_the_answers_are_kept(
    collect: Collect, household: Version, session: Session
) -> None:
    answer = collect.submit(submission(WITH_PHOTO), {"17.jpg": b"x" * (MAX_FILE_BYTES + 1)})
    assert answer.status_code == 413
    assert str(MAX_FILE_BYTES) in message(answer)
    assert fresh(session).get_one(Response, RESPONSE).missing_files == 1
    huge = collect.submit(submission(WITH_PHOTO), {"17.jpg": b"x" * (MAX_FILE_BYTES + 9 * 1024 * 1024)})
    assert huge.status_code == 413 and message(huge)


def test_a_file_that_no_answer_names_is_kept_from_who_sees_no_personal_answers(
    collect: Collect, household: Version, people: People, session: Session, app: Any
) -> None:
    """Nobody knows what it shows."""
    collect.submit(submission(WITH_PHOTO), {"17.jpg": PHOTO, "18.jpg": PHOTO + b"2"})
    session.get_one(Questionnaire, household.questionnaire_id).personal_fields = ["members/name"]
    session.merge(people.ren).sees_personal = False
    session.commit()
    ren, su = sign_in(app.test_client(), "ren"), sign_in(app.test_client(), "su")
    named, other = fresh(session).scalars(select(File).order_by(File.name)).all()
    assert [ren.get(f"/office/files/{file.id}").status_code for file in (named, other)] == [200, 404]
    assert [su.get(f"/office/files/{file.id}").status_code for file in (named, other)] == [200, 200]


def test_a_disk_that_takes_nothing_leaves_nothing_half(
    collect: Collect, household: Version, session: Session, data_dir: Path
) -> None:
    """503: Collect keeps the submission, and sends all of it again later."""
    content = PHOTO + b" on a full disk"
    digest = sha256(content).hexdigest()
    # In the way of the folder that the file belongs into.
    (data_dir / "files").mkdir(exist_ok=True)
    obstacle = data_dir / "files" / digest[:2]
    assert not obstacle.exists()
    obstacle.write_bytes(b"")
    before = sorted((data_dir / "files").rglob("*"))
    answer = collect.submit(submission(WITH_PHOTO), {"17.jpg": content})
    assert (answer.status_code, bool(message(answer))) == (503, True)
    assert sorted((data_dir / "files").rglob("*")) == before
    obstacle.unlink()
    assert fresh(session).get_one(Response, RESPONSE).missing_files == 1
    assert collect.submit(submission(WITH_PHOTO), {"17.jpg": content}).status_code == 201
    assert fresh(session).get_one(Response, RESPONSE).missing_files == 0


def test_while_the_disk_is_nearly_full_the_answers_are_kept_and_files_come_later(
    collect: Collect, household: Version, session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    xml = submission(WITH_PHOTO)
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, min_free_bytes=2**60))
    answer = collect.submit(xml, {"17.jpg": PHOTO})
    assert answer.status_code == 507
    assert "no room for files right now" in message(answer)
    assert len(documents(session)) == 1
    assert fresh(session).get_one(Response, RESPONSE).missing_files == 1
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    assert collect.submit(xml, {"17.jpg": PHOTO}).status_code == 201
    assert fresh(session).get_one(Response, RESPONSE).missing_files == 0
    # What is here already is no new file.
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, min_free_bytes=2**60))
    assert collect.submit(xml, {"17.jpg": PHOTO}).status_code == 201
