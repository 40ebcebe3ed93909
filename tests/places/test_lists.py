"""Lists of doors: import, what was found by community, sending volunteers, targets; and nobody sees doors outside their part."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places, create_user
from collector.places import operations
from collector.store import JournalEntry, ListEntry, Place, Target, User, Version, Visit, VisitList
from collector.store.people import VOLUNTEER
from tests.conftest import People, sign_in
from tests.places.test_pages import sha256_in, upload, words

Places = dict[str, Place]
DOORS = "key,place,label,note,volunteer\n1,C01,Long Street 1,dog,\n2,C01,Long Street 2,,Wei\n3,C02,Short Street 1,,\n4,C03,Far Street 1,,\n"


@pytest.fixture
def doors(session: Session, places: Places, people: People, household: Version) -> VisitList:
    """A list for the household questionnaire with doors in C01 (two), C02 and C03; one of C01 is done, that of C02 was visited twice."""
    session.expire_on_commit = False
    made = VisitList(name="Spring", questionnaire_id=household.questionnaire_id, created_by=people.su.id)
    session.add(made)
    session.flush()
    for number, (code, label) in enumerate([("C01", "A1"), ("C01", "A2"), ("C02", "B1"), ("C03", "C1")], 1):
        entry = ListEntry(list_id=made.id, key=str(number), place_id=places[code].id, label=label, position=number)
        session.add(entry)
    session.flush()
    found = {entry.key: entry for entry in session.scalars(select(ListEntry))}
    found["1"].state, found["1"].attempts = "done", 1
    found["3"].state, found["3"].attempts = "nobody_home", 2
    moment = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
    for key, outcome in (("1", "done"), ("3", "nobody_home"), ("3", "nobody_home")):
        session.add(Visit(id=str(uuid4()), entry_id=found[key].id, at=moment, outcome=outcome, user_id=people.wei.id))
    session.commit()
    return made


def entries(session: Session) -> dict[str, ListEntry]:
    """All doors by key, as they are in the database now."""
    session.rollback()
    return {
        entry.key: entry
        for entry in session.scalars(select(ListEntry).order_by(ListEntry.id).execution_options(populate_existing=True))
    }


def new_list(client: FlaskClient, **fields: str) -> int:
    """Make a list on screen; gives its id."""
    answer = client.post("/office/lists/add", data={"name": "Autumn"} | fields)
    assert answer.status_code == 302, answer.text
    return int(answer.location.split("/")[3])


def take_in(client: FlaskClient, list_id: int, text: str, **fields: str) -> Any:
    """Choose a file, and apply it."""
    preview = upload(client, f"/office/lists/{list_id}/import", "doors.csv", text)
    assert preview.status_code == 200, words(preview.text)
    data = {"sha256": sha256_in(preview.text), "name": "doors.csv"} | fields
    return client.post(f"/office/lists/{list_id}/import/apply", data=data)


def test_a_list_is_made_and_imported(
    su: FlaskClient, places: Places, household: Version, people: People, session: Session
) -> None:
    list_id = new_list(su, questionnaire=str(household.questionnaire_id))
    preview = words(upload(su, f"/office/lists/{list_id}/import", "doors.csv", DOORS).text)
    assert "4 added 0 changed 0 unchanged 0 not in the file 0 faults" in preview
    assert entries(session) == {}
    assert take_in(su, list_id, DOORS).status_code == 302
    found = entries(session)
    assert (found["1"].label, found["1"].place_id) == ("Long Street 1", places["C01"].id)
    assert (found["2"].assigned_to, found["1"].assigned_to, found["1"].note) == (people.wei.id, None, "dog")
    page = words(su.get(f"/office/lists/{list_id}").text)
    assert "0 of 4 doors done" in page
    assert "Household" in page
    actions = session.scalars(
        select(JournalEntry).where(JournalEntry.action.startswith("list.")).order_by(JournalEntry.id)
    ).all()
    assert [(entry.action, entry.details) for entry in actions] == [
        ("list.create", {}),
        ("list.import", {"added": 4, "changed": 0, "dropped": 0}),
    ]


def test_a_second_import_keeps_outcomes_and_never_takes_a_visited_door(
    su: FlaskClient, doors: VisitList, session: Session
) -> None:
    text = "编号,社区代码,地址\n1,C01,New label\n2,C02,A2\n"
    preview = words(upload(su, f"/office/lists/{doors.id}/import", "doors.csv", text).text)
    assert "0 added 2 changed 0 unchanged 2 not in the file" in preview
    assert "1 door that is not in the file was visited already, and stays." in preview
    take_in(su, doors.id, text, drop_missing="y")
    found = entries(session)
    assert set(found) == {"1", "2", "3"}
    assert (found["1"].label, found["1"].state, found["1"].attempts) == ("New label", "done", 1)


def test_doors_that_are_not_in_the_file_stay_unless_somebody_wants_them_out(
    su: FlaskClient, doors: VisitList, session: Session
) -> None:
    take_in(su, doors.id, "key,place,label\n9,C01,New\n")
    assert set(entries(session)) == {"1", "2", "3", "4", "9"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key,label\n1,A\n", "There is no column “place”"),
        ("key,place,label\n,C01,A\n", "The key is missing"),
        ("key,place,label\n1,C01,A\n1,C01,B\n", "The key 1 stands in row 2 already"),
        ("key,place,label\n1,C99,A\n", "There is no place “C99” here"),
        ("key,place,label\n1,C01,\n", "The address or name is missing"),
        ("key,place,label,volunteer\n1,C01,A,Nobody\n", "There is no volunteer “Nobody” here"),
        (f"key,place,label\n1,C01,{'x' * 401}\n", "A text is too long"),
    ],
)
def test_faults_of_a_file(su: FlaskClient, places: Places, text: str, said: str) -> None:
    answer = upload(su, f"/office/lists/{new_list(su)}/import", "doors.csv", text)
    assert answer.status_code == 400
    assert said in answer.text
    assert "import/apply" not in answer.text


def test_two_volunteers_of_one_name_are_told_apart_on_screen_only(
    su: FlaskClient, places: Places, session: Session
) -> None:
    create_user(session, name="Wei", role=VOLUNTEER)
    session.commit()
    answer = upload(su, f"/office/lists/{new_list(su)}/import", "doors.csv", DOORS)
    assert "There is no volunteer “Wei” here, or several" in answer.text


def test_what_was_found_stands_by_community_as_they_are_at_present(
    su: FlaskClient, doors: VisitList, places: Places, session: Session
) -> None:
    page = words(su.get(f"/office/lists/{doors.id}").text)
    assert "Community C01 2 1 1 0 0 0 0 1" in page
    assert "Community C02 1 0 0 1 0 0 0 2" in page
    assert "Total 4 2 1 1 0 0 0 3" in page
    operations.merge_place(
        session, session.merge(places["C02"]), session.merge(places["C01"]), date(2026, 3, 1), by=None
    )
    session.commit()
    assert "Community C01 3 1 1 1 0 0 0 3" in words(su.get(f"/office/lists/{doors.id}").text)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("place={C01}", {"A1", "A2"}),
        ("place={S1}", {"A1", "A2", "B1"}),
        ("outcome=nobody_home", {"B1"}),
        ("volunteer=-", {"A1", "B1", "C1"}),
        ("volunteer={wei}", {"A2"}),
        ("q=b", {"B1"}),
        ("q=4", {"C1"}),
        ("q=%25", set()),
        ("outcome=x&place=x&after=x", {"A1", "A2", "B1", "C1"}),
    ],
)
def test_filters(
    su: FlaskClient, doors: VisitList, places: Places, people: People, session: Session, query: str, shown: set[str]
) -> None:
    entries(session)["2"].assigned_to = people.wei.id
    session.commit()
    address = query.format(wei=people.wei.id, **{code: place.id for code, place in places.items()})
    page = su.get(f"/office/lists/{doors.id}?{address}").text
    assert {label for label in ("A1", "A2", "B1", "C1") if f">{label}</a>" in page} == shown
    table = su.get(f"/office/lists/{doors.id}/doors.csv?{address}").text
    assert {label for label in ("A1", "A2", "B1", "C1") if f",{label}," in table} == shown


def test_pages_follow_one_another(su: FlaskClient, doors: VisitList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.places.list_queries.PAGE_SIZE", 3)
    first = su.get(f"/office/lists/{doors.id}").text
    assert ">C1</a>" not in first
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = su.get(after).text
    assert ">C1</a>" in second
    assert ">B1</a>" not in second


def test_sending_a_volunteer(su: FlaskClient, doors: VisitList, people: People, session: Session) -> None:
    found = entries(session)
    address = f"/office/lists/{doors.id}/assign"
    chosen = {"entry": [str(found["1"].id), str(found["2"].id)], "volunteer": people.mei.id}
    assert su.post(address, data=chosen).status_code == 302
    assert [entry.assigned_to for entry in entries(session).values()] == [people.mei.id, people.mei.id, None, None]
    su.post(f"{address}?outcome=nobody_home", data={"all": "1", "volunteer": people.wei.id})
    assert entries(session)["3"].assigned_to == people.wei.id
    su.post(address, data={"all": "1", "volunteer": "-"})
    assert {entry.assigned_to for entry in entries(session).values()} == {None}
    assert "Choose at least one door" in su.post(address, data={"volunteer": "-"}).text
    for stranger in ("", "x", people.su.id):
        assert su.post(address, data={"all": "1", "volunteer": stranger}).status_code == 400


def test_one_door_with_its_visits(su: FlaskClient, doors: VisitList, session: Session) -> None:
    page = words(su.get(f"/office/lists/{doors.id}/doors/{entries(session)['3'].id}").text)
    assert "Attempts 2" in page
    # 02:30 in UTC is 10:30 in the district.
    assert "2026-03-01 10:30 nobody home Wei" in page


def test_a_door_is_added_and_edited(
    su: FlaskClient, doors: VisitList, people: People, places: Places, session: Session
) -> None:
    add = f"/office/lists/{doors.id}/doors/add"
    fields = {
        "key": "9",
        "place": "C02",
        "label": "<img src=x onerror=alert(1)>",
        "volunteer": people.mei.id,
        "note": "",
    }
    assert su.post(add, data=fields).status_code == 302
    made = entries(session)["9"]
    assert (made.place_id, made.assigned_to, made.position) == (places["C02"].id, people.mei.id, 5)
    assert "in this list already" in su.post(add, data=fields).text
    assert "There is no place “C99”" in su.post(add, data=fields | {"key": "10", "place": "C99"}).text
    page = f"/office/lists/{doors.id}/doors/{made.id}"
    # A82
    assert "<img src=x" not in su.get(page).text + su.get(f"/office/lists/{doors.id}").text
    assert su.post(page, data=fields | {"label": "B9", "volunteer": "-", "key": "other"}).status_code == 302
    made = entries(session)["9"]
    assert (made.label, made.assigned_to) == ("B9", None)
    assert "This is needed." in su.post(page, data=fields | {"label": ""}).text


def test_the_download_imports_again(su: FlaskClient, doors: VisitList, session: Session, people: People) -> None:
    entries(session)["2"].assigned_to, entries(session)["2"].label = people.wei.id, "=A2"
    session.commit()
    answer = su.get(f"/office/lists/{doors.id}/doors.csv")
    assert "1,C01,A1,,,done,1," in answer.text
    preview = words(upload(su, f"/office/lists/{doors.id}/import", "doors.csv", answer.data).text)
    assert "0 added 0 changed 4 unchanged 0 not in the file" in preview


def test_a_part_s_download_imports_again_with_a_volunteer_of_all_places(
    client: FlaskClient, doors: VisitList, session: Session, people: People, so: User
) -> None:
    """Wei has no places: only somebody who answers for all sends Wei to a door of So's part."""
    entries(session)["2"].assigned_to = people.wei.id
    session.commit()
    sign_in(client, "so")
    table = client.get(f"/office/lists/{doors.id}/doors.csv").data
    preview = words(upload(client, f"/office/lists/{doors.id}/import", "doors.csv", table).text)
    assert "0 added 0 changed 3 unchanged 0 not in the file" in preview


