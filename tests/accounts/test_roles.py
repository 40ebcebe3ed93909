"""Roles in the office: adding, editing, leaving and coming back."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Assignment, JournalEntry, Place, User
from collector.store.people import ANALYST, OWNER, REVIEWER, SUPERVISOR
from tests.conftest import PASSWORD, People, Phone, sign_in
from tests.documents import fresh


@pytest.mark.parametrize("role", [SUPERVISOR, REVIEWER, ANALYST])
def test_adding_somebody_of_each_role(su: FlaskClient, session: Session, places: dict[str, Place], role: str) -> None:
    """With the places that they answer for; the password signs in and is shown once."""
    data = {"name": "Ning", "login": "ning", "role": role, "places": [places["S1"].id], "hides_personal": "y"}
    page = su.post("/office/people/new-office-user", data=data | {"language": "en"}).text
    ning = session.scalars(select(User).where(User.login == "ning")).one()
    assert (ning.role, ning.sees_personal) == (role, role == SUPERVISOR)
    assert [assignment.place_id for assignment in ning.assignments] == [places["S1"].id]
    password = unescape(re.search(r"data-password>([^<]+)<", page)[1])  # type: ignore[index]
    su.post("/office/sign-out")
    assert su.post("/office/sign-in", data={"login": "ning", "password": password}).status_code == 302


@pytest.mark.parametrize(
    ("login", "page"),
    [("lin", "/office/board"), ("su", "/office/board"), ("ren", "/office/responses"), ("ana", "/office/exports/")],
)
def test_everybody_begins_where_their_work_is(client: FlaskClient, people: People, login: str, page: str) -> None:
    """After signing in, at the bare address, and from the mark at the top."""
    assert client.get("/").location == "/office/sign-in", "without a way back to a page that they may not see"
    answer = client.post("/office/sign-in", data={"login": login, "password": PASSWORD})
    assert answer.location == page
    assert client.get("/").location == page
    assert client.get("/office/sign-in").location == page
    assert client.get(page).status_code == 200


def test_changing_name_and_role(su: FlaskClient, people: People, app: Flask, session: Session) -> None:
    """It holds from the next page on, whoever is signed in meanwhile."""
    ren = sign_in(app.test_client(), "ren")
    assert ren.get("/office/responses").status_code == 200
    data = {"name": "Ren Wu", "language": "zh", "role": ANALYST, "hides_personal": "y"}
    assert su.post(f"/office/people/{people.ren.id}/edit", data=data).status_code == 302
    assert ren.get("/office/responses").status_code == 403
    changed = fresh(session).get(User, people.ren.id)
    assert changed is not None
    assert (changed.name, changed.language, changed.role, changed.sees_personal) == ("Ren Wu", "zh", ANALYST, False)


def test_a_volunteer_stays_a_volunteer(su: FlaskClient, people: People, session: Session) -> None:
    """The page of a volunteer has no role, and one that is sent anyway changes nothing."""
    address = f"/office/people/{people.wei.id}/edit"
    assert 'name="role"' not in su.get(address).text
    su.post(address, data={"name": "Wei Li", "language": "en", "role": OWNER})
    wei = fresh(session).get(User, people.wei.id)
    assert wei is not None and (wei.name, wei.role) == ("Wei Li", "volunteer")


def test_rights_that_one_lacks_are_not_given(su: FlaskClient, people: People, session: Session) -> None:
    """A supervisor makes nobody an owner, and changes neither an owner nor themselves."""
    data = {"name": "X", "language": "en", "role": OWNER}
    assert su.post(f"/office/people/{people.ren.id}/edit", data=data).status_code == 400
    assert su.post(f"/office/people/{people.lin.id}/edit", data=data).status_code == 403
    assert su.post(f"/office/people/{people.su.id}/edit", data=data).status_code == 403
    assert su.post(f"/office/people/{people.lin.id}/password").status_code == 403
    assert su.post(f"/office/people/{people.lin.id}/places").status_code == 403
    assert not list(session.scalars(select(JournalEntry).where(JournalEntry.action == "user.change_role")))


def test_coming_back(su: FlaskClient, app: Flask, people: People, phone: Phone) -> None:
    """Whoever was let in again syncs and signs in; a session from before they left does not come to life."""
    ren = sign_in(app.test_client(), "ren")
    for who in (people.wei, people.ren):
        su.post(f"/office/people/{who.id}/deactivate")
    assert phone.push().status_code == 401
    for who in (people.wei, people.ren):
        assert su.post(f"/office/people/{who.id}/activate").status_code == 302
    assert phone.push().status_code == 200
    assert ren.get("/office/responses").status_code == 302
    sign_in(ren, "ren")


def test_places_of_the_office_are_what_they_see(
    su: FlaskClient, app: Flask, people: People, session: Session, places: dict[str, Place]
) -> None:
    """Ren answers for S1 from now on, and for all again without any."""
    address = f"/office/people/{people.ren.id}"
    assert su.post(f"{address}/places", data={"places": [places["S1"].id]}).status_code == 302
    assert "Answers for" in su.get(address).text
    assert list(session.scalars(select(Assignment.place_id).where(Assignment.user_id == people.ren.id))) == [
        places["S1"].id
    ]
    assert su.post(f"{address}/places", data={}).status_code == 302
    session.rollback()
    assert not list(session.scalars(select(Assignment).where(Assignment.user_id == people.ren.id)))
