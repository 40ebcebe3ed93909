"""Files of responses, and the quarantine: what may be shown and what is only handed out."""

import hashlib
import io
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.intake.quarantine import REASONS as INTAKE_REASONS
from collector.intake.words import REASONS
from collector.review.thumbnails import make_thumbnail
from collector.store import File, QuarantinedDocument, Questionnaire, User, Version
from tests.conftest import People, Phone, sign_in
from tests.documents import fresh, make_document
from tests.review.test_responses import PHOTO, send_file

HTML = b"<html><script>alert(1)</script></html>"


def send_photo(phone: Phone, version: Version, content: bytes, session: Session) -> File:
    """Send a response with one file that claims to be a JPEG; gives the stored file."""
    response_id, sha256 = str(uuid4()), hashlib.sha256(content).hexdigest()
    phone.receipts(make_document(version, id=response_id, files=[PHOTO | {"name": "a.jpg", "sha256": sha256}]))
    send_file(phone, response_id, "a.jpg", content, sha256)
    return fresh(session).scalars(select(File).where(File.response_id == response_id)).one()


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


def photo(size: tuple[int, int], kind: str = "JPEG") -> bytes:
    """A photo, as far as a page can tell."""
    target = io.BytesIO()
    Image.new("RGB", size, (60, 120, 110)).save(target, kind)
    return target.getvalue()


def test_a_small_picture_of_a_photo(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    """As small as a page shows it, kept by the browser alone; of what is no picture, the file itself."""
    file = send_photo(phone, household, photo((1600, 900)), session)
    answer = su.get(f"/office/files/{file.id}/small")
    with Image.open(io.BytesIO(answer.data)) as small:
        assert (small.format, small.size) == ("JPEG", (320, 180))
    assert answer.mimetype == "image/jpeg" and "private" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    page = su.get(f"/office/responses/{file.response_id}").text
    assert f'<a href="/office/files/{file.id}"><img src="/office/files/{file.id}/small"' in page
    for content in (b"\xff\xd8\xff\xe0 broken", HTML):
        other = send_photo(phone, household, content, session)
        answer = su.get(f"/office/files/{other.id}/small")
        assert answer.status_code == 302 and answer.headers["Location"] == f"/office/files/{other.id}"


def test_pictures_that_are_turned_or_see_through(tmp_path: Path) -> None:
    """A phone's picture stands upright; what is transparent becomes white, not black."""
    turned = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (800, 400)).save(turned, "JPEG", exif=exif)
    content = make_thumbnail(turned)
    assert content is not None
    assert Image.open(io.BytesIO(content)).size == (160, 320)
    clear = tmp_path / "clear.png"
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(clear)
    content = make_thumbnail(clear)
    assert content is not None and Image.open(io.BytesIO(content)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "name", "shown"),
    [(b"OggS sound", "audio/ogg", "<audio"), (b"\0\0\0\x18ftypmp42", "video/mp4", "<video")],
)
def test_recordings_are_played(
    su: FlaskClient, phone: Phone, household: Version, session: Session, content: bytes, name: str, shown: str
) -> None:
    """Where they are what they seem; piece by piece, as a player asks for them."""
    file = send_photo(phone, household, content, session)
    page = su.get(f"/office/responses/{file.response_id}").text
    assert f'{shown} controls preload="none" src="/office/files/{file.id}"' in page
    answer = su.get(f"/office/files/{file.id}", headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.data, answer.mimetype) == (206, content[:4], name)


def test_a_personal_photo_is_not_found_for_who_may_not_see_it(
    app: Flask, people: People, phone: Phone, household: Version, session: Session
) -> None:
    """Neither on the page nor at its address; for others as ever."""
    file = send_photo(phone, household, photo((40, 30)), session)
    session.execute(update(Questionnaire).values(personal_fields=["photo"]))
    session.execute(update(User).where(User.login == "ren").values(sees_personal=False))
    session.commit()
    ren, su = sign_in(app.test_client(), "ren"), sign_in(app.test_client(), "su")
    for address in (f"/office/files/{file.id}", f"/office/files/{file.id}/small"):
        assert ren.get(address).status_code == 404 and su.get(address).status_code == 200
    assert "a.jpg" not in ren.get(f"/office/responses/{file.response_id}").text