def test_putting_away_and_taking_up(su: FlaskClient, doors: VisitList) -> None:
    su.post(f"/office/lists/{doors.id}/archive")
    assert "Spring" not in words(su.get("/office/lists").text)
    assert "Spring" in words(su.get("/office/lists?archived=1").text)
    su.post(f"/office/lists/{doors.id}/take_up")
    assert "Spring Household 4 1 3" in words(su.get("/office/lists").text)


def test_taking_a_list_as_targets_keeps_period_and_priority(
    su: FlaskClient, doors: VisitList, places: Places, household: Version, session: Session
) -> None:
    number = household.questionnaire_id
    session.add(
        Target(questionnaire_id=number, place_id=places["C01"].id, expected=50, priority=1, ends_on=date(2026, 9, 1))
    )
    session.commit()
    su.post(f"/office/lists/{doors.id}/targets")
    session.rollback()
    targets = {
        target.place_id: target for target in session.scalars(select(Target).execution_options(populate_existing=True))
    }
    assert {place_id: target.expected for place_id, target in targets.items()} == {
        places["C01"].id: 2,
        places["C02"].id: 1,
        places["C03"].id: 1,
    }
    assert (targets[places["C01"].id].priority, targets[places["C01"].id].ends_on) == (1, date(2026, 9, 1))
    assert (
        session.scalars(select(JournalEntry).where(JournalEntry.action == "targets.set")).one().details["places"] == 3
    )
    free = new_list(su)
    assert "belongs to no questionnaire" in su.post(f"/office/lists/{free}/targets", follow_redirects=True).text


