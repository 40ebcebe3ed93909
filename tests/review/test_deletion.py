"""A response that a supervisor deletes: gone for good, and remembered."""

import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from collector import background
from collector.intake.deletion import AGAIN_AFTER, delete_response
from collector.intake.leftovers import drop_leftovers
from collector.store import (
    DeletedResponse,
    ErasedContent,
    File,
    JournalEntry,
    Place,
    QuarantinedDocument,
    Response,
    Revision,
    Version,
    utc_now,
)
from collector.store.contents import FILES, Contents, ContentsAway
from collector.store.session import writing
from tests.conftest import People, Phone, read_kept
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
    su: FlaskClient, phone: Phone, household: Version, session: Session, kept: Contents
) -> None:
    phone.receipts(make_document(household, files=[FILE]), make_document(household, id=OTHER_ID, files=[FILE]))
    for response_id in (ID, OTHER_ID):
        send_file(phone, response_id, "a.jpg", JPEG, FILE["sha256"])
    delete(su)
    assert read_kept(kept, FILES, FILE["sha256"]) == JPEG
    delete(su, OTHER_ID)
    assert not kept.has(FILES, FILE["sha256"])
    assert count(session, File) == 0


def test_bytes_that_could_not_go_at_once_go_later(
    app: Flask,
    su: FlaskClient,
    phone: Phone,
    household: Version,
    session: Session,
    kept: Contents,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once the rows are gone nobody knows of the bytes any more but for the note that they have to go."""
    phone.receipts(make_document(household, files=[FILE]))
    send_file(phone, ID, "a.jpg", JPEG, FILE["sha256"])

    def refuse(*_: Any) -> None:
        raise ContentsAway("the store does not answer")

    with monkeypatch.context() as away:
        away.setattr(Contents, "remove", refuse)
        assert delete(su).status_code == 302
        with app.app_context():
            drop_leftovers()
    assert count(session, Response) == 0 and kept.has(FILES, FILE["sha256"])
    with app.app_context():
        drop_leftovers()
    assert not kept.has(FILES, FILE["sha256"])
    assert fresh(session).scalars(select(ErasedContent)).one().removed_at is not None


def test_a_server_that_is_killed_after_a_deletion_takes_its_bytes_away_later(
    app: Flask,
    phone: Phone,
    household: Version,
    session: Session,
    people: People,
    kept: Contents,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the next clearing, which is work in the background as any other: it may wait for a slow store."""
    monkeypatch.setattr(background, "_tidied", {})
    phone.receipts(make_document(household, files=[FILE]))
    send_file(phone, ID, "a.jpg", JPEG, FILE["sha256"])
    with app.app_context(), writing() as store:
        delete_response(store, ID, reason="withdrawn", note="", by=people.su.id)
    with app.app_context():
        clearing = background.take_tidying()
        assert clearing is not None and background.take_tidying() is None
        clearing.do()
    assert not kept.has(FILES, FILE["sha256"])


def test_bytes_that_came_back_go_a_second_time_unless_somebody_needs_them(
    app: Flask, su: FlaskClient, phone: Phone, household: Version, session: Session, kept: Contents
) -> None:
    """Whoever seals a file anew while it is erased writes it once more."""
    other = FILE | {"name": "b.jpg", "sha256": hashlib.sha256(JPEG + b"b").hexdigest()}
    phone.receipts(make_document(household, files=[FILE, other]))
    send_file(phone, ID, "a.jpg", JPEG, FILE["sha256"])
    send_file(phone, ID, "b.jpg", JPEG + b"b", other["sha256"])
    delete(su)
    kept.keep_bytes(FILES, JPEG)
    phone.receipts(make_document(household, id=OTHER_ID, files=[other]))
    send_file(phone, OTHER_ID, "b.jpg", JPEG + b"b", other["sha256"])
    with app.app_context():
        drop_leftovers()
        assert kept.has(FILES, FILE["sha256"])
        with writing() as store:
            store.execute(update(ErasedContent).values(at=utc_now() - AGAIN_AFTER))
        drop_leftovers()
    assert not kept.has(FILES, FILE["sha256"])
    assert read_kept(kept, FILES, other["sha256"]) == JPEG + b"b"
    assert count(session, ErasedContent) == 0


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
    # The phone's token signs nobody in here, and what was typed is not lost (tests/test_held_forms.py).
    assert answer.status_code == 401 and "Location" not in answer.headers
    assert count(session, Response) == 1
