"""A81, people: a supervisor of a part sees, changes and adds people of that part only."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places, create_user, issue_enrolment
from collector.accounts.reach import Reach
from collector.accounts.scope import WHOLE, Scope
from collector.store import Assignment, Enrolment, Place, User
from collector.store.people import ANALYST, OWNER, REVIEWER, SUPERVISOR, VOLUNTEER
from tests.conftest import PASSWORD, People, Phone, sign_in
from tests.documents import fresh
from tests.sync.test_recoveries import Question

#: A part with the places 1 and 2.
PART = Scope(frozenset({1, 2}))


def somebody(role: str, *place_ids: int) -> User:
    """A person with these places."""
    return User(id="other", role=role, name="", assignments=[Assignment(place_id=place_id) for place_id in place_ids])


@pytest.mark.parametrize(
    ("role", "place_ids", "sees", "may_change"),
    [
        (VOLUNTEER, (1,), True, True),
        (VOLUNTEER, (1, 3), True, False),
        (VOLUNTEER, (3,), False, False),
        (VOLUNTEER, (), False, False),
        (REVIEWER, (1, 2), True, True),
        (ANALYST, (1, 3), False, False),
        (SUPERVISOR, (2,), True, True),
        (SUPERVISOR, (), False, False),
        (OWNER, (1,), False, False),
    ],
)
def test_A81_who_is_in_a_part(role: str, place_ids: tuple[int, ...], sees: bool, may_change: bool) -> None:
    """A81: volunteers with a place in the part are seen; who also has places elsewhere is changed by somebody else."""
    reach = Reach("me", SUPERVISOR, PART)
    assert (reach.sees(somebody(role, *place_ids)), reach.may_change(somebody(role, *place_ids))) == (sees, may_change)


@pytest.mark.parametrize(("role", "may_change"), [(VOLUNTEER, True), (SUPERVISOR, True), (OWNER, False)])
def test_a_supervisor_of_all(role: str, may_change: bool) -> None:
    """Sees everybody; changes nobody with more rights, and not themselves."""
    reach = Reach("me", SUPERVISOR, WHOLE)
    assert reach.sees(somebody(role)) and reach.may_change(somebody(role)) is may_change
    me = User(id="me", role=SUPERVISOR, name="")
    assert reach.sees(me) and not reach.may_change(me)


def test_nobody_gives_a_right_that_they_lack() -> None:
    """Neither a role nor the personal fields."""
    assert not Reach("me", SUPERVISOR, WHOLE).may_give(OWNER)
    assert not Reach("me", SUPERVISOR, WHOLE, sees_personal=False).may_give(ANALYST)
    assert Reach("me", SUPERVISOR, WHOLE, sees_personal=False).may_give(ANALYST, sees_personal=False)
    assert not Reach("me", REVIEWER, WHOLE).may_give(VOLUNTEER)


@pytest.fixture
def assigned(session: Session, people: People, places: dict[str, Place]) -> People:
    """Wei goes to C01, in So's part; Mei to C03, outside of it."""
    assign_places(session, session.merge(people.wei), [places["C01"].id], by=None)
    assign_places(session, session.merge(people.mei), [places["C03"].id], by=None)
    session.commit()
    return people


@pytest.fixture
def part(client: FlaskClient, so: User) -> FlaskClient:
    """So's browser, signed in."""
    return sign_in(client, "so")


def test_A81_the_list_and_the_search(part: FlaskClient, assigned: People) -> None:
    """A81: people of elsewhere are in no list and found by no search."""
    for page in (part.get("/office/people").text, part.get("/office/people?q=mei").text):
        assert "Mei" not in page and "Lin" not in page and "Ren" not in page
    assert ">Wei<" in part.get("/office/people").text
    assert ">So<" in part.get("/office/people").text


def test_A81_everything_of_somebody_elsewhere_is_not_found(
    app: Flask, part: FlaskClient, assigned: People, session: Session, enrol: Callable[[User], Phone]
) -> None:
    """A81: page, places, code, phone, forgotten PIN: all as if they did not exist, and nothing changes."""
    phone = enrol(assigned.mei)
    question = Question(app.extensions["collector_sealing_key"], assigned.mei)
    recovery_id = question.ask(phone).get_json()["id"]
    mine = f"/office/people/{assigned.mei.id}"
    assert part.get(mine).status_code == 404
    for what in ("places", "code", "deactivate", "activate", "edit", "password"):
        assert part.post(f"{mine}/{what}", data={"name": "X"}).status_code == 404, what
    for address in (
        f"/office/people/codes/{phone.device.enrolment_id}/revoke",
        f"/office/people/phones/{phone.device.id}/revoke",
        f"/office/people/recoveries/{recovery_id}/grant",
        f"/office/people/recoveries/{recovery_id}/refuse",
    ):
        assert part.post(address).status_code == 404, address
    for what in ("team", "cards", "codes/revoke"):
        chosen = {"person": assigned.mei.id, "confirmed": "1", "how_places": "change", "earlier": "change"}
        assert part.post(f"/office/people/{what}", data=chosen).location == "/office/people", "as if nobody was ticked"
    assert phone.push().status_code == 200
    session.rollback()
    assert session.get(User, assigned.mei.id).name == "Mei"  # type: ignore[union-attr]


