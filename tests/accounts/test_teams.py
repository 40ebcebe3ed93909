"""Several volunteers at once: moving a team, printing cards, taking codes back."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.store import Assignment, Enrolment, Place, QuestionnaireAssignment, Response, User, Version
from collector.store.responses import RETURNED
from tests.conftest import People, Phone
from tests.documents import ID, fresh, make_document


def places_of(session: Session, user: User) -> set[int]:
    """Ids of the places of `user` now."""
    return set(fresh(session).scalars(select(Assignment.place_id).where(Assignment.user_id == user.id)))


def change_team(su: FlaskClient, people: People, **data: object) -> int:
    """Send the form for Wei and Mei; gives the status."""
    sent = {
        "person": [people.wei.id, people.mei.id],
        "confirmed": "1",
        "how_places": "keep",
        "how_questionnaires": "keep",
    }
    return su.post("/office/people/team", data=sent | data).status_code


def links(page: str) -> list[str]:
    """The tokens of the enrolment links on a page."""
    return [unescape(link).rpartition("/join/")[2] for link in re.findall(r"data-enrolment-link>([^<]+)<", page)]


def test_opening_the_page_changes_nothing(
    su: FlaskClient, people: People, places: dict[str, Place], session: Session
) -> None:
    """It names who was ticked and leaves all as it is until it is saved."""
    page = su.post("/office/people/team", data={"person": [people.wei.id], "places": [places["C01"].id]}).text
    assert "Wei" in page and "Mei" not in page
    assert places_of(session, people.wei) == set()


@pytest.mark.parametrize(
    ("how", "expected"), [("keep", {"C01"}), ("change", {"C02", "C03"}), ("add", {"C01", "C02", "C03"})]
)
def test_moving_a_team(
    su: FlaskClient, people: People, places: dict[str, Place], session: Session, how: str, expected: set[str]
) -> None:
    """All of them at once: left where they are, moved, or given more."""
    for user in (people.wei, people.mei):
        assign_places(session, session.merge(user), [places["C01"].id], by=None)
    session.commit()
    chosen = [places["C02"].id, places["C03"].id]
    assert change_team(su, people, how_places=how, places=chosen) == 302
    for user in (people.wei, people.mei):
        assert places_of(session, user) == {places[code].id for code in expected}


def test_adding_to_somebody_with_all_places_takes_none_away(
    su: FlaskClient, people: People, places: dict[str, Place], session: Session
) -> None:
    """No place means all places: adding one must not turn that into this one only."""
    assert change_team(su, people, how_places="add", places=[places["C02"].id]) == 302
    assert places_of(session, people.wei) == set()


def test_questionnaires_of_a_team(su: FlaskClient, people: People, session: Session, household: Version) -> None:
    """The same for all of them."""
    number = household.questionnaire_id
    assert change_team(su, people, how_questionnaires="change", questionnaires=[number]) == 302
    assigned = select(QuestionnaireAssignment.user_id).where(QuestionnaireAssignment.questionnaire_id == number)
    assert set(session.scalars(assigned)) == {people.wei.id, people.mei.id}


def test_what_was_returned_stays_with_its_author(
    su: FlaskClient, people: People, places: dict[str, Place], session: Session, household: Version, phone: Phone
) -> None:
    """Wei moves to C03: the response of C01 that was returned to them is still theirs, still returned, still of C01."""
    phone.receipts(make_document(household, author=people.wei.id))
    response = session.get(Response, ID)
    assert response is not None
    response.state = RETURNED
    session.commit()
    assert change_team(su, people, how_places="change", places=[places["C03"].id]) == 302
    kept = fresh(session).get(Response, ID)
    assert kept is not None
    assert (kept.author_id, kept.state, kept.place_id) == (people.wei.id, RETURNED, places["C01"].id)


def test_nobody_ticked(su: FlaskClient, people: People) -> None:
    """Back to the list, which says what to do; people of the office cannot be ticked."""
    for what in ("team", "cards", "codes/revoke"):
        for chosen in ({}, {"person": people.ren.id}):
            answer = su.post(f"/office/people/{what}", data=chosen | {"confirmed": "1"}, follow_redirects=True)
            assert "Tick the volunteers first." in answer.text, what


def test_cards_for_several(su: FlaskClient, people: People, session: Session, places: dict[str, Place]) -> None:
    """First a question; then a card each with a fresh code, in each volunteer's language, kept by no cache and shown once."""
    assign_places(session, session.merge(people.wei), [places["C01"].id], by=None)
    session.merge(people.mei).language = "en"
    session.commit()
    chosen = {"person": [people.wei.id, people.mei.id]}
    assert links(su.post("/office/people/cards", data=chosen).text) == []
    assert not list(session.scalars(select(Enrolment)))
    answer = su.post("/office/people/cards", data=chosen | {"confirmed": "1", "earlier": "keep"})
    tokens = links(answer.text)
    assert len(set(tokens)) == 2
    assert answer.text.count("data:image/svg+xml") == 2
    assert "C01社区" in answer.text and "用手机相机扫描二维码。" in answer.text
    assert "Scan the code with your phone&#39;s camera." in answer.text and "all communities" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    for token in tokens:
        assert su.post("/sync/v1/enrol", json={"token": token, "label": "Test"}).status_code == 201
        assert token not in su.get("/office/people").text


@pytest.mark.parametrize(("earlier", "status"), [("keep", 200), ("change", 401)])
def test_A78_issuing_again(
    su: FlaskClient, people: People, enrol: Callable[[User], Phone], earlier: str, status: int
) -> None:
    """A78: earlier phones go on, or lose their access, as was chosen; the other volunteer's phone goes on in any case."""
    lost, other = enrol(people.wei), enrol(people.mei)
    data = {"person": people.wei.id, "confirmed": "1", "earlier": earlier}
    token = links(su.post("/office/people/cards", data=data).text)[0]
    assert lost.push().status_code == status
    assert other.push().status_code == 200
    assert su.post("/sync/v1/enrol", json={"token": token, "label": "New"}).status_code == 201


def test_A78_taking_codes_back(
    su: FlaskClient,
    people: People,
    enrol: Callable[[User], Phone],
    household: Version,
    session: Session,
) -> None:
    """A78: after a question the phone gets 401 while the other goes on; what it held arrives with a new code."""
    lost, other = enrol(people.wei), enrol(people.mei)
    chosen = {"person": people.wei.id}
    assert "Take all codes and phones back" in su.post("/office/people/codes/revoke", data=chosen).text
    assert lost.push().status_code == 200, "nothing is taken back before the answer"
    assert su.post("/office/people/codes/revoke", data=chosen | {"confirmed": "1"}).status_code == 302
    answer = lost.push(make_document(household))
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "device_revoked")
    assert other.push().status_code == 200
    assert enrol(people.wei).receipts(make_document(household))[0]["status"] == "stored"


def test_who_left_gets_no_card(su: FlaskClient, people: People, session: Session) -> None:
    """They are named as left out; with nobody else there is nothing to make."""
    su.post(f"/office/people/{people.wei.id}/deactivate")
    both = {"person": [people.wei.id, people.mei.id]}
    page = su.post("/office/people/cards", data=both).text
    assert "Left out" in page and "1 volunteer:" in page
    su.post("/office/people/cards", data={"person": people.wei.id, "confirmed": "1", "earlier": "keep"})
    assert not list(session.scalars(select(Enrolment)))
