"""The board as pages: tiles, rows, totals, unassigned, filters, and what somebody with a part of the tree sees."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.store import Device, Place, Questionnaire, Response, User, Version, utc_now
from collector.store.responses import REJECTED
from tests.conftest import People, Phone, sign_in
from tests.coverage.conftest import Send, SetTarget, row_of, words

TABLE = "/office/board?view=table"


def test_without_a_questionnaire_it_says_so(su: FlaskClient) -> None:
    """An empty installation has a board that says what to do."""
    assert "No questionnaire is published yet." in su.get("/office/board").text


def test_A74_every_community_zeros_included(
    su: FlaskClient, send: Send, set_target: SetTarget, places: dict[str, Place]
) -> None:
    """A74: each community has a row with target, received, percent; target 0 shows no percent and no error."""
    send("C01", 3)
    set_target(places["C01"], 4)
    set_target(places["C02"], 0)
    page = su.get(TABLE).text
    assert "Community C01 3 / 4 75 %" in row_of(page, 'data-place="C01"')
    assert row_of(page, 'data-place="C02"').startswith("Community C02 0 / 0 –")
    assert row_of(page, 'data-place="C03"').startswith("Community C03 0 –")
    assert row_of(page, "data-total").startswith("Total 3 / 4 75 %")
    tiles = su.get("/office/board").text
    tile = re.findall(r'<a class="grid-tile grid-tile--(\d)"[^>]*data-place="(\w+)"[^>]*>(.*?)</a>', tiles, re.S)
    assert [(level, code, words(body)) for level, code, body in tile] == [
        ("3", "C01", "Community C01 3 / 4 75 %"),
        ("0", "C02", "Community C02 0 / 0"),
        ("0", "C03", "Community C03 0"),
    ]


def test_A74_last_sync_and_what_phones_still_hold(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """A74: the board names the volunteer who holds something unsent, at the community and among those to ask."""
    assign_places(session, session.merge(phone.user), [places["C02"].id], by=None)
    session.commit()
    phone.push(waiting={"responses": 12, "files": 2, "drafts": 1, "failed": 3})
    page = su.get(TABLE).text
    assert "Wei 12" in row_of(page, 'data-place="C02"')
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", row_of(page, 'data-place="C02"')), "last sync"
    asked = re.search(r"<ul[^>]*data-to-call>(.*?)</ul>", page, re.S)
    assert asked and "12 unsent responses 2 photos 3 failed" in words(asked[1])


def test_a_phone_that_was_silent_for_two_days_is_asked_after(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    """Also without anything unsent, as far as the server knows."""
    phone.push()
    assert "data-to-call" not in su.get("/office/board").text
    session.get_one(Device, phone.device.id).last_seen_at = utc_now() - timedelta(days=2, minutes=1)
    session.commit()
    asked = re.search(r"<ul[^>]*data-to-call>(.*?)</ul>", su.get("/office/board").text, re.S)
    assert asked and words(asked[1]).startswith("Wei") and "silent" in asked[1]


def test_A75_unknown_places_are_a_row_and_count(
    su: FlaskClient, send: Send, places: dict[str, Place], session: Session, household: Version
) -> None:
    """A75: 7 with a known community and 3 without are 10, 3 of them unassigned; rejected ones and tests stand apart."""
    rejected = [*send("C01", 5), *send("C03", 4)][0]
    test = send("nowhere", 4)[0]
    session.get_one(Response, rejected).state = REJECTED
    session.get_one(Response, test).is_test = True
    session.commit()
    page = su.get(TABLE).text
    assert row_of(page, "data-unassigned").startswith("Unassigned: no known community 3")
    assert row_of(page, "data-total").startswith("Total 11")
    numbers = [int(row_of(page, f'data-place="{code}"').split()[2]) for code in ("C01", "C02", "C03")]
    assert sum(numbers) + 3 == 11
    assert row_of(page, 'data-place="C01"').endswith("1 –"), "rejected, tests"
    assert row_of(page, "data-total").endswith("1 1")
    assert "3" in words(re.search(r"<p[^>]*data-unassigned-tiles>(.*?)</p>", su.get("/office/board").text, re.S)[1])  # type: ignore[index]


def test_A72_over_target(
    su: FlaskClient, enrol: Any, people: People, send: Send, set_target: SetTarget, places: dict[str, Place]
) -> None:
    """A72: two phones each send their 20th while both were offline: 21 of 20 are all stored, shown as such and flagged."""
    set_target(places["C01"], 20)
    other = enrol(people.mei)
    send("C01", 19)
    send("C01", 1)
    send("C01", 1, by=other)
    assert row_of(su.get(TABLE).text, 'data-place="C01"').startswith("Community C01 over target 21 / 20 105 %")
    assert "over target" in su.get("/office/board").text


def test_behind_comes_first(su: FlaskClient, send: Send, set_target: SetTarget, places: dict[str, Place]) -> None:
    """At zero, then behind the period, then by percent; on the board those to look at first are listed."""
    today = utc_now().date()
    send("C01", 2)
    send("C02", 2)
    set_target(places["C01"], 4)
    set_target(places["C02"], 40, today - timedelta(days=30), today - timedelta(days=1))
    page = su.get(f"{TABLE}&sort=behind").text
    assert re.findall(r'data-place="(\w+)"', page) == ["C03", "C02", "C01"]
    assert "38 behind" in row_of(page, 'data-place="C02"')
    first = re.search(r"<ul[^>]*data-look-first>(.*?)</ul>", page, re.S)
    assert first and re.findall(r"Community (C\d+)", first[1]) == ["C03", "C02"]


def test_pace_and_forecast(su: FlaskClient, send: Send, set_target: SetTarget, places: dict[str, Place]) -> None:
    """Of today's first four, at this pace the fifth comes tomorrow; without any there is no forecast."""
    set_target(places["C01"], 5)
    assert "not at this pace" in su.get("/office/board").text
    send("C01", 4)
    tile = re.search(r"<div[^>]*data-forecast>(.*?)</div>", su.get("/office/board").text, re.S)
    assert tile and re.fullmatch(r"Done at this pace \d{4}-\d\d-\d\d still missing: 1", words(tile[1]))
    send("C01", 1)
    tile = re.search(r"<div[^>]*data-forecast>(.*?)</div>", su.get("/office/board").text, re.S)
    assert tile and "target reached" in tile[1]


