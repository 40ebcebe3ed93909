"""What no phone of ours would send: every answer is a plain refusal or a receipt, on both databases, and nothing is lost."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.accounts.operations import issue_enrolment
from collector.store import Place, QuarantinedDocument, Revision, Version
from tests.conftest import Phone
from tests.documents import ID, make_document
from tests.sync.test_files import JPEG, TUS, create, entry

ODD_VALUES: list[Any] = [
    None, True, 0, -1, 2**31, 2**63, 10**400, -(10**400), 1e308, 0.5, float("inf"), float("nan"), "", "\0", "a\0b", "\ud800", "x\udfff",
    "😀" * 300, "x" * 70_000, [], [[]], {}, {"": ""}, ["\0"], {"\0": "\ud800"}, "2026-03-28", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "Etc/../Shanghai", "Asia", "/etc/passwd",
]  # fmt: skip
PARTS = [
    "id", "form", "version", "model", "base", "place", "author", "device", "language", "started_at", "finished_at",
    "tz", "answers", "instance_name", "files",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def number_id(number: int) -> str:
    """A response id with a number in it."""
    return f"{number:08x}-1111-4111-8111-111111111111"


@pytest.mark.parametrize("part", PARTS)
def test_odd_values_in_every_part_get_a_receipt_each(
    phone: Phone, session: Session, household: Version, part: str
) -> None:
    documents = []
    for number, value in enumerate(ODD_VALUES):
        made = json.loads(make_document(household, id=number_id(number)))
        made[part] = value
        for text in (json.dumps(made), json.dumps(made, ensure_ascii=False)):
            documents.append(text)
    for at in range(0, len(documents), 50):
        receipts = phone.receipts(*documents[at : at + 50])
        assert len(receipts) == len(documents[at : at + 50])
    kept = session.scalar(select(func.count()).select_from(Revision)) or 0
    kept += session.scalar(select(func.count()).select_from(QuarantinedDocument)) or 0
    assert kept >= len(ODD_VALUES)


@pytest.mark.parametrize("value", ODD_VALUES, ids=[str(at) for at in range(len(ODD_VALUES))])
def test_odd_answers_and_files_get_a_receipt(phone: Phone, household: Version, value: Any) -> None:
    for name in ("place", "hh_size", "members", "photo", "meta"):
        phone.receipts(
            make_document(household, answers={name: value}),
            make_document(household, answers={"members": [value, {"age": value}]}),
        )
    for key in ("name", "sha256", "size", "path", "type"):
        file = entry("a.jpg", JPEG) | {key: value}
        phone.receipts(make_document(household, files=[file]))


@pytest.mark.parametrize("value", ODD_VALUES, ids=[str(at) for at in range(len(ODD_VALUES))])
def test_odd_values_around_the_documents(phone: Phone, session: Session, value: Any) -> None:
    for body in (
        value,
        {"responses": value},
        {"responses": [value]},
        {"responses": [], "sent_at": value},
        {"responses": [], "waiting": value},
        {"responses": [], "waiting": {"responses": value, "files": value, "drafts": value}},
    ):
        answer = phone.client.post("/sync/v1/push", data=json.dumps(body), headers=phone.headers)
        assert answer.status_code < 500, body
    _, token = issue_enrolment(session, session.merge(phone.user), by=None)
    session.commit()
    for body in (value, {"token": value}, {"token": token, "label": value}):
        answer = phone.client.post("/sync/v1/enrol", data=json.dumps(body))
        assert answer.status_code < 500, body


@pytest.mark.parametrize("depth", [50, 200, 800, 900, 940, 960, 970, 980, 990, 1000, 5000, 100_000])
def test_deep_nesting_gets_a_receipt(phone: Phone, household: Version, depth: int) -> None:
    document = make_document(household, answers={"x": 0})
    for deep in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        answer = phone.push(document.replace('{"x": 0}', '{"x": ' + deep + "}"))
        assert answer.status_code == 200
        answer = phone.client.post("/sync/v1/push", data='{"responses": [' + deep + "]}", headers=phone.headers)
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize("depth", [50, 200, 800, 900, 940])
def test_a_deep_answer_holds_up_neither_page_nor_export(phone: Phone, su: Any, household: Version, depth: int) -> None:
    document = make_document(household, answers={"x": 0})
    phone.push(document.replace('{"x": 0}', '{"x": ' + '{"a":' * depth + '"1"' + "}" * depth + "}"))
    assert su.get("/office/exports/household.csv").status_code == 200
    assert su.get(f"/office/responses/{ID}").status_code in (200, 404)
    assert su.get("/office/quarantine").status_code == 200


@pytest.mark.parametrize("header", ["é", "name \xe9\xe9", ",,,", "name ====", "a b c d", "response", "x" * 5000])
def test_odd_metadata_of_an_upload_is_refused(phone: Phone, header: str) -> None:
    headers = phone.headers | TUS | {"Upload-Length": "3", "Upload-Metadata": header}
    assert phone.client.post("/sync/v1/files", headers=headers).status_code == 400


@pytest.mark.parametrize("claimed", ["\0", "a\0b", "x" * 500, "😀"])
def test_an_odd_type_does_not_hold_a_file_up(phone: Phone, claimed: str) -> None:
    assert create(phone, entry("a.jpg", JPEG), type=claimed).status_code == 201


@pytest.mark.parametrize("path", ["files/a%00b", "models/%00", "files/%ff%fe", "models/%ed%a0%80", "pull?since=%00"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "POST", "PUT", "DELETE"])
def test_odd_addresses(phone: Phone, path: str, method: str) -> None:
    headers = phone.headers | TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    assert phone.client.open(f"/sync/v1/{path}", method=method, headers=headers).status_code < 500
