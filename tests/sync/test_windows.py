"""A16: responses that were finished before a questionnaire closed, after it, and before it opened."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Place, QuarantinedDocument, Questionnaire, Response, Version
from tests.conftest import Phone
from tests.documents import ID, make_document
from tests.sync.test_pull import pull

NOW = datetime.now(UTC).replace(microsecond=0)
CLOSED_AT = NOW - timedelta(hours=1)


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def set_window(session: Session, opens_at: datetime | None, closes_at: datetime | None) -> None:
    questionnaire = session.scalars(select(Questionnaire)).one()
    questionnaire.opens_at, questionnaire.closes_at = opens_at, closes_at
    session.commit()


def finished(version: Version, moment: datetime, **overrides: object) -> str:
    return make_document(version, finished_at=moment.isoformat(), **overrides)


def flags(session: Session) -> set[str]:
    session.rollback()
    return {flag["code"] for flag in session.get_one(Response, ID).revisions[-1].flags}


def test_a16_finished_in_time_and_received_after_closing_is_stored_and_marked_late(
    phone: Phone, session: Session, household: Version
) -> None:
    """A16: F closes at 10:00, finished at 09:50, synced at 11:00."""
    set_window(session, None, CLOSED_AT)
    [receipt] = phone.receipts(finished(household, CLOSED_AT - timedelta(minutes=10), author=phone.user.id))
    assert receipt["status"] == "stored"
    assert flags(session) == {"late"}


def test_a16_finished_after_closing_is_kept_in_quarantine_with_a_plain_sentence(
    phone: Phone, session: Session, household: Version
) -> None:
    """A16: finished at 10:30."""
    set_window(session, None, CLOSED_AT)
    document = finished(household, CLOSED_AT + timedelta(minutes=30))
    receipt, again = phone.receipts(document)[0], phone.receipts(document)[0]
    assert (receipt["id"], receipt["status"], receipt["reason"]) == (ID, "quarantined", "finished_after_close")
    assert "finished after the questionnaire had closed" in receipt["message"] or "截止" in receipt["message"]
    assert again == receipt
    kept = session.scalars(select(QuarantinedDocument)).one()
    assert (kept.document, kept.reason) == (document, "finished_after_close")
    assert session.get(Response, ID) is None


def test_a16_finished_before_opening_is_kept_in_quarantine(phone: Phone, session: Session, household: Version) -> None:
    set_window(session, NOW - timedelta(hours=2), None)
    [receipt] = phone.receipts(finished(household, NOW - timedelta(hours=3)))
    assert (receipt["status"], receipt["reason"]) == ("quarantined", "finished_before_open")


def test_a16_a15_the_phones_wrong_clock_is_corrected_before_it_is_judged(
    phone: Phone, session: Session, household: Version
) -> None:
    """The phone is 2 hours ahead: what it calls 1 hour from now was finished 1 hour ago."""
    set_window(session, None, NOW - timedelta(minutes=30))
    sent_at = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    [receipt] = phone.receipts(finished(household, NOW + timedelta(hours=1)), sent_at=sent_at)
    assert receipt["status"] == "stored"
    assert {"late", "clock_differs"} <= flags(session)


def test_what_is_stored_already_stays_so_when_the_questionnaire_closes(
    phone: Phone, session: Session, household: Version
) -> None:
    document = finished(household, NOW)
    assert phone.receipts(document)[0]["status"] == "stored"
    set_window(session, None, NOW - timedelta(days=1))
    assert phone.receipts(document)[0]["status"] == "already_stored"


def test_a_window_that_is_widened_lets_what_comes_again_through_and_resolves_it(
    phone: Phone, session: Session, household: Version
) -> None:
    set_window(session, None, CLOSED_AT)
    document = finished(household, NOW)
    assert phone.receipts(document)[0]["status"] == "quarantined"
    set_window(session, None, None)
    assert phone.receipts(document)[0]["status"] == "stored"
    session.rollback()
    kept = session.scalars(select(QuarantinedDocument)).one()
    assert (kept.resolution, kept.accepted_as) == ("arrived", ID)
    assert phone.receipts(document)[0]["status"] == "already_stored"


def test_a25_a_quarantined_response_still_asks_for_its_photos(
    phone: Phone, session: Session, household: Version
) -> None:
    """A25: or the phone would let them go, and they would be missing when a supervisor accepts it."""
    set_window(session, None, CLOSED_AT)
    photo = {"name": "a.jpg", "path": "/data/photo", "size": 4, "type": "image/jpeg", "sha256": "a" * 64}
    [receipt] = phone.receipts(finished(household, NOW, files=[photo]))
    assert (receipt["status"], receipt["missing_files"]) == ("quarantined", ["a.jpg"])


def test_pull_tells_the_window(phone: Phone, session: Session) -> None:
    first = pull(phone)
    assert (first["forms"][0]["opens_at"], first["forms"][0]["closes_at"]) == (None, None)
    set_window(session, None, datetime(2026, 11, 30, 2, 0, tzinfo=UTC))
    state = pull(phone, first["cursor"])
    assert state["changed"] is True
    assert state["forms"][0]["closes_at"] == "2026-11-30T02:00:00.000Z"
    answer = phone.client.get("/sync/v1/forms/household", headers=phone.headers).get_json()
    assert answer["form"]["closes_at"] == "2026-11-30T02:00:00.000Z"
