"""POST /sync/v1/push: storing responses exactly once."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.settings import MAX_BODY_BYTES
from collector.store import Device, Place, QuarantinedDocument, Response, Revision, Version
from tests.conftest import Phone
from tests.documents import ID, content_hash, fresh, make_document

OTHER_ID = "22222222-2222-4222-8222-222222222222"


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_works(phone: Phone, session: Session, household: Version) -> None:
    document = make_document(household, author=phone.user.id)
    receipts = phone.receipts(document)
    assert receipts == [
        {"id": ID, "hash": content_hash(document), "status": "stored", "revision": 1, "missing_files": []}
    ]
    response = session.get_one(Response, ID)
    assert (response.place_code, response.author_id, response.version_id) == ("C01", phone.user.id, household.id)
    assert response.flag_count == 0, response.revisions[0].flags
    assert response.revisions[0].document == document


def test_the_same_content_gets_the_same_receipt_again(phone: Phone, session: Session, household: Version) -> None:
    document = make_document(household)
    first, second = phone.receipts(document), phone.receipts(document)
    assert second == [first[0] | {"status": "already_stored"}]
    assert count(session, Revision) == 1


def test_five_identical_pushes_at_the_same_moment_store_one_row__A02(
    phone: Phone, app: Flask, session: Session, household: Version
) -> None:
    document = make_document(household)

    def push(_number: int) -> dict[str, object]:
        fresh = Phone(app.test_client(), phone.device, phone.token, phone.user)
        return fresh.receipts(document)[0]

    for round_number in range(5):
        document = make_document(household, id=f"{round_number}1111111-1111-4111-8111-111111111111")
        with ThreadPoolExecutor(5) as pool:
            receipts = list(pool.map(push, range(5)))
        assert sorted(str(receipt.pop("status")) for receipt in receipts) == ["already_stored"] * 4 + ["stored"]
        assert all(receipt == receipts[0] for receipt in receipts)
    assert count(session, Response) == 5
    assert count(session, Revision) == 5


def test_an_item_without_an_id_is_quarantined_once_under_its_hash__A02(phone: Phone, session: Session) -> None:
    document = json.dumps({"form": "household", "answers": {"hh_size": "4"}})
    first, second = phone.receipts(document), phone.receipts(document)
    assert first == second
    assert first[0]["hash"] == content_hash(document)
    assert (first[0]["id"], first[0]["status"], first[0]["reason"]) == (None, "quarantined", "id_missing")
    kept = session.scalars(select(QuarantinedDocument)).one()
    assert kept.document == document


def test_other_content_from_the_current_revision_becomes_current__A03(
    phone: Phone, session: Session, household: Version
) -> None:
    phone.receipts(make_document(household, answers={"place": "C01", "hh_size": "4"}))
    second = make_document(household, base=1, answers={"place": "C02", "hh_size": "5"})
    [receipt] = phone.receipts(second)
    assert (receipt["status"], receipt["revision"], receipt.get("conflict")) == ("revision_stored", 2, None)
    response = session.get_one(Response, ID)
    assert (response.current_revision, response.place_code, response.is_conflicted) == (2, "C02", False)
    assert [revision.number for revision in response.revisions] == [1, 2]


def test_other_content_from_another_base_is_kept_as_a_conflict__A03(
    phone: Phone, session: Session, household: Version
) -> None:
    phone.receipts(make_document(household))
    [receipt] = phone.receipts(make_document(household, answers={"place": "C01", "hh_size": "31"}))
    assert (receipt["status"], receipt["revision"], receipt["conflict"]) == ("revision_stored", 2, True)
    response = session.get_one(Response, ID)
    assert (response.current_revision, response.is_conflicted) == (1, True)
    assert '"hh_size": "31"' in response.revisions[1].document


def test_one_bad_item_holds_up_no_other(phone: Phone, session: Session, household: Version) -> None:
    good, other = make_document(household), make_document(household, id=OTHER_ID)
    receipts = phone.receipts("{nonsense", good, None, make_document(form="unknown", id=ID), other)
    assert [receipt["status"] for receipt in receipts] == [
        "quarantined", "stored", "quarantined", "quarantined", "stored",
    ]  # fmt: skip
    assert all(receipt["message"] for receipt in receipts if receipt["status"] == "quarantined")
    assert (count(session, Response), count(session, QuarantinedDocument)) == (2, 3)


def test_breaking_the_form_flags_and_never_refuses(phone: Phone, session: Session, household: Version) -> None:
    broken = {"place": "C01", "hh_size": "abc", "members": [{"age": "5"}, {"age": "x"}], "stranger": "1"}
    [receipt] = phone.receipts(make_document(household, answers=broken))
    assert receipt["status"] == "stored"
    revision = session.get_one(Response, ID).revisions[0]
    found = {(flag["code"], flag["path"]) for flag in revision.flags}
    assert {("bad_type", "/data/hh_size"), ("bad_type", "/data/members[2]/age")} <= found
    assert any(code == "unknown_question" for code, _ in found)
    assert "abc" not in json.dumps(revision.flags)


def test_what_was_asked_and_not_answered_is_kept_beside_it(phone: Phone, session: Session, household: Version) -> None:
    members = [{"name": "Ana", "age": "30"}, {"name": "Ben"}]
    answers = {"place": "C01", "hh_size": "2", "members": members, "meta": {"instanceID": f"uuid:{ID}"}}
    phone.receipts(make_document(household, answers=answers))
    assert session.get_one(Revision, (ID, 1)).unanswered == ["/data/members[2]/age", "/data/photo"]
    phone.receipts(make_document(id=OTHER_ID, model="f" * 64))
    assert fresh(session).get_one(Revision, (OTHER_ID, 1)).unanswered is None, "nobody knows what that version asks"


def test_an_unknown_version_place_or_author_is_a_flag(phone: Phone, session: Session) -> None:
    document = make_document(model="f" * 64, author="nobody", place="C99", answers={"hh_size": "4"})
    [receipt] = phone.receipts(document)
    assert receipt["status"] == "stored"
    response = session.get_one(Response, ID)
    assert {flag["code"] for flag in response.revisions[0].flags} == {
        "unknown_version", "unknown_place", "unknown_author",
    }  # fmt: skip
    assert (response.place_id, response.place_code) == (None, "C99")


def test_a_wrong_phone_clock_is_noted_and_the_servers_day_counts__A15(
    phone: Phone, session: Session, household: Version
) -> None:
    phone.receipts(make_document(household), sent_at="2016-01-01T16:57:50+01:00")
    response = session.get_one(Response, ID)
    assert "clock_differs" in {flag["code"] for flag in response.revisions[0].flags}
    assert response.revisions[0].clock_offset_ms is not None
    assert response.received_on.year >= 2026


@pytest.mark.parametrize("sent_at", ["nonsense", 5, {"a": 1}, "2026-01-01T00:00:00"])
def test_a_strange_clock_or_count_holds_nothing_up(phone: Phone, household: Version, sent_at: object) -> None:
    assert phone.receipts(make_document(household), sent_at=sent_at, waiting="many")[0]["status"] == "stored"


def test_it_notes_what_the_phone_still_holds(phone: Phone, session: Session) -> None:
    phone.receipts(waiting={"responses": 3, "files": 2, "drafts": 1})
    session.expire_all()
    device = session.get_one(Device, phone.device.id)
    assert (device.waiting_responses, device.waiting_files, device.drafts) == (3, 2, 1)
    assert device.last_seen_at is not None


def test_gzip_bodies(phone: Phone, household: Version) -> None:
    headers = phone.headers | {"Content-Encoding": "gzip"}
    body = gzip.compress(json.dumps({"responses": [make_document(household)]}).encode())
    answer = phone.client.post("/sync/v1/push", data=body, headers=headers)
    assert answer.get_json()["receipts"][0]["status"] == "stored"


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"not json", {}, 400, "body_not_json"),
        (b"[" * 200_000, {}, 400, "body_not_json"),
        (b"[]", {}, 400, "push_malformed"),
        (b'{"responses": 5}', {}, 400, "push_malformed"),
        (b"not gzip", {"Content-Encoding": "gzip"}, 400, "body_not_gzip"),
        (gzip.compress(b"0" * (MAX_BODY_BYTES + 1)), {"Content-Encoding": "gzip"}, 413, "body_too_large"),
        (b"0" * (MAX_BODY_BYTES + 1), {}, 413, "body_too_large"),
        (json.dumps({"responses": [""] * 51}).encode(), {}, 413, "too_many_responses"),
    ],
)
def test_bad_bodies(phone: Phone, body: bytes, headers: dict[str, str], status: int, code: str) -> None:
    answer = phone.client.post("/sync/v1/push", data=body, headers=phone.headers | headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)


def test_an_answer_of_10_MB_is_kept_in_quarantine(phone: Phone, session: Session, household: Version) -> None:
    document = make_document(household, answers={"hh_size": "9" * 10_000_000})
    [receipt] = phone.receipts(document)
    assert (receipt["status"], receipt["reason"]) == ("quarantined", "document_too_large")
    kept = session.scalars(select(QuarantinedDocument)).one()
    assert (kept.document, kept.response_id, receipt["id"]) == (document, ID, ID)


def test_a_wrong_token_gets_401(phone: Phone) -> None:
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        answer = phone.client.post("/sync/v1/push", json={"responses": []}, headers=header)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "device_unknown")


def test_a_push_waits_for_a_database_that_is_busy(
    phone: Phone, session: Session, household: Version, app: Flask
) -> None:
    document = make_document(household)
    engine = app.extensions["collector_engine"]
    with engine.connect() as plain:
        blocker = plain.execution_options(is_write=True)
        blocker.exec_driver_sql("SELECT 1")
        if engine.dialect.name == "postgresql":
            blocker.exec_driver_sql("LOCK TABLE responses IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(phone.receipts, document)
            assert not waiting.done()
            blocker.rollback()
            assert waiting.result(60)[0]["status"] == "stored"
    assert count(session, Response) == 1