def test_filters_are_in_the_address(su: FlaskClient, send: Send, places: dict[str, Place], session: Session) -> None:
    """State, period and part of the tree; what is filtered is said."""
    first, *_rest = send("C01", 3)
    send("C03", 2)
    found = session.get_one(Response, first)
    found.state, found.received_on = "approved", found.received_on - timedelta(days=20)
    earlier = found.received_on.isoformat()
    session.commit()
    total = {
        "": "5",
        "&state=approved": "1",
        "&period=7": "4",
        f"&from={earlier}&to={earlier}": "1",
        "&under=S1": "3",
        "&under=S1&period=today": "2",
        "&under=C03": "2",
    }
    for arguments, number in total.items():
        page = su.get(TABLE + arguments).text
        assert row_of(page, "data-total").split()[1] == number, arguments
        assert ("data-narrowed" in page) is bool(arguments)
    assert su.get(f"{TABLE}&under=nothing").status_code == 404


def test_a65_a_day_is_shown_as_it_is_stored(
    su: FlaskClient, send: Send, places: dict[str, Place], session: Session
) -> None:
    """A65: a response of 2025-05-15 is of that day in the filter, in words and under the chart."""
    (found,) = send("C01")
    response = session.get_one(Response, found)
    response.received_on = response.received_on.replace(2025, 5, 15)
    session.commit()
    page = su.get(f"{TABLE}&from=2025-05-15&to=2025-05-15").text
    assert row_of(page, "data-total").split()[1] == "1"
    assert "from 2025-05-15 to 2025-05-15" in words(page)
    assert ">05-15</text>" in page
    assert row_of(su.get(f"{TABLE}&from=2025-05-14&to=2025-05-14").text, "data-total").split()[1] == "0"


def test_all_questionnaires_together(su: FlaskClient, send: Send, publish: Any, places: dict[str, Place]) -> None:
    """`*` adds them up; an archived one is left out of it and still has a board of its own."""
    send("C01", 2)
    publish(
        """
        | survey   |
        |          | type | name | label |
        |          | text | a    | A     |
        | settings |
        |          | form_title | form_id |
        |          | Other      | other   |
        """
    )
    assert row_of(su.get(f"{TABLE}&questionnaire=*").text, "data-total").split()[1] == "2"
    assert row_of(su.get(f"{TABLE}&questionnaire=other").text, "data-total").split()[1] == "0"