def test_name_and_questionnaire_are_changed(su: FlaskClient, doors: VisitList, session: Session) -> None:
    su.post(f"/office/lists/{doors.id}/edit", data={"name": "Summer", "questionnaire": ""})
    page = words(su.get(f"/office/lists/{doors.id}").text)
    assert "Summer the volunteer chooses the questionnaire" in page
    assert "This is needed." in su.post(f"/office/lists/{doors.id}/edit", data={"name": " ", "questionnaire": ""}).text


def test_A81_doors_outside_ones_part_do_not_exist(
    client: FlaskClient, doors: VisitList, so: User, places: Places, people: People, session: Session
) -> None:
    """A81: So, who answers for S1, sees no door of C03: not in the list, the counts, the search, the file, at its address, by a form."""
    sign_in(client, "so")
    address = f"/office/lists/{doors.id}"
    page = client.get(address).text
    assert ">A1</a>" in page
    assert ">C1</a>" not in page
    assert "Total 3 1 1 1" in words(page)
    assert "Community C03" not in page
    assert "Spring Household 3 1 2" in words(client.get("/office/lists").text)
    assert ">C1</a>" not in client.get(f"{address}?q=C1&place={places['C03'].id}").text
    assert ",C1," not in client.get(f"{address}/doors.csv").text
    outside = entries(session)["4"].id
    assert client.get(f"{address}/doors/{outside}").status_code == 404
    assert client.post(f"{address}/doors/{outside}", data={"label": "x"}).status_code == 404
    client.post(f"{address}/assign", data={"entry": str(outside), "volunteer": people.mei.id})
    client.post(f"{address}/assign", data={"all": "1", "volunteer": people.mei.id})
    assert entries(session)["4"].assigned_to is None
    fields = {"key": "9", "place": "C03", "label": "X", "volunteer": "-"}
    assert "There is no place “C03”" in client.post(f"{address}/doors/add", data=fields).text
    answer = upload(client, f"{address}/import", "doors.csv", "key,place,label\n4,C01,Mine now\n5,C03,Theirs\n")
    assert "The key 4 names a door of another place" in answer.text
    assert "There is no place “C03” here" in answer.text
    # What concerns the whole list is for those who answer for all of it.
    for change in ("archive", "edit"):
        assert client.post(f"{address}/{change}", data={"name": "x", "questionnaire": ""}).status_code == 403
    client.post(f"{address}/targets")
    session.rollback()
    assert set(session.scalars(select(Target.place_id))) == {places["C01"].id, places["C02"].id}


