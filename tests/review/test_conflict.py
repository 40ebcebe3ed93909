"""A03: revisions of one response that stand against each other, and a supervisor's choice between them."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Decision, JournalEntry, Place, Response, Version
from collector.store.responses import RESUBMITTED, RETURNED
from tests.conftest import People, Phone
from tests.documents import ID, fresh, make_document
from tests.review.test_responses import PHOTO


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def send(phone: Phone, version: Version, base: int | None, size: str, place: str = "C01", **overrides: object) -> dict:
    answers = {"place": place, "hh_size": size}
    document = make_document(version, base=base, answers=answers, author=phone.user.id, **overrides)
    [receipt] = phone.receipts(document)
    return receipt


def choose(su: FlaskClient, revision: int, seen: int) -> str:
    data = {"revision": revision, "seen": seen}
    return su.post(f"/office/responses/{ID}/current", data=data, follow_redirects=True).text


def response(session: Session) -> Response:
    fresh(session)
    return session.get_one(Response, ID)


def test_a03_the_conflicting_revisions_stand_side_by_side(su: FlaskClient, phone: Phone, household: Version) -> None:
    """A03: s1 with hh_size=4; then 5 from revision 1, and 6 from revision 1 too."""
    send(phone, household, None, "4")
    send(phone, household, 1, "5")
    assert send(phone, household, 1, "6")["conflict"] is True
    page = su.get(f"/office/responses/{ID}").text
    table = re.search(r"data-conflict>(.*?)</section>", page, re.S)
    assert table
    cells = re.findall(r"<mark[^>]*>(.*?)</mark>", table[1])
    assert cells == ["5", "6"], "revision 1 is settled by revision 2"
    assert "1 answer is the same" in table[1]


def test_a03_the_chosen_one_is_current_and_the_next_from_it_continues_it(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    send(phone, household, None, "4")
    send(phone, household, 1, "5")
    receipt = send(
        phone, household, 1, "99", "C02", instance_name="Six", files=[PHOTO | {"name": "a.jpg", "sha256": "a" * 64}]
    )
    assert "Revision 3 is the current one now." in choose(su, 3, 3)
    found = response(session)
    assert (found.current_revision, found.is_conflicted) == (3, False)
    assert (found.place_id, found.place_code, found.instance_name) == (places["C02"].id, "C02", "Six")
    assert (found.missing_files, found.flag_count) == (1, 1)
    assert len(found.revisions) == 3, "nothing is overwritten or lost"
    entry = fresh(session).scalars(select(JournalEntry).where(JournalEntry.action == "conflict.choose")).one()
    assert (entry.subject, entry.details) == (ID, {"revision": 3, "before": 2})
    continued = send(phone, household, receipt["revision"], "7")
    assert (continued["status"], continued["revision"], continued.get("conflict")) == ("revision_stored", 4, None)
    assert send(phone, household, 2, "8")["conflict"] is True, "whoever goes on from the other one is in conflict"


def test_A73_a_correction_that_came_in_conflict_is_asked_for_no_more_once_it_is_chosen(
    su: FlaskClient, phone: Phone, household: Version, session: Session, people: People
) -> None:
    """A73: returned with revision 1, changed by the office, corrected by the volunteer from revision 1."""
    send(phone, household, None, "4")
    fresh(session).get_one(Response, ID).state = RETURNED
    session.add(
        Decision(batch_id="b", response_id=ID, revision=1, from_state="received", to_state=RETURNED, by=people.su.id)
    )
    session.commit()
    assert send(phone, household, None, "6")["conflict"] is True
    assert phone.client.get("/sync/v1/pull", headers=phone.headers).get_json()["returned"] == [], (
        "not while the two stand against each other"
    )
    choose(su, 2, 2)
    assert response(session).state == RESUBMITTED


def test_keeping_the_current_one_clears_the_mark_too(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    send(phone, household, None, "4")
    send(phone, household, None, "6")
    choose(su, 1, 2)
    assert (response(session).current_revision, response(session).is_conflicted) == (1, False)
    assert "data-conflict" not in su.get(f"/office/responses/{ID}").text


def test_a_revision_that_nobody_has_seen_keeps_the_mark(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    send(phone, household, None, "4")
    send(phone, household, None, "6")
    send(phone, household, None, "7")
    assert "Another revision has arrived meanwhile." in choose(su, 2, 2)
    assert (response(session).current_revision, response(session).is_conflicted) == (1, True)


def test_a_revision_that_is_not_there(su: FlaskClient, phone: Phone, household: Version) -> None:
    send(phone, household, None, "4")
    assert su.post(f"/office/responses/{ID}/current", data={"revision": 5, "seen": 1}).status_code == 404
    assert su.post(f"/office/responses/{ID}/current", data={"revision": "x", "seen": 1}).status_code == 400
