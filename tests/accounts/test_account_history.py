"""A77, people: what is done to accounts and codes is in the journal, and the page of a person tells it in words."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from collector.accounts.history import NAMING_PERSON, OF_PERSON, in_words
from collector.store import JournalEntry, Place, User, Version
from tests.conftest import People, Phone
from tests.documents import fresh, make_document


def journal(session: Session, action: str) -> list[JournalEntry]:
    """The entries of one action."""
    return list(fresh(session).scalars(select(JournalEntry).where(JournalEntry.action == action)))


def test_A77_password_resets_are_journaled(su: FlaskClient, people: People, session: Session) -> None:
    """A77: who reset whose password, and when; not the password. The page says it."""
    address = f"/office/people/{people.ren.id}"
    before = len(journal(session, "user.set_password"))
    assert su.get(f"{address}/password").status_code == 200
    assert len(journal(session, "user.set_password")) == before, "the question alone does nothing"
    su.post(f"{address}/password")
    entry = journal(session, "user.set_password")[-1]
    assert (entry.user_id, entry.subject, entry.details) == (people.su.id, people.ren.id, {})
    assert entry.at.utcoffset() is not None
    page = su.get(address).text
    assert "new password" in page and "· Su" in page


def test_A77_issuing_and_taking_back_codes_is_journaled(
    su: FlaskClient, people: People, session: Session, enrol: Callable[[User], Phone]
) -> None:
    """A77: each code, one at a time or several at once, with the person it is of."""
    enrol(people.mei)
    su.post(f"/office/people/{people.wei.id}/code")
    su.post("/office/people/cards", data={"person": people.wei.id, "confirmed": "1", "earlier": "change"})
    issued, revoked = journal(session, "enrolment.issue"), journal(session, "enrolment.revoke")
    assert [entry.details for entry in issued if entry.user_id] == [{"person": people.wei.id}] * 2
    assert [(entry.user_id, entry.details) for entry in revoked] == [(people.su.id, {"person": people.wei.id})]
    page = su.get(f"/office/people/{people.wei.id}").text
    assert page.count("code issued") == 2 and page.count("code taken back") == 1
    assert "code taken back" not in su.get(f"/office/people/{people.mei.id}").text


def test_A77_the_journal_is_not_changed(su: FlaskClient, people: People, session: Session) -> None:
    """A77: not even by somebody at the database."""
    su.post(f"/office/people/{people.ren.id}/password")
    for statement in ("UPDATE journal SET action = 'x'", "DELETE FROM journal"):
        with pytest.raises(DBAPIError):
            session.execute(text(statement))
        session.rollback()


def test_every_kind_of_entry_has_words(app, people: People) -> None:  # type: ignore[no-untyped-def]
    """Nobody reads `user.change_role`."""
    with app.test_request_context():
        for action in (*OF_PERSON, *NAMING_PERSON):
            assert in_words(action, {}) != action


def test_what_came_of_a_volunteer(
    su: FlaskClient, people: People, places: dict[str, Place], household: Version, phone: Phone, session: Session
) -> None:
    """Responses by state, each a link to them; tests are not counted."""
    page = su.get(f"/office/people/{people.wei.id}").text
    assert "None yet." in page
    for number in range(3):
        phone.receipts(
            make_document(household, id=f"1111111{number}-1111-4111-8111-111111111111", author=people.wei.id)
        )
    page = su.get(f"/office/people/{people.wei.id}").text
    assert f"/office/responses?author={people.wei.id}&amp;state=received" in page
    assert 'states__number">3<' in page
