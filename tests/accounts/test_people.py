"""The pages of people: volunteers, codes, phones, office people."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.store import Assignment, Device, Enrolment, Place, QuestionnaireAssignment, User, Version
from collector.store.people import OWNER, SUPERVISOR
from tests.conftest import People, Phone, sign_in


def test_it_adds_a_volunteer(su: FlaskClient, session: Session, places: dict[str, Place]) -> None:
    """Name, language and communities; the page that follows offers to issue a code."""
    data = {"name": " Hua ", "language": "zh", "places": [places["C01"].id, places["C03"].id]}
    answer = su.post("/office/people/new-volunteer", data=data)
    hua = session.scalars(select(User).where(User.name == "Hua")).one()
    assert answer.location == f"/office/people/{hua.id}"
    assert (hua.role, hua.language, hua.login) == ("volunteer", "zh", None)
    assigned = set(session.scalars(select(Assignment.place_id).where(Assignment.user_id == hua.id)))
    assert assigned == {places["C01"].id, places["C03"].id}
    assert "Issue a code" in su.get(answer.location).text


def test_a_volunteer_needs_a_name(su: FlaskClient, session: Session, places: dict[str, Place]) -> None:
    """Blanks are no name; a place that is not there is no choice."""
    assert su.post("/office/people/new-volunteer", data={"name": "  "}).status_code == 400
    data = {"name": "Hua", "places": [max(place.id for place in places.values()) + 1]}
    assert su.post("/office/people/new-volunteer", data=data).status_code == 400
    assert session.scalar(select(User).where(User.name == "Hua")) is None


def test_the_list_shows_phones_and_what_they_hold(su: FlaskClient, session: Session, phone: Phone) -> None:
    """Last seen and unsent responses of each volunteer, as the phone said them last."""
    device = session.merge(phone.device)
    device.waiting_responses, device.waiting_files = 12, 2
    session.commit()
    page = su.get("/office/people").text
    assert "Wei" in page and "12 responses" in page and "2 photos" in page


def test_it_issues_a_code_that_enrols_a_phone(su: FlaskClient, people: People, session: Session) -> None:
    """Link and QR code are shown once; the link's token enrols a phone; afterwards the page no longer has it."""
    page = su.post(f"/office/people/{people.wei.id}/code").text
    link = unescape(re.search(r"data-enrolment-link>([^<]+)<", page)[1])  # type: ignore[index]
    assert "data:image/svg+xml" in page
    assert "用手机相机扫描二维码。" in page, "the card is in the volunteer's language, whatever the office speaks"
    token = link.rpartition("/join/")[2]
    answer = su.post("/sync/v1/enrol", json={"token": token, "label": "Test"})
    assert answer.status_code == 201
    assert answer.get_json()["user"]["name"] == "Wei"
    assert token not in su.get(f"/office/people/{people.wei.id}").text
    assert session.scalars(select(Enrolment)).one().token_hash not in page


def test_office_people_get_no_code(su: FlaskClient, people: People, session: Session) -> None:
    """A phone belongs to a volunteer."""
    assert su.post(f"/office/people/{people.su.id}/code").status_code == 403
    assert not list(session.scalars(select(Enrolment)))


def test_it_takes_a_code_and_its_phones_back(su: FlaskClient, session: Session, phone: Phone) -> None:
    """A lost card lets nobody in any more, and a phone that used it neither."""
    enrolment_id = phone.device.enrolment_id
    assert su.post(f"/office/people/codes/{enrolment_id}/revoke").status_code == 302
    assert phone.push().get_json()["error"]["code"] == "device_revoked"


def test_it_takes_one_phone_back(
    su: FlaskClient, session: Session, people: People, enrol: Callable[[User], Phone]
) -> None:
    """The other phone of the same volunteer goes on."""
    lost, kept = enrol(people.wei), enrol(people.wei)
    assert su.post(f"/office/people/phones/{lost.device.id}/revoke").status_code == 302
    assert lost.push().status_code == 401
    assert kept.push().status_code == 200
    assert session.get(Device, kept.device.id).revoked_at is None  # type: ignore[union-attr]


def test_it_changes_communities(su: FlaskClient, session: Session, people: People, places: dict[str, Place]) -> None:
    """The new set replaces the old one."""
    address = f"/office/people/{people.wei.id}/places"
    for codes in (["C01", "C02"], ["C02", "C03"], []):
        assert su.post(address, data={"places": [places[code].id for code in codes]}).status_code == 302
        session.rollback()
        assigned = session.scalars(select(Assignment.place_id).where(Assignment.user_id == people.wei.id))
        assert set(assigned) == {places[code].id for code in codes}


