"""On a disk that is nearly full nothing large is begun, whichever way it comes, and each caller is told so in its own form."""

import io
from base64 import b64encode
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.store import ExportJob, Version
from tests.conftest import Phone
from tests.documents import fresh, make_document

LOW = 2**60


@pytest.fixture
def low(app: Flask, household: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    """So much has to stay free that there is not."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], min_free_bytes=LOW))


@pytest.mark.usefixtures("low")
@pytest.mark.parametrize(
    ("path", "field", "name"),
    [
        ("/office/questionnaires", "workbook", "form.xlsx"),
        ("/office/questionnaires/household/versions/1/files", "files", "list.csv"),
        ("/office/unsent-file", "files", "unsent.json"),
        ("/office/places/import", "file", "places.csv"),
        ("/office/imports/", "files", "responses.zip"),
    ],
)
def test_uploads_of_the_office_wait(su: FlaskClient, path: str, field: str, name: str) -> None:
    content = b"code,name\nC09,Nine\n" if name.endswith("csv") else b"PK\x03\x04 and more"
    data = {field: (io.BytesIO(content), name), "questionnaire": "household"}
    answer = su.post(path, data=data, content_type="multipart/form-data")
    assert answer.status_code == 507, answer.text
    assert "no room for files right now" in answer.text


@pytest.mark.usefixtures("low")
def test_exports_wait(su: FlaskClient, session: Session) -> None:
    answer = su.post("/office/exports/household", data={"quick": "csv"})
    assert answer.status_code == 507
    assert "no room for files right now" in answer.text
    assert fresh(session).scalar(select(func.count()).select_from(ExportJob)) == 0


@pytest.mark.usefixtures("low")
def test_a_phone_is_told_later_and_its_answers_are_taken(phone: Phone) -> None:
    photo = {"name": "a.jpg", "path": "/data/photo", "size": 5, "sha256": "0" * 64, "type": "image/jpeg"}
    [receipt] = phone.receipts(make_document(files=[photo]))
    assert receipt["status"] == "stored"
    assert receipt["missing_files"] == ["a.jpg"]
    answer = phone.client.post("/sync/v1/files", headers=phone.headers | upload_headers(receipt["id"]))
    assert answer.status_code == 507
    assert set(answer.get_json()["error"]) == {"code", "message", "details"}
    assert answer.get_json()["error"]["code"] == "disk_nearly_full"


def upload_headers(response_id: str) -> dict[str, str]:
    """What begins the upload of that photo."""
    parts = {"response": response_id, "name": "a.jpg", "sha256": "0" * 64, "type": "image/jpeg"}
    metadata = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in parts.items())
    return {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": metadata}