def test_an_archived_questionnaire_is_only_shown_by_name(
    su: FlaskClient, send: Send, places: dict[str, Place], session: Session
) -> None:
    """Its responses stay."""
    send("C01", 2)
    session.query(Questionnaire).one().archived_at = utc_now()
    session.commit()
    assert row_of(su.get(f"{TABLE}&questionnaire=*").text, "data-total").split()[1] == "0"
    assert row_of(su.get(f"{TABLE}&questionnaire=household").text, "data-total").split()[1] == "2"


def test_the_script_gets_the_board_alone(su: FlaskClient, household: Version, places: dict[str, Place]) -> None:
    """With the header the answer is the part that refreshes, without navigation."""
    fragment = su.get("/office/board", headers={"X-Fragment": "board"}).text
    assert "data-board" in fragment and "<nav" not in fragment and "<html" not in fragment


def test_an_unknown_questionnaire_is_not_found(su: FlaskClient, household: Version) -> None:
    """Not the first one instead."""
    assert su.get("/office/board?questionnaire=nothing").status_code == 404


def test_no_response_is_read_to_count(su: FlaskClient, send: Send, places: dict[str, Place], app: Flask) -> None:
    """The number of statements does not grow with places or responses, and none goes over the responses."""
    send("C01", 5)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = app.extensions["collector_engine"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        su.get("/office/board")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert not [statement for statement in statements if "FROM responses" in statement]
    assert len([statement for statement in statements if statement.startswith("SELECT")]) <= 14


@pytest.fixture
def so_client(app: Flask, people: People, so: User) -> FlaskClient:
    """So's browser, signed in."""
    return sign_in(app.test_client(), "so")


def test_a81_a_part_of_the_tree_counts_only_itself(
    so_client: FlaskClient,
    send: Send,
    set_target: SetTarget,
    places: dict[str, Place],
    session: Session,
    people: People,
) -> None:
    """A81: So answers for S1: C03, the unassigned, and the volunteers of elsewhere are in no figure and on no page."""
    send("C01", 3)
    send("C03", 2)
    send("nowhere", 1)
    set_target(places["C01"], 4)
    set_target(places["C03"], 40)
    assign_places(session, session.merge(people.wei), [places["C03"].id], by=None)
    session.commit()
    page = so_client.get(TABLE).text
    assert re.findall(r'data-place="(\w+)"', page) == ["C01", "C02"]
    assert row_of(page, "data-total").startswith("Total 3 / 4 75 %")
    assert "C03" not in page and "data-unassigned" not in page
    assert so_client.get(f"{TABLE}&under=S2").status_code == 404
    assert so_client.get(f"/office/board/place/{places['C03'].id}").status_code == 404
    assert so_client.get(f"/office/board/place/{places['D'].id}").status_code == 404
    assert so_client.get(f"/office/board/place/{places['C01'].id}").status_code == 200
    assert "C03" not in so_client.get("/office/board.csv").text
    assert "C03" not in so_client.get("/office/board.svg").text
    assert set(so_client.get("/office/board/figures.json").get_json()) == {"C01", "C02"}
    volunteers = so_client.get("/office/board/volunteers").text
    assert re.findall(r"<tr data-volunteer>.*?</tr>", volunteers, re.S).__len__() == 1
    assert "/office/people/" not in volunteers, "Wei is of elsewhere: named for the responses of here, not linked"
    assert "Wei" not in words(so_client.get("/office/phones").text)


def test_a_title_is_text__A82(su: FlaskClient, household: Version, session: Session, places: dict[str, Place]) -> None:
    """A82: a title of a questionnaire, or a place, that looks like markup is shown as text."""
    version = session.merge(household)
    version.title = "<img src=x onerror=alert(1)>"
    version.titles = {}
    session.get_one(Place, places["C01"].id).names = {"en": "<img src=x onerror=alert(2)>"}
    session.commit()
    for address in (
        "/office/board",
        TABLE,
        "/office/board.svg",
        f"/office/board/place/{places['C01'].id}",
        "/office/board/targets",
        "/office/questionnaires",
        "/office/questionnaires/household",
        "/office/responses",
    ):
        page = su.get(address).text
        assert "<img src=x" not in page, address
        assert "&lt;img src=x" in page, address
