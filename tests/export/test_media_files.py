"""Files of responses in a database: which go out, and what has arrived of them."""

import csv
import hashlib
import io
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from collector.export.sheets.selection import Selection
from collector.export.sheets.walk import walk_responses
from collector.export.writers.media_files import read_media
from collector.export.writers.media_zip import write_media
from collector.store import Version
from collector.store.contents import FILES, contents
from collector.store.session import database
from tests.conftest import Phone
from tests.documents import fresh, make_document
from tests.export.sheets import ignore
from tests.review.test_responses import PHOTO, send_file

FIRST, SECOND = (f"{number:08d}-1111-4111-8111-111111111111" for number in range(2))


@pytest.fixture
def photos(phone: Phone, household: Version, session: Session) -> Version:
    """Two responses: the photo of the first has arrived, that of the second has not; one more is of another question."""
    files = [
        PHOTO | {"name": "a.jpg", "sha256": hashlib.sha256(b"one").hexdigest(), "size": 3, "path": "/data/photo"},
        PHOTO
        | {"name": "b.jpg", "sha256": hashlib.sha256(b"two").hexdigest(), "size": 3, "path": "/data/members[2]/face"},
    ]
    phone.receipts(make_document(household, id=FIRST, files=files))
    phone.receipts(make_document(household, id=SECOND, files=files[:1]))
    for file, content in zip(files, (b"one", b"two"), strict=True):
        send_file(phone, FIRST, str(file["name"]), content, str(file["sha256"]))
    fresh(session)
    return household


def exported(
    app: Flask, version: Version, selection: Selection, path: Path
) -> tuple[dict[str, bytes], list[dict[str, str]]]:
    with app.app_context():
        walk = walk_responses(database(), version.questionnaire_id, selection)
        write_media(read_media(database(), walk, partial(contents().open, FILES)), path, ignore)
    with ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    return content, list(csv.DictReader(io.StringIO(content.pop("files.csv").decode("utf-8-sig"), newline="")))


def test_what_has_arrived_is_there_and_what_has_not_is_listed(app: Flask, photos: Version, tmp_path: Path) -> None:
    content, rows = exported(app, photos, Selection(), tmp_path / "out.zip")
    assert content == {f"{FIRST}/photo.jpg": b"one", f"{FIRST}/members-2.face.jpg": b"two"}
    assert [(row["response_id"], row["question"], row["state"]) for row in rows] == [
        (FIRST, "photo", "arrived"),
        (FIRST, "members/face", "arrived"),
        (SECOND, "photo", "missing"),
    ]
    assert rows[1]["key"] == f"{FIRST}/members[2]"


def test_files_of_personal_questions_stay_where_they_are_hidden(app: Flask, photos: Version, tmp_path: Path) -> None:
    hidden = Selection(hidden=frozenset({"members/face"}))
    content, rows = exported(app, photos, hidden, tmp_path / "out.zip")
    assert list(content) == [f"{FIRST}/photo.jpg"]
    assert {row["question"] for row in rows} == {"photo"}


def test_a_file_that_is_known_by_its_name_alone_is_the_newest_of_that_name(
    app: Flask, phone: Phone, household: Version, session: Session, tmp_path: Path
) -> None:
    phone.receipts(make_document(household, id=FIRST, files=[{"name": "a.jpg", "path": "/data/photo"}]))
    for content in (b"old", b"new"):
        send_file(phone, FIRST, "a.jpg", content, hashlib.sha256(content).hexdigest())
    fresh(session)
    content, [row] = exported(app, household, Selection(), tmp_path / "out.zip")
    assert content == {f"{FIRST}/photo.jpg": b"new"}
    assert (row["sha256"], row["size_bytes"]) == (hashlib.sha256(b"new").hexdigest(), "3")
