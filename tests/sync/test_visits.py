"""GET /sync/v1/pull, lists of doors, and POST /sync/v1/visits."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.store import JournalEntry, ListEntry, Place, User, Version, Visit, VisitList, utc_now
from collector.sync import door_lists, visits
from tests.conftest import People, Phone
from tests.documents import ID, fresh
from tests.sync.test_pull import pull

MORNING, NOON, EVENING = (f"2026-11-24T{hour}:00:00.000+08:00" for hour in ("09", "12", "19"))


@pytest.fixture
def doors(session: Session, places: dict[str, Place], household: Version) -> VisitList:
    """A list with two doors in C01 and one in C03."""
    session.expire_on_commit = False
    made = VisitList(name="Households", questionnaire_id=household.questionnaire_id)
    session.add(made)
    session.flush()
    for position, (key, code) in enumerate((("H1", "C01"), ("H2", "C01"), ("H3", "C03"))):
        entry = ListEntry(list_id=made.id, key=key, place_id=places[code].id, label=f"Door {key}", position=position)
        session.add(entry)
    session.commit()
    return made


def door(session: Session, key: str = "H1") -> ListEntry:
    return fresh(session).scalars(select(ListEntry).where(ListEntry.key == key)).one()


def visit(doors: VisitList, number: int, outcome: str, at: str = NOON, **more: Any) -> dict[str, Any]:
    """A visit as a phone sends it; `number` makes its id."""
    made = {"id": f"00000000-0000-4000-8000-{number:012}", "list": str(doors.id), "key": "H1", "at": at}
    return made | {"outcome": outcome, "call_at": None, "response": None} | more


def send(phone: Phone, *items: Any) -> list[str]:
    answer = phone.client.post("/sync/v1/visits", json={"visits": items}, headers=phone.headers)
    assert answer.status_code == 200, answer.text
    receipts = answer.get_json()["receipts"]
    assert [receipt["id"] for receipt in receipts] == [
        item.get("id") if isinstance(item, dict) else None for item in items
    ]
    return [receipt["status"] for receipt in receipts]


def keys(state: dict[str, Any]) -> list[str]:
    return [entry["key"] for found in state["lists"] for entry in found["entries"]]


def test_the_doors_come_in_the_order_of_their_list(phone: Phone, doors: VisitList) -> None:
    [found] = pull(phone)["lists"]
    assert (found["id"], found["name"], found["form"]) == (str(doors.id), "Households", "household")
    assert found["entries"][0] == {
        "key": "H1",
        "place": "C01",
        "label": "Door H1",
        "note": "",
        "state": "open",
        "attempts": 0,
        "call_at": None,
        "response": None,
    }
    assert [entry["key"] for entry in found["entries"]] == ["H1", "H2", "H3"]


def test_only_doors_of_my_places_that_are_nobody_elses(
    phone: Phone, people: People, doors: VisitList, places: dict[str, Place], session: Session
) -> None:
    assign_places(session, session.get_one(User, phone.user.id), [places["S1"].id], by=None)
    session.commit()
    door(session, "H2").assigned_to = people.mei.id
    session.commit()
    assert keys(pull(phone)) == ["H1"]
    door(session, "H2").assigned_to = phone.user.id
    session.commit()
    assert keys(pull(phone)) == ["H1", "H2"]
    # H3 is in another subdistrict; whoever is sent there gets it, and its community with it.
    door(session, "H3").assigned_to = phone.user.id
    session.commit()
    found = pull(phone)
    assert keys(found) == ["H1", "H2", "H3"]
    assert "C03" in [place["code"] for place in found["places"]]
    assert "C03" not in found["mine"]
    session.get_one(VisitList, doors.id).archived_at = utc_now()
    session.commit()
    assert pull(phone)["lists"] == []


def test_a_door_of_a_former_community_is_in_its_successor(
    phone: Phone, doors: VisitList, places: dict[str, Place], session: Session
) -> None:
    assign_places(session, session.get_one(User, phone.user.id), [places["C02"].id], by=None)
    former = session.get_one(Place, places["C01"].id)
    former.ended_on, former.successor_id = utc_now().date(), places["C02"].id
    session.commit()
    [found] = pull(phone)["lists"]
    assert [(entry["key"], entry["place"]) for entry in found["entries"]] == [("H1", "C02"), ("H2", "C02")]


def test_more_doors_than_a_phone_takes_are_told(phone: Phone, doors: VisitList, monkeypatch: Any) -> None:
    assert pull(phone)["has_more_doors"] is False
    monkeypatch.setattr(door_lists, "MOST_DOORS", 2)
    state = pull(phone)
    assert (keys(state), state["has_more_doors"]) == (["H1", "H2"], True)


def test_a_visit_is_stored_once_and_its_door_stands_so(phone: Phone, doors: VisitList, session: Session) -> None:
    cursor = pull(phone)["cursor"]
    first = visit(doors, 1, "call_again", call_at=EVENING)
    assert send(phone, first) == ["stored"]
    assert send(phone, first, visit(doors, 2, "nobody_home", MORNING)) == ["already_stored", "stored"]
    entry = door(session)
    # The earlier one came later: it counts, and does not overwrite.
    assert (entry.state, entry.attempts) == ("call_again", 2)
    assert entry.call_at is not None and entry.call_at.isoformat() == "2026-11-24T11:00:00+00:00"
    assert entry.last_visit_at is not None and entry.last_visit_at.isoformat() == "2026-11-24T04:00:00+00:00"
    state = pull(phone, cursor)
    assert state["lists"][0]["entries"][0]["call_at"] == "2026-11-24T11:00:00.000Z"
    assert send(phone, visit(doors, 3, "done", EVENING, response=ID)) == ["stored"]
    entry = door(session)
    assert (entry.state, entry.attempts, entry.call_at, entry.response_id) == ("done", 3, None, ID)
    assert door(session, "H2").state == "open"


def test_what_is_taken_back_leaves_the_door_as_it_was_before(
    phone: Phone, doors: VisitList, session: Session, people: People, enrol: Any
) -> None:
    send(enrol(people.mei), visit(doors, 1, "nobody_home", MORNING))
    assert send(phone, visit(doors, 3, "open", EVENING), visit(doors, 2, "refused", NOON)) == ["stored", "stored"]
    entry = door(session)
    # Mei's visit holds.
    assert (entry.state, entry.attempts) == ("nobody_home", 1)


def test_unknown_doors_and_what_is_no_visit_hold_up_no_other(phone: Phone, doors: VisitList, session: Session) -> None:
    items = [
        visit(doors, 1, "moved", key="H9"),
        visit(doors, 2, "moved", list="999999"),
        visit(doors, 3, "moved", list="no list"),
        visit(doors, 4, "flew away"),
        "no visit",
        {"id": 5},
        visit(doors, 6, "moved", at="yesterday", call_at=7, response="none", later="a key of a later phone"),
    ]
    answer = phone.client.post("/sync/v1/visits", json={"visits": items}, headers=phone.headers)
    assert [receipt["status"] for receipt in answer.get_json()["receipts"]] == [
        "unknown_door", "unknown_door", "malformed", "malformed", "malformed", "malformed", "stored",
    ]  # fmt: skip
    assert door(session).state == "moved"
    details = session.scalars(select(JournalEntry.details).where(JournalEntry.action == "visits.received")).one()
    assert details == {"unknown_door": 2, "malformed": 4, "stored": 1}


def test_visits_of_an_archived_list_are_kept(phone: Phone, doors: VisitList, session: Session) -> None:
    session.get_one(VisitList, doors.id).archived_at = utc_now()
    session.commit()
    assert send(phone, visit(doors, 1, "refused")) == ["stored"]
    assert door(session).state == "refused"


def test_the_same_visit_twice_in_a_call_counts_once(phone: Phone, doors: VisitList, session: Session) -> None:
    assert send(phone, visit(doors, 1, "refused"), visit(doors, 1, "refused")) == ["stored", "already_stored"]
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


@pytest.mark.parametrize(
    ("body", "code"), [({}, "visits_malformed"), ({"visits": "many"}, "visits_malformed"), ([], "visits_malformed")]
)
def test_a_call_that_has_no_visits(phone: Phone, body: Any, code: str) -> None:
    answer = phone.client.post("/sync/v1/visits", json=body, headers=phone.headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, code)


def test_too_many_visits(phone: Phone, doors: VisitList) -> None:
    items = [visit(doors, number, "refused") for number in range(visits.MOST_VISITS + 1)]
    answer = phone.client.post("/sync/v1/visits", json={"visits": items}, headers=phone.headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (413, "too_many_visits")


def test_who_is_not_enrolled(phone: Phone) -> None:
    assert phone.client.post("/sync/v1/visits", json={"visits": []}).status_code == 401
