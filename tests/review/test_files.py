"""Files of responses, and the quarantine: what may be shown and what is only handed out."""

import hashlib
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.quarantine import REASONS as INTAKE_REASONS
from collector.review.words import REASONS
from collector.store import File, QuarantinedDocument, Version
from tests.conftest import Phone
from tests.documents import make_document
from tests.review.test_responses import PHOTO, send_file

HTML = b"<html><script>alert(1)</script></html>"


def send_photo(phone: Phone, version: Version, content: bytes, session: Session) -> File:
    """Send a response with one file that claims to be a JPEG; gives the stored file."""
    response_id, sha256 = str(uuid4()), hashlib.sha256(content).hexdigest()
    phone.receipts(make_document(version, id=response_id, files=[PHOTO | {"name": "a.jpg", "sha256": sha256}]))
    send_file(phone, response_id, "a.jpg", content, sha256)
    return session.scalars(select(File).where(File.response_id == response_id)).one()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n png", "image/png"),
        (b"RIFF\0\0\0\0WEBP", "image/webp"),
        (b"GIF89a gif", "image/gif"),
    ],
)
def test_a_picture_is_shown(
    su: FlaskClient, phone: Phone, household: Version, session: Session, content: bytes, media_type: str
) -> None:
    """By what its bytes are."""
    file = send_photo(phone, household, content, session)
    answer = su.get(f"/office/files/{file.id}")
    assert (answer.data, answer.mimetype) == (content, media_type)
    assert not answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("content", [HTML, b"<svg onload='alert(1)'/>", b"%PDF-1.7", b"plain"])
def test_anything_else_is_only_handed_out(
    su: FlaskClient, phone: Phone, household: Version, session: Session, content: bytes
) -> None:
    """A photo that is not a photo cannot run anything at the supervisor's."""
    file = send_photo(phone, household, content, session)
    answer = su.get(f"/office/files/{file.id}")
    assert (answer.data, answer.mimetype) == (content, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_an_unfinished_file_is_not_found(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    """Half a photo is none."""
    session.add(File(id="half", response_id=str(uuid4()), name="a.jpg", sha256="a" * 64, size_bytes=9, offset_bytes=4))
    session.commit()
    assert su.get("/office/files/half").status_code == 404


def test_the_quarantine(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    """Why, how large, from whom, when; and the document as it came, as a file."""
    assert "Nothing is in quarantine." in su.get("/office/quarantine").text
    raw = '{"form": "household", oops <script>alert(1)</script>'
    assert phone.receipts(raw)[0]["status"] == "quarantined"
    page = su.get("/office/quarantine").text
    assert "It is not JSON." in page and "Wei" in page and f"{len(raw)} bytes" in page
    found = session.scalars(select(QuarantinedDocument)).one()
    answer = su.get(f"/office/quarantine/{found.id}/document")
    assert answer.text == raw
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_every_reason_of_the_intake_has_words_here(su: FlaskClient) -> None:
    """A reason without a sentence would show its code."""
    assert set(INTAKE_REASONS) == set(REASONS)
