"""From a place to its volunteers to their responses; and the page of all volunteers."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.coverage.progress import Count, VolunteerPhones
from collector.coverage.volunteers import VolunteerRow, to_call
from collector.store import ListEntry, Place, PlaceState, Response, User, Version, VisitList, utc_now
from collector.store.places import ALWAYS
from tests.conftest import People, Phone
from tests.coverage.conftest import Send, SetTarget, words


def volunteers_of(page: str) -> list[str]:
    return [words(row) for row in re.findall(r"<tr data-volunteer>(.*?)</tr>", page, re.S)]


def test_a_place_names_its_volunteers_and_links_to_their_responses(
    su: FlaskClient,
    send: Send,
    set_target: SetTarget,
    places: dict[str, Place],
    people: People,
    enrol: Callable[[User], Phone],
) -> None:
    send("C01", 2)
    send("C01", 3, by=enrol(people.mei))
    send("C02", 4)
    set_target(places["C01"], 10)
    page = su.get(f"/office/board/place/{places['C01'].id}").text
    assert "5 / 10" in words(page) and "50 %" in words(page)
    assert [row.split()[:3] for row in volunteers_of(page)] == [["Mei", "3", "3"], ["Wei", "2", "2"]]
    link = f"/office/responses?questionnaire=household&amp;author={people.wei.id}&amp;place=C01"
    assert link in page
    answer = su.get(link.replace("&amp;", "&"))
    assert answer.status_code == 200


def test_a_subdistrict_lists_its_communities(su: FlaskClient, send: Send, places: dict[str, Place]) -> None:
    send("C01", 2)
    page = su.get(f"/office/board/place/{places['S1'].id}").text
    assert re.findall(r'<tr data-place="(\w+)"', page) == ["C01", "C02"]
    assert f"/office/board/place/{places['D'].id}" in page, "the place above"


def test_outcomes_of_the_lists_of_doors_are_counted(
    su: FlaskClient, household: Version, places: dict[str, Place], session: Session
) -> None:
    made = VisitList(name="Frame", questionnaire_id=household.questionnaire_id)
    session.add(made)
    session.flush()
    for at, (state, attempts) in enumerate((("done", 1), ("done", 2), ("refused", 1), ("open", 0))):
        session.add(
            ListEntry(
                list_id=made.id, key=str(at), place_id=places["C01"].id, label="x", state=state, attempts=attempts
            )
        )
    session.commit()
    page = su.get(f"/office/board/place/{places['C01'].id}").text
    doors = re.search(r"<ul[^>]*data-doors>(.*?)</ul>", page, re.S)
    assert doors and words(doors[1]) == "not yet visited 1 0 visits done 2 3 visits refused 1 1 visit"
    assert "data-doors" not in su.get(f"/office/board/place/{places['C02'].id}").text


def test_a_place_that_has_ended_says_where_its_responses_count(
    su: FlaskClient, send: Send, places: dict[str, Place], session: Session
) -> None:
    """C01 merges into C02 today; yesterday's order still has it, and its responses count there."""
    send("C01", 2)
    today = utc_now().date() + timedelta(days=1)
    session.query(PlaceState).delete()
    for place in places.values():
        session.add(PlaceState(place_id=place.id, since=ALWAYS, parent_id=place.parent_id, names=place.names))
    c01 = session.get_one(Place, places["C01"].id)
    c01.ended_on, c01.successor_id = today, places["C02"].id
    session.add(
        PlaceState(
            place_id=c01.id,
            since=today,
            parent_id=c01.parent_id,
            names=c01.names,
            is_ended=True,
            successor_id=places["C02"].id,
        )
    )
    session.commit()
    table = su.get("/office/board?view=table").text
    assert re.findall(r'data-place="(\w+)"', table) == ["C02", "C03"]
    assert "This place has ended. Its responses count for Community C02." in words(
        su.get(f"/office/board/place/{c01.id}").text
    )
    earlier = su.get("/office/board?view=table&on=2020-01-01").text
    assert re.findall(r'data-place="(\w+)"', earlier) == ["C01", "C02", "C03"]
    assert "Places as they stood on 2020-01-01." in words(earlier)


def test_all_volunteers_with_pace_and_share_of_flags(
    su: FlaskClient, send: Send, places: dict[str, Place], people: People, session: Session
) -> None:
    first, *_rest = send("C01", 4)
    for found in session.query(Response):
        found.flag_count = int(found.id == first)
    session.commit()
    rows = volunteers_of(su.get("/office/board/volunteers").text)
    assert rows[0].startswith("Wei 4 4 0.6 1 25 %")
    assert rows[1].startswith("Mei 0 0 0.0 0 – never")


@pytest.mark.parametrize(("flagged", "percent"), [(None, None), (1 / 3, 33), (1.0, 100)])
def test_share_of_flags(flagged: float | None, percent: int | None) -> None:
    assert VolunteerRow("id", "Wei", Count(), flagged=flagged).flagged_percent == percent


def test_who_is_asked_first() -> None:
    now = utc_now()
    fresh, old = now - timedelta(hours=1), now - timedelta(days=3)
    phones = [
        VolunteerPhones("silent", last_seen_at=old),
        VolunteerPhones("fine", last_seen_at=fresh),
        VolunteerPhones("holds", last_seen_at=fresh, waiting_responses=1),
        VolunteerPhones("holds and silent", last_seen_at=old, waiting_files=1),
        VolunteerPhones("failed", last_seen_at=fresh, failed_responses=1),
    ]
    told = [(phone.name, silent) for phone, silent in to_call(phones, now)]
    assert told == [("holds and silent", True), ("holds", False), ("silent", True), ("failed", False)]
