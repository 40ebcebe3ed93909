"""The feed: tables of a questionnaire as OData, by the options that clients use."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.store import Version
from tests.central.clients import FEED, basic, pages, problem, push, read, response_id
from tests.conftest import People, Phone, Publish, sign_in
from tests.documents import ID, make_document

NESTED = """
| survey   |
|          | type              | name    | label   |
|          | text              | place   | Place   |
|          | begin group       | hh      | Home    |
|          | integer           | size    | Size    |
|          | decimal           | rent    | Rent    |
|          | begin repeat      | members | Members |
|          | text              | name    | Name    |
|          | begin repeat      | visits  | Visits  |
|          | date              | day     | Day     |
|          | end repeat        |         |         |
|          | end repeat        |         |         |
|          | end group         |         |         |
|          | dateTime          | at      | At      |
|          | geopoint          | spot    | Spot    |
|          | select_multiple f | food    | Food    |
| choices  |
|          | list_name | name | label |
|          | f         | rice | Rice  |
|          | f         | tea  | Tea   |
| settings |
|          | form_title | form_id | version | attribute::place_path |
|          | Nested     | nested  | 1       | place                 |
"""
NESTED_FEED = "/v1/projects/1/forms/nested.svc"
ANSWERS: dict[str, Any] = {
    "place": "C01",
    "hh": {
        "size": "4",
        "rent": "1234567890.10",
        "members": [
            {"name": "王", "visits": [{"day": "2026-03-01"}, {"day": "2026-03-02"}]},
            {"name": "李", "visits": []},
        ],
    },
    "at": "2026-03-28T09:43:10.000+08:00",
    "spot": "39.9 116.4 50 5",
    "food": "rice tea",
}


@pytest.fixture
def many(phone: Phone, household: Version, places: Any) -> list[str]:
    """Seven responses; the number of members is 0 to 6. Instance ids, oldest first."""
    answers = [
        {
            "place": "C01",
            "hh_size": str(size),
            "members": [{"name": f"m{size}-{n}", "age": str(n)} for n in range(size)],
        }
        for size in range(7)
    ]
    return [one for index, each in enumerate(answers) for one in push(phone, household, each, first=index + 1)]


def test_the_service_lists_every_table(client: FlaskClient, people: People, household: Version) -> None:
    for address in (FEED, f"{FEED}/"):
        body = read(client, address)
        assert [one["name"] for one in body["value"]] == ["Submissions", "Submissions.members"]
        assert body["@odata.context"].endswith("/v1/projects/1/forms/household.svc/$metadata")
    assert client.get(FEED, headers=basic("ana")).headers["OData-Version"] == "4.0"


def test_a_row_has_typed_answers_and_what_is_known_of_it(
    client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any
) -> None:
    [instance] = push(phone, publish(NESTED), ANSWERS)
    [row] = read(client, f"{NESTED_FEED}/Submissions")["value"]
    assert row["__id"] == instance
    assert row["hh"] == {
        "size": 4,
        "rent": 1234567890.10,
        "members@odata.navigationLink": f"Submissions('{instance}')/hh/members",
    }
    assert row["at"] == "2026-03-28T09:43:10.000+08:00"
    assert row["spot"] == {"type": "Point", "coordinates": [116.4, 39.9, 50.0], "properties": {"accuracy": 5.0}}
    assert row["food"] == "rice tea"
    system = row["__system"]
    assert system.pop("submissionDate").startswith("20") and system.pop("submitterId").isdigit()
    assert system == {
        "updatedAt": None,
        "deletedAt": None,
        "submitterName": "Wei",
        "attachmentsPresent": 0,
        "attachmentsExpected": 0,
        "status": None,
        "reviewState": None,
        "deviceId": phone.device.id,
        "edits": 0,
        "formVersion": "1",
    }


def test_places_come_as_well_known_text_where_that_is_asked_for(
    client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any
) -> None:
    push(phone, publish(NESTED), ANSWERS)
    [row] = read(client, f"{NESTED_FEED}/Submissions", **{"$wkt": "true"})["value"]
    assert row["spot"] == "POINT (116.4 39.9 50.0)"


def test_A63_rows_of_repeats_are_joined_to_what_they_are_in(
    client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any
) -> None:
    [instance] = push(phone, publish(NESTED), ANSWERS)
    members = read(client, f"{NESTED_FEED}/Submissions.hh.members")["value"]
    assert [(row["name"], row["__Submissions-id"]) for row in members] == [("王", instance), ("李", instance)]
    visits = read(client, f"{NESTED_FEED}/Submissions.hh.members.visits")["value"]
    first = members[0]["__id"]
    assert [(row["day"], row["__Submissions-hh-members-id"]) for row in visits] == [
        ("2026-03-01", first),
        ("2026-03-02", first),
    ]
    # The links lead to the same rows.
    link = read(client, f"{NESTED_FEED}/Submissions")["value"][0]["hh"]["members@odata.navigationLink"]
    assert read(client, f"{NESTED_FEED}/{link}")["value"] == members
    assert read(client, f"{NESTED_FEED}/{members[0]['visits@odata.navigationLink']}")["value"] == visits
    assert read(client, f"{NESTED_FEED}/{members[1]['visits@odata.navigationLink']}")["value"] == []
    assert read(client, f"{NESTED_FEED}/{link}('{first}')")["value"] == members[:1]


def test_expanding_puts_rows_of_repeats_into_their_row(
    client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any
) -> None:
    push(phone, publish(NESTED), ANSWERS)
    [row] = read(client, f"{NESTED_FEED}/Submissions", **{"$expand": "*"})["value"]
    members = row["hh"]["members"]
    assert [(one["name"], [visit["day"] for visit in one["visits"]]) for one in members] == [
        ("王", ["2026-03-01", "2026-03-02"]),
        ("李", []),
    ]
    keys = [one["__id"] for one in read(client, f"{NESTED_FEED}/Submissions.hh.members")["value"]]
    assert [one["__id"] for one in members] == keys


def test_one_response_is_found_by_its_name(client: FlaskClient, people: People, many: list[str]) -> None:
    [row] = read(client, f"{FEED}/Submissions('{many[3]}')")["value"]
    assert row["__id"] == many[3] and row["hh_size"] == 3
    assert read(client, f"{FEED}/Submissions('{response_id(4)}')")["value"] == [row]
    assert problem(client, f"{FEED}/Submissions('uuid:{response_id(99)}')") == (404, 404.1)


def test_without_options_everything_comes_newest_first(client: FlaskClient, people: People, many: list[str]) -> None:
    body = read(client, f"{FEED}/Submissions")
    assert [row["__id"] for row in body["value"]] == many[::-1]
    assert "@odata.nextLink" not in body and "@odata.count" not in body
    oldest_first = read(client, f"{FEED}/Submissions", **{"$orderby": "__system/submissionDate asc"})
    assert [row["__id"] for row in oldest_first["value"]] == many


@pytest.mark.parametrize("top", ["1", "2", "3", "7", "8"])
@pytest.mark.parametrize("order", ["", "__system/submissionDate"])
def test_following_the_links_gives_each_response_once(
    client: FlaskClient, people: People, many: list[str], top: str, order: str
) -> None:
    found = pages(client, f"{FEED}/Submissions", **{"$top": top, "$orderby": order, "$count": "true"})
    assert [row["__id"] for page in found for row in page] == (many if order else many[::-1])
    assert all(len(page) == int(top) for page in found[:-1])


@pytest.mark.parametrize("top", ["1", "2", "5", "21", "30"])
def test_following_the_links_gives_each_row_of_a_repeat_once(
    client: FlaskClient, people: People, many: list[str], top: str
) -> None:
    whole = [row["name"] for row in read(client, f"{FEED}/Submissions.members")["value"]]
    assert len(set(whole)) == len(whole) == 21
    found = pages(client, f"{FEED}/Submissions.members", **{"$top": top})
    assert [row["name"] for page in found for row in page] == whole


def test_the_pages_do_not_shift_while_responses_come_in(
    client: FlaskClient, people: People, phone: Phone, household: Version, many: list[str]
) -> None:
    first = read(client, f"{FEED}/Submissions", **{"$top": "3"})
    push(phone, household, {"place": "C01", "hh_size": "9"}, first=50)
    link = first["@odata.nextLink"].partition("localhost:8000")[2]
    second = read(client, link)
    assert [row["__id"] for row in second["value"]] == many[::-1][3:6]


def test_skipping_and_counting(client: FlaskClient, people: People, many: list[str]) -> None:
    body = read(client, f"{FEED}/Submissions", **{"$skip": "2", "$top": "3", "$count": "true"})
    assert [row["__id"] for row in body["value"]] == many[::-1][2:5]
    assert body["@odata.count"] == 7
    rows = read(client, f"{FEED}/Submissions.members", **{"$skip": "4", "$top": "4", "$count": "true"})
    assert [row["name"] for row in rows["value"]] == ["m6-4", "m6-5", "m5-0", "m5-1"]
    assert rows["@odata.count"] == 21
    none = read(client, f"{FEED}/Submissions", **{"$top": "0", "$count": "true"})
    assert none["value"] == [] and none["@odata.count"] == 7 and "@odata.nextLink" not in none
    # ruODK names options without a value.
    assert len(read(client, f"{FEED}/Submissions", **{"$skip": "", "$top": ""})["value"]) == 7


def test_only_how_many(client: FlaskClient, people: People, many: list[str]) -> None:
    for table, count in (
        ("Submissions", "7"),
        ("Submissions.members", "21"),
        (f"Submissions('{many[2]}')/members", "2"),
    ):
        answer = client.get(f"{FEED}/{table}/$count", headers=basic("ana"))
        assert (answer.status_code, answer.text) == (200, count)


def test_choosing_properties(client: FlaskClient, people: People, phone: Phone, publish: Publish, places: Any) -> None:
    [instance] = push(phone, publish(NESTED), ANSWERS)

    def chosen(select: str, table: str = "Submissions") -> Any:
        return read(client, f"{NESTED_FEED}/{table}", **{"$select": select})["value"][0]

    assert chosen("__id,food") == {"__id": instance, "food": "rice tea"}
    assert chosen("hh/size, __system/edits") == {"hh": {"size": 4}, "__system": {"edits": 0}}
    assert set(chosen("hh")["hh"]) == {"size", "rent", "members@odata.navigationLink"}
    assert set(chosen("__system")["__system"]) >= {"submissionDate", "reviewState"}
    assert chosen("name", "Submissions.hh.members") == {"name": "王"}
    assert chosen("__Submissions-id", "Submissions.hh.members") == {"__Submissions-id": instance}
    assert len(chosen("*")) > 5


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"$top": "-1"}, 400.8),
        ({"$top": "many"}, 400.8),
        ({"$top": "9" * 40}, 400.8),
        ({"$skip": "1.5"}, 400.8),
        ({"$count": "perhaps"}, 400.8),
        ({"$skiptoken": "x"}, 400.8),
        ({"$skiptoken": "WyJhIiwiYiIsImMiXQ"}, 400.8),
        ({"$skiptoken": "é"}, 400.8),
        ({"$orderby": "__system/submissionDate sideways"}, 400.8),
        ({"$select": "nothing"}, 400.23),
        ({"$select": "members/age"}, 400.24),
        ({"$select": "hh_size/x"}, 400.23),
        ({"$select": ","}, 400.23),
        ({"$select": "__system/nothing"}, 400.23),
        ({"$format": "atom"}, 406.1),
        ({"$search": "x"}, 501.1),
        ({"$apply": "x"}, 501.1),
        ({"$orderby": "hh_size"}, 501.1),
        ({"$expand": "members"}, 501.6),
        ({"$expand": "*", "$select": "hh_size"}, 501.11),
    ],
)
def test_what_cannot_be_done_is_said_as_central_says_it(
    client: FlaskClient, people: People, many: list[str], options: dict[str, str], code: float
) -> None:
    assert problem(client, f"{FEED}/Submissions", **options)[1] == code


@pytest.mark.parametrize(
    "path",
    [
        "Nothing", "Submissions.nothing", "Submissions.hh_size", "Submissions('')", "Submissions(1)", "Submissions('x", "members",
        "Submissions('uuid:x')/nothing", "Submissions('uuid:x')/members('a')/name", "Submissions.members('x')", "$count", "%27",
        "Submissions/members", "Submissions('a'')", "Submissions/$count/$count",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: FlaskClient, people: People, many: list[str], path: str) -> None:
    assert problem(client, f"{FEED}/{path}") == (404, 404.1)


def test_a_response_that_was_changed_and_decided_about_says_so(
    app: Any, people: People, phone: Phone, household: Version, session: Session, places: Any
) -> None:
    [instance] = push(phone, household, {"place": "C01", "hh_size": "4"})
    office = sign_in(app.test_client(), "su")
    decided = office.post(
        f"/office/responses/{instance.removeprefix('uuid:')}/decide", data={"state": "approved", "seen": "1"}
    )
    assert decided.status_code == 302, decided.text
    system = read(app.test_client(), f"{FEED}/Submissions")["value"][0]["__system"]
    assert system["reviewState"] == "approved" and system["updatedAt"] > system["submissionDate"]
    # Sent again by the phone: a revision.
    changed = make_document(household, answers={"place": "C01", "hh_size": "5"}, base=1, author=phone.user.id)
    changed = changed.replace(ID, instance.removeprefix("uuid:"))
    assert phone.receipts(changed)[0]["status"] == "revision_stored"
    [row] = read(app.test_client(), f"{FEED}/Submissions")["value"]
    assert row["__system"]["edits"] == 1 and row["hh_size"] == 5
    assert row["__system"]["updatedAt"] > system["updatedAt"]


def test_a_token_of_a_moment_that_is_none_in_utc_is_refused(
    client: FlaskClient, household: Version, places: Any, people: People
) -> None:
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        token = urlsafe_b64encode(f'["{moment}","x",""]'.encode()).decode().rstrip("=")
        assert problem(client, f"{FEED}/Submissions", **{"$skiptoken": token}) == (400, 400.8)