def test_a_subdistrict_stands_for_its_communities(
    su: FlaskClient, session: Session, people: People, places: dict[str, Place]
) -> None:
    """Any level of the tree can be ticked; what lies under a ticked place need not be kept besides."""
    address = f"/office/people/{people.wei.id}/places"
    su.post(address, data={"places": [places["S1"].id, places["C01"].id, places["C03"].id]})
    assigned = set(session.scalars(select(Assignment.place_id).where(Assignment.user_id == people.wei.id)))
    assert assigned == {places["S1"].id, places["C03"].id}
    page = su.get(f"/office/people/{people.wei.id}").text
    ticked = {int(value) for value in re.findall(r'name="places" value="(\d+)" checked', page)}
    assert ticked == assigned


def test_a_place_that_ended_counts_as_what_follows_it(
    su: FlaskClient, session: Session, people: People, places: dict[str, Place]
) -> None:
    """C02 was merged into C01: whoever goes to C02 has C01 ticked, and saving the page keeps it."""
    assign_places(session, session.merge(people.wei), [places["C02"].id], by=None)
    ended = session.merge(places["C02"])
    ended.ended_on, ended.successor_id = date(2026, 3, 1), places["C01"].id
    session.commit()
    page = su.get(f"/office/people/{people.wei.id}").text
    assert re.findall(r'name="places" value="(\d+)" checked', page) == [str(places["C01"].id)]


def test_the_questionnaires_of_a_volunteer(
    su: FlaskClient, session: Session, people: People, household: Version
) -> None:
    """None means all; what is ticked is kept, and the list names it."""
    address, mine = f"/office/people/{people.wei.id}/places", QuestionnaireAssignment.user_id == people.wei.id
    assert su.post(address, data={"questionnaires": [household.questionnaire_id]}).status_code == 302
    assert list(session.scalars(select(QuestionnaireAssignment.questionnaire_id).where(mine))) == [1]
    assert f'value="{household.questionnaire_id}" checked' in su.get(f"/office/people/{people.wei.id}").text
    assert "Household" in su.get("/office/people").text
    su.post(address, data={})
    session.rollback()
    assert not list(session.scalars(select(QuestionnaireAssignment).where(mine)))
    assert su.post(address, data={"questionnaires": [99]}).status_code == 400


def test_names_are_text_on_every_page(su: FlaskClient, session: Session, people: People) -> None:
    """A82: a name that would be a script is shown as it was written."""
    bad = "<img src=x onerror=alert(1)>"
    session.merge(people.wei).name = bad
    session.commit()
    chosen = {"person": people.wei.id}
    pages = [
        su.get("/office/people", query_string={"q": "<img"}).text,
        su.get(f"/office/people/{people.wei.id}").text,
        su.get(f"/office/people/{people.wei.id}/edit").text,
        su.post("/office/people/team", data=chosen).text,
        su.post("/office/people/cards", data=chosen | {"confirmed": "1", "earlier": "keep"}).text,
        su.post("/office/people/codes/revoke", data=chosen).text,
    ]
    for page in pages:
        assert "<img src=x" not in page and "&lt;img src=x" in page


def test_it_adds_an_office_person_with_a_password_shown_once(su: FlaskClient, app: object, session: Session) -> None:
    """The generated password signs in; it stands on this one page only."""
    page = su.post("/office/people/new-office-user", data={"name": "Ning", "login": "Ning", "role": SUPERVISOR}).text
    password = unescape(re.search(r"data-password>([^<]+)<", page)[1])  # type: ignore[index]
    assert len(password) >= 16
    su.post("/office/sign-out")
    answer = su.post("/office/sign-in", data={"login": "NING", "password": password})
    assert answer.status_code == 302
    assert password not in su.get("/office/people").text


def test_two_people_cannot_have_one_login(su: FlaskClient) -> None:
    """Upper and lower case make no difference."""
    data = {"name": "Another", "login": "LIN", "role": SUPERVISOR}
    answer = su.post("/office/people/new-office-user", data=data)
    assert answer.status_code == 400
    assert "Somebody has this login already." in answer.text


@pytest.mark.parametrize(("login", "status"), [("lin", 200), ("su", 400)])
def test_only_an_owner_makes_an_owner(
    client: FlaskClient, people: People, session: Session, login: str, status: int
) -> None:
    """Nobody gives a right that they lack."""
    sign_in(client, login)
    data = {"name": "Second", "login": "second", "role": OWNER}
    assert client.post("/office/people/new-office-user", data=data).status_code == status


def test_deactivating(su: FlaskClient, people: People, phone: Phone) -> None:
    """A volunteer who left: the phone is out. Nobody can do it to themselves or to somebody with more rights."""
    assert su.post(f"/office/people/{people.wei.id}/deactivate").status_code == 302
    assert phone.push().status_code == 401
    assert su.post(f"/office/people/{people.su.id}/deactivate").status_code == 403
    assert su.post(f"/office/people/{people.lin.id}/deactivate").status_code == 403


def test_unknown_people_are_not_found(su: FlaskClient) -> None:
    """A page for people, not a trace."""
    assert su.get("/office/people/nobody").status_code == 404
    assert su.post("/office/people/nobody/code").status_code == 404
    assert su.post("/office/people/codes/99/revoke").status_code == 404
    assert su.post("/office/people/phones/none/revoke").status_code == 404