def test_A81_somebody_who_also_works_elsewhere(
    part: FlaskClient, assigned: People, session: Session, places: dict[str, Place], enrol: Callable[[User], Phone]
) -> None:
    """A81: a code would open what lies elsewhere, so it is not theirs to issue; a lost phone they may stop. What is elsewhere stays."""
    assign_places(session, session.merge(assigned.mei), [places["C01"].id, places["C03"].id], by=None)
    session.commit()
    phone = enrol(assigned.mei)
    address = f"/office/people/{assigned.mei.id}"
    assert "also works outside of your part" in part.get(address).text
    for what in ("code", "deactivate", "edit"):
        assert part.post(f"{address}/{what}", data={"name": "X"}).status_code == 403, what
    assert part.post(f"{address}/places", data={"places": [places["C02"].id]}).status_code == 302
    assert part.post(f"/office/people/phones/{phone.device.id}/revoke").status_code == 302
    assert phone.push().status_code == 401
    assert set(session.scalars(select(Assignment.place_id).where(Assignment.user_id == assigned.mei.id))) == {
        places["C02"].id,
        places["C03"].id,
    }
    page = part.post("/office/people/cards", data={"person": assigned.mei.id, "confirmed": "1", "earlier": "keep"}).text
    assert "Left out" in page and "data-enrolment-link" not in page


def test_A81_adding_only_in_the_part(part: FlaskClient, session: Session, places: dict[str, Place]) -> None:
    """A81: never without places, never outside, never an owner; volunteers and people of the office alike."""
    volunteer, office = "/office/people/new-volunteer", "/office/people/new-office-user"
    person = {"name": "Hua", "login": "hua", "role": REVIEWER, "language": "zh"}
    for address in (volunteer, office):
        answer = part.post(address, data=person)
        assert answer.status_code == 400 and "Choose at least one place" in answer.text
        assert part.post(address, data=person | {"places": [places["C03"].id]}).status_code == 400
        assert part.post(address, data=person | {"places": [places["C01"].id, places["D"].id]}).status_code == 400
    assert part.post(office, data=person | {"role": OWNER, "places": [places["C01"].id]}).status_code == 400
    assert session.scalar(select(User).where(User.name == "Hua")) is None
    assert part.post(office, data=person | {"places": [places["C01"].id]}).status_code == 200
    assert part.post(volunteer, data=person | {"places": [places["S1"].id]}).status_code == 302
    assert len(list(fresh(session).scalars(select(User).where(User.name == "Hua")))) == 2


def test_A81_nobody_is_left_without_a_place(
    part: FlaskClient, assigned: People, session: Session, places: dict[str, Place]
) -> None:
    """A81: taking the last place away would open all places; what was ticked stays on the page."""
    answer = part.post(f"/office/people/{assigned.wei.id}/places", data={})
    assert answer.status_code == 400 and "Choose at least one place" in answer.text
    chosen = {"person": assigned.wei.id, "confirmed": "1", "how_places": "change", "how_questionnaires": "keep"}
    assert part.post("/office/people/team", data=chosen).status_code == 400
    assert list(session.scalars(select(Assignment.place_id).where(Assignment.user_id == assigned.wei.id))) == [
        places["C01"].id
    ]


def test_A81_colleagues_of_the_same_part(
    app: Flask, part: FlaskClient, session: Session, places: dict[str, Place]
) -> None:
    """A81: So looks after the reviewer of C02, whose new password signs in; elsewhere there is nobody to look after."""
    for name, code in (("Rui", "C02"), ("Far", "C03")):
        made = create_user(session, name=name, role=REVIEWER, login=name, password=PASSWORD, language="en")
        assign_places(session, made, [places[code].id], by=None)
    session.commit()
    ids = dict(session.execute(select(User.name, User.id)).all())
    page = part.post(f"/office/people/{ids['Rui']}/password").text
    password = unescape(re.search(r"data-password>([^<]+)<", page)[1])  # type: ignore[index]
    answer = app.test_client().post("/office/sign-in", data={"login": "rui", "password": password})
    assert answer.status_code == 302
    assert part.post(f"/office/people/{ids['Far']}/password").status_code == 404
    assert part.post(f"/office/people/{ids['Lin'] if 'Lin' in ids else ids['Far']}/password").status_code == 404


def test_A81_codes_of_others_are_not_told_apart_from_none(
    part: FlaskClient, assigned: People, session: Session
) -> None:
    """A81: the number of a code says nothing: one of elsewhere and one that is not there answer the same."""
    issue_enrolment(session, session.merge(assigned.mei), by=None)
    session.commit()
    number = session.scalars(select(Enrolment.id)).one()
    there, none = (part.post(f"/office/people/codes/{code}/revoke") for code in (number, number + 1))
    # Each page names the id of its request (collector/logs.py).
    pages = [answer.text.replace(answer.headers["X-Request-ID"], "") for answer in (there, none)]
    assert (there.status_code, none.status_code) == (404, 404) and pages[0] == pages[1]
