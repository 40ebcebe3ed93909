"""Attachments by tus: creation, checksum, resuming, and what becomes of the bytes."""

import base64
import hashlib
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.store import File, Place, Response, Version
from collector.store.contents import FILES, Contents
from tests.conftest import Phone, read_kept
from tests.documents import ID, make_document

#: First bytes of a JPEG, then anything: enough for a file to count as a picture.
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def entry(name: str, content: bytes, path: str = "/data/photo") -> dict[str, Any]:
    """The entry of a document's `files`."""
    digest = hashlib.sha256(content).hexdigest()
    return {"name": name, "path": path, "size": len(content), "sha256": digest, "type": "image/jpeg"}


def create(phone: Phone, file: dict[str, Any], **overrides: str) -> Any:
    metadata = {"response": ID, "name": file["name"], "sha256": file["sha256"], "type": file["type"]} | overrides
    header = ",".join(f"{key} {b64(value)}" for key, value in metadata.items())
    headers = phone.headers | TUS | {"Upload-Length": str(file["size"]), "Upload-Metadata": header}
    return phone.client.post("/sync/v1/files", headers=headers)


def patch(phone: Phone, location: str, offset: int, content: bytes, **extra: str) -> Any:
    checksum = base64.b64encode(hashlib.sha256(content).digest()).decode()
    headers = phone.headers | TUS | {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {checksum}"} | extra
    return phone.client.patch(location, data=content, headers=headers, content_type="application/offset+octet-stream")


def upload(phone: Phone, file: dict[str, Any], content: bytes) -> None:
    location = create(phone, file).headers["Location"]
    assert patch(phone, location, 0, content).status_code == 204


def test_it_works_in_pieces_and_resumes(phone: Phone, session: Session, kept: Contents, household: Version) -> None:
    file = entry("a.jpg", JPEG)
    [receipt] = phone.receipts(make_document(household, files=[file]))
    assert receipt["missing_files"] == ["a.jpg"]
    answer = create(phone, file)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    location = answer.headers["Location"]
    assert patch(phone, location, 0, JPEG[:100]).headers["Upload-Offset"] == "100"
    head = phone.client.head(location, headers=phone.headers | TUS)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("100", str(len(JPEG)))
    again = create(phone, file)
    assert (again.headers["Location"], again.headers["Upload-Offset"]) == (location, "100")
    assert session.get_one(Response, ID).missing_files == 1
    assert patch(phone, location, 100, JPEG[100:]).status_code == 204
    session.rollback()
    assert session.get_one(Response, ID).missing_files == 0
    assert read_kept(kept, FILES, file["sha256"]) == JPEG
    assert create(phone, file).headers["Upload-Offset"] == str(len(JPEG))
    [receipt] = phone.receipts(make_document(household, files=[file]))
    assert receipt["missing_files"] == []


def test_two_photos_with_one_camera_name_are_two_files__A22(phone: Phone, session: Session, household: Version) -> None:
    front, back = JPEG[:10], JPEG[:20]
    files = [entry("11.jpg", front, "/data/front"), entry("22.jpg", back, "/data/back")]
    phone.receipts(make_document(household, files=files))
    for file, content in zip(files, (front, back), strict=True):
        upload(phone, file, content)
    stored = session.execute(select(File.name, File.size_bytes).order_by(File.size_bytes)).all()
    assert list(stored) == [("11.jpg", 10), ("22.jpg", 20)]
    assert session.get_one(Response, ID).missing_files == 0


def test_the_same_name_with_other_content_is_another_file__A22(phone: Phone, session: Session) -> None:
    for content in (JPEG[:10], JPEG[:20]):
        upload(phone, entry("image.jpg", content), content)
    assert session.scalar(select(func.count()).select_from(File)) == 2


def test_a_file_may_come_before_its_response(phone: Phone, household: Version) -> None:
    file = entry("a.jpg", JPEG)
    upload(phone, file, JPEG)
    [receipt] = phone.receipts(make_document(household, files=[file]))
    assert receipt["missing_files"] == []


def test_a_photo_that_is_no_photo_is_kept_and_flagged(phone: Phone, session: Session, household: Version) -> None:
    content = b"<html>this is a page</html>"
    file = entry("a.jpg", content)
    phone.receipts(make_document(household, files=[file]))
    upload(phone, file, content)
    response = session.get_one(Response, ID)
    assert [flag["code"] for flag in response.revisions[0].flags if flag["path"] == "/data/photo"] == ["not_an_image"]
    assert session.scalars(select(File.detected_type)).one() == "application/octet-stream"
    assert response.flag_count == len(response.revisions[0].flags)


def test_a_changed_piece_is_refused(phone: Phone) -> None:
    location = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    answer = patch(phone, location, 0, JPEG, **{"Upload-Checksum": f"sha256 {wrong}"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (460, "upload_checksum_differs")
    assert phone.client.head(location, headers=phone.headers | TUS).headers["Upload-Offset"] == "0"


def test_a_whole_that_is_not_as_promised_begins_again(phone: Phone) -> None:
    location = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    assert patch(phone, location, 0, JPEG[::-1]).status_code == 460
    assert phone.client.head(location, headers=phone.headers | TUS).headers["Upload-Offset"] == "0"
    assert patch(phone, location, 0, JPEG).status_code == 204


def test_a_piece_at_the_wrong_offset_gets_the_right_one(phone: Phone) -> None:
    location = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    answer = patch(phone, location, 50, JPEG[50:])
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "0")
    assert answer.get_json()["error"]["code"] == "upload_offset_differs"


def test_an_empty_file_is_complete_at_once(phone: Phone, household: Version) -> None:
    file = entry("empty.jpg", b"")
    assert create(phone, file).status_code == 201
    [receipt] = phone.receipts(make_document(household, files=[file]))
    assert receipt["missing_files"] == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"name": "../../etc/passwd"}, 400, "upload_malformed"),
        ({"response": "x"}, 400, "upload_malformed"),
        ({"sha256": "x"}, 400, "upload_malformed"),
    ],
)
def test_bad_metadata(phone: Phone, change: dict[str, str], status: int, code: str) -> None:
    answer = create(phone, entry("a.jpg", JPEG), **change)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)


def test_a_file_over_the_limit_is_refused_before_it_is_sent(phone: Phone) -> None:
    answer = create(phone, entry("a.jpg", JPEG) | {"size": 33 * 1024 * 1024})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (413, "file_too_large")


def test_a_stranger_gets_401(phone: Phone) -> None:
    location = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    assert phone.client.head(location, headers=TUS).status_code == 401
    stranger = Phone(phone.client, phone.device, "wrong", phone.user)
    assert patch(stranger, location, 0, JPEG).status_code == 401
    assert create(stranger, entry("a.jpg", JPEG)).status_code == 401
