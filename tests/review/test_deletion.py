"""A response that a supervisor deletes: gone for good, and remembered."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.store import DeletedResponse, File, JournalEntry, Place, QuarantinedDocument, Response, Revision, Version
from tests.conftest import People, Phone
from tests.documents import ID, content_hash, fresh, make_document
from tests.review.test_responses import PHOTO, send_file

OTHER_ID = "22222222-2222-4222-8222-222222222222"
REASON = {"reason": "withdrawn", "note": "Asked by telephone"}
JPEG = b"\xff\xd8\xff\xe0"
FILE = PHOTO | {"name": "a.jpg", "sha256": hashlib.sha256(JPEG).hexdigest()}


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def delete(su: FlaskClient, response_id: str = ID, data: dict[str, str] | None = None) -> Any:
    return su.post(f"/office/responses/{response_id}/delete", data=data or REASON)


def count(session: Session, table: type) -> int:
    fresh(session)
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_gone_and_remembered(
    su: FlaskClient, phone: Phone, household: Version, session: Session, people: People
) -> None:
    first = make_document(household, author=phone.user.id, instance_name="Zhang San")
    second = make_document(household, base=1, answers={"place": "C01", "hh_size": "5"})
    phone.receipts(first, second)
    page = su.get(f"/office/responses/{ID}/delete").text
    assert "This cannot be undone." in page
    assert delete(su).status_code == 302
    assert (count(session, Response), count(session, Revision)) == (0, 0)
    kept = fresh(session).scalars(select(DeletedResponse)).one()
    assert (kept.id, kept.reason, kept.deleted_by) == (ID, "withdrawn", people.su.id)
    assert kept.content_hashes == sorted([content_hash(first), content_hash(second)])
    entry = fresh(session).scalars(select(JournalEntry).where(JournalEntry.action == "response.delete")).one()
    assert (entry.subject, entry.details["reason"]) == (ID, "withdrawn")
    assert "note" not in entry.details
    for address in ("/office/responses", "/office/board"):
        assert "Zhang San" not in su.get(address).text
    page = su.get(f"/office/responses/{ID}")
    assert page.status_code == 410 and "Su" in page.text and "The respondent wants it erased" in page.text
    assert delete(su).status_code == 410


def test_sending_it_again_is_told_that_it_was_deleted(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    """Each revision's content; other content under the id is kept for a supervisor, who may accept it under a new id."""
    first = make_document(household)
    second = make_document(household, base=1, answers={"place": "C01", "hh_size": "5"})
    phone.receipts(first, second)
    delete(su)
    for document in (first, second):
        [receipt] = phone.receipts(document)
        assert (receipt["id"], receipt["hash"]) == (ID, content_hash(document))
        assert (receipt["status"], receipt["missing_files"]) == ("deleted", [])
        assert receipt["message"]
    third = make_document(household, base=2, answers={"place": "C01", "hh_size": "6"})
    [receipt] = phone.receipts(third)
    assert (receipt["status"], receipt["reason"]) == ("quarantined", "id_deleted")
    assert count(session, Response) == 0
    number = fresh(session).scalars(select(QuarantinedDocument.id)).one()
    answer = su.post(f"/office/quarantine/{number}/accept")
    new_id = answer.headers["Location"].rsplit("/", 1)[1]
    assert new_id != ID and fresh(session).get(Response, new_id) is not None


def test_the_bytes_of_its_photos_go_unless_another_response_needs_them(
    su: FlaskClient, phone: Phone, household: Version, session: Session, data_dir: Path
) -> None:
    phone.receipts(make_document(household, files=[FILE]), make_document(household, id=OTHER_ID, files=[FILE]))
    for response_id in (ID, OTHER_ID):
        send_file(phone, response_id, "a.jpg", JPEG, FILE["sha256"])
    stored = data_dir / "files" / FILE["sha256"][:2] / FILE["sha256"]
    delete(su)
    assert stored.read_bytes() == JPEG
    delete(su, OTHER_ID)
    assert not stored.exists()
    assert count(session, File) == 0


def test_nobody_wants_its_photos_any_more(su: FlaskClient, phone: Phone, household: Version) -> None:
    phone.receipts(make_document(household, files=[FILE]))
    delete(su)
    with pytest.raises(AssertionError, match="response_deleted"):
        send_file(phone, ID, "a.jpg", JPEG, FILE["sha256"])


def test_what_was_accepted_from_the_quarantine_goes_with_its_copy_there(
    su: FlaskClient, phone: Phone, session: Session
) -> None:
    document = '{"form": "household", "answers": {"hh_size": "4"}}'
    phone.receipts(document)
    number = fresh(session).scalars(select(QuarantinedDocument.id)).one()
    response_id = su.post(f"/office/quarantine/{number}/accept").headers["Location"].rsplit("/", 1)[1]
    delete(su, response_id)
    assert (count(session, QuarantinedDocument), count(session, Response)) == (0, 0)
    [receipt] = phone.receipts(document)
    assert (receipt["id"], receipt["hash"], receipt["status"]) == (None, content_hash(document), "deleted")


@pytest.mark.parametrize(
    "data", [{"note": "x"}, {"reason": "withdrawn", "note": " "}, {"reason": "eaten", "note": "x"}]
)
def test_without_a_reason_nothing_is_deleted(
    su: FlaskClient, phone: Phone, household: Version, session: Session, data: dict[str, str]
) -> None:
    phone.receipts(make_document(household))
    assert delete(su, data=data).status_code == 400
    assert count(session, Response) == 1


def test_only_the_office_may(app: Flask, phone: Phone, household: Version, session: Session) -> None:
    phone.receipts(make_document(household))
    answer = app.test_client().post(f"/office/responses/{ID}/delete", data=REASON, headers=phone.headers)
    assert answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
    assert count(session, Response) == 1