def test_A81_a_list_without_a_door_of_ones_own_is_not_there(
    client: FlaskClient, doors: VisitList, so: User, places: Places, session: Session
) -> None:
    """A81: nor is its name."""
    session.delete(entries(session)["4"])
    assign_places(session, session.merge(so), [places["S2"].id], by=None)
    session.commit()
    sign_in(client, "so")
    assert "Spring" not in client.get("/office/lists").text
    for address in ("", "/doors.csv", "/import", "/edit", "/doors/add"):
        assert client.get(f"/office/lists/{doors.id}{address}").status_code == 404


def test_a_list_of_ones_own_begins_empty(
    client: FlaskClient, places: Places, people: People, so: User, session: Session
) -> None:
    sign_in(client, "so")
    list_id = new_list(client)
    assert "No door yet" in client.get(f"/office/lists/{list_id}").text
    assert take_in(client, list_id, "key,place,label\n1,C01,A\n").status_code == 302
    assert set(entries(session)) == {"1"}


def test_only_volunteers_of_ones_part_are_offered(
    client: FlaskClient, doors: VisitList, so: User, places: Places, people: People, session: Session
) -> None:
    """A81: as under People. Who works elsewhere is not named, and neither is Lan, who has no places and belongs to those who answer for all."""
    assign_places(session, session.merge(people.wei), [places["C01"].id], by=None)
    assign_places(session, session.merge(people.mei), [places["S2"].id], by=None)
    lan = create_user(session, name="Lan", role=VOLUNTEER)
    session.commit()
    sign_in(client, "so")
    page = client.get(f"/office/lists/{doors.id}").text
    assert ">Wei</option>" in page
    assert "Mei" not in page and "Lan" not in page
    door = {"entry": str(entries(session)["1"].id)}
    for stranger in (people.mei.id, lan.id):
        assert client.get(f"/office/people/{stranger}").status_code == 404
        assert client.post(f"/office/lists/{doors.id}/assign", data=door | {"volunteer": stranger}).status_code == 400
    answer = upload(client, f"/office/lists/{doors.id}/import", "doors.csv", "key,place,label,volunteer\n1,C01,A,Lan\n")
    assert "There is no volunteer “Lan” here" in answer.text
    sign_in(client, "su")
    assert ">Lan</option>" in client.get(f"/office/lists/{doors.id}").text


@pytest.mark.parametrize("login", ["ren", "ana"])
def test_doors_are_for_those_who_send_people_there(client: FlaskClient, doors: VisitList, login: str) -> None:
    sign_in(client, login)
    for address in ("/office/lists", f"/office/lists/{doors.id}", f"/office/lists/{doors.id}/doors.csv"):
        assert client.get(address).status_code == 403


def test_a_list_over_many_communities_is_told_by_the_places_above(
    su: FlaskClient, doors: VisitList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.places.list_queries.MAX_TALLIES", 2)
    page = words(su.get(f"/office/lists/{doors.id}").text)
    assert "Community S1 3 1 1 1 0 0 0 3" in page
    assert "Community S2 1 1" in page


def test_many_doors_are_imported_in_one_go(su: FlaskClient, places: Places, session: Session) -> None:
    text = "key,place,label\n" + "".join(f"{n},C01,Door {n}\n" for n in range(3000))
    list_id = new_list(su)
    take_in(su, list_id, text)
    assert len(entries(session)) == 3000
    assert "0 of 3,000 doors done" in words(su.get(f"/office/lists/{list_id}").text)
