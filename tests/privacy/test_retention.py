"""Answers that are erased after a time: counts stay, nobody who sends waits, and it is said before of how many."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.background import take_retention
from collector.privacy import retention
from collector.store import Erasure, JournalEntry, Questionnaire, Response, Version, utc_now
from tests.conftest import Phone
from tests.documents import fresh
from tests.privacy.conftest import SECRETS, visited
from tests.privacy.test_erasing import board_of, everything

IDS = [f"{number}1111111-1111-4111-8111-111111111111" for number in (1, 2, 3)]
ADDRESS = "/office/retention/visit"


@pytest.fixture
def aged(phone: Phone, visit: Version, session: Session) -> None:
    """Three responses: of 40 days, of 40 days and returned, of today."""
    phone.receipts(*(visited(visit, phone, id=id_) for id_ in IDS))
    old = utc_now() - timedelta(days=40)
    session.execute(update(Response).where(Response.id != IDS[2]).values(received_at=old))
    session.execute(update(Response).where(Response.id == IDS[1]).values(state="returned"))
    session.commit()


def look(app: Flask) -> bool:
    """What the background does within the hour; gives whether anything was due."""
    retention.Clock.looked_at = -retention.LOOK_S
    with app.app_context():
        piece = take_retention()
    if piece is None:
        return False
    with app.app_context():
        piece.do()
    return True


def erased(session: Session) -> dict[str, str]:
    return dict(fresh(session).execute(select(Response.id, Response.erased)).all())


@pytest.mark.usefixtures("aged")
def test_the_rule_is_asked_about_once_more_where_it_erases_at_once(
    app: Flask, su: FlaskClient, session: Session
) -> None:
    page = su.post(ADDRESS, data={"days": "30", "extent": "personal"}).text
    assert "the answers of 1 response are erased within the hour" in page
    assert session.scalars(select(Questionnaire.retention_days)).one() is None
    assert not look(app)
    su.post(ADDRESS, data={"days": "30", "extent": "personal", "counted": "30 personal"})
    assert fresh(session).scalars(select(Questionnaire.retention_days)).one() == 30
    assert "Personal answers are erased 30 days after" in su.get("/office/questionnaires/visit").text
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "questionnaire.retention")).one()
    assert entry.details == {"days": 30, "extent": "personal"}


@pytest.mark.usefixtures("aged")
def test_what_is_due_is_erased_and_counted_as_before(app: Flask, su: FlaskClient, session: Session) -> None:
    """A returned response waits until it is back."""
    su.post(ADDRESS, data={"days": "30", "extent": "personal", "counted": "30 personal"})
    board = board_of(su)
    assert look(app)
    assert erased(session) == {IDS[0]: "personal", IDS[1]: "", IDS[2]: ""}
    assert board_of(su) == board
    [erasure] = session.scalars(select(Erasure)).all()
    assert (erasure.reason, erasure.by) == ("retention", None)
    session.execute(update(Response).values(state="resubmitted", received_at=utc_now() - timedelta(days=31)))
    session.commit()
    assert look(app)
    assert set(erased(session).values()) == {"personal"}
    assert not any(secret in everything(session) for secret in SECRETS)


@pytest.mark.usefixtures("aged")
def test_many_are_erased_some_at_a_time(
    app: Flask, su: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHUNK", 1)
    session.execute(update(Response).values(state="received", received_at=utc_now() - timedelta(days=9)))
    session.commit()
    su.post(ADDRESS, data={"days": "8", "extent": "all", "counted": "8 all"})
    assert look(app)
    assert set(erased(session).values()) == {"all"}


@pytest.mark.usefixtures("aged")
def test_it_is_looked_for_once_an_hour(app: Flask, su: FlaskClient) -> None:
    su.post(ADDRESS, data={"days": "30", "extent": "personal", "counted": "30 personal"})
    assert look(app)
    with app.app_context():
        assert take_retention() is None


def test_a_rule_of_days_that_are_none_is_refused(su: FlaskClient, visit: Version, session: Session) -> None:
    for days in ("1", "-5", "many", "99999999999"):
        answer = su.post(ADDRESS, data={"days": days, "extent": "personal"})
        assert answer.status_code == 400, days
    assert su.post(ADDRESS, data={"days": "30", "extent": "half"}).status_code == 400
    assert su.post(ADDRESS, data={"days": "", "extent": "all"}).status_code == 302
    assert fresh(session).scalars(select(Questionnaire.retention_days)).one() is None
