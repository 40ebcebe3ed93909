"""The project, and what is told of questionnaires."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.central.people import number_people
from collector.store import Questionnaire, Version, utc_now
from tests.central.clients import FORMS, basic, problem, push, read
from tests.central.test_odata import NESTED
from tests.conftest import HOUSEHOLD, People, Phone, Publish

EXTENDED = {"X-Extended-Metadata": "true"}


def test_there_is_one_project(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    push(phone, household, {"place": "C01"})
    [project] = read(client, "/v1/projects")
    assert project == read(client, "/v1/projects/1")
    assert (project["id"], project["archived"]) == (1, None)
    assert problem(client, "/v1/projects/2") == problem(client, "/v1/projects/2/forms") == (404, 404.1)
    extended = client.get("/v1/projects", headers=basic("ana") | EXTENDED).get_json()[0]
    assert extended["forms"] == 1 and extended["lastSubmission"].endswith("Z")


def test_a_form_as_clients_know_it(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    push(phone, household, {"place": "C01"}, {"place": "C02"})
    [form] = read(client, FORMS)
    assert form == read(client, f"{FORMS}/household")
    assert (form["xmlFormId"], form["name"], form["version"], form["state"]) == ("household", "Household", "1", "open")
    assert form["hash"] == hashlib.md5(household.xform.encode()).hexdigest()
    assert form["publishedAt"] and form["projectId"] == 1
    extended = client.get(f"{FORMS}/household", headers=basic("ana") | EXTENDED).get_json()
    assert extended["submissions"] == 2 and extended["reviewStates"]["received"] == 2
    assert extended["createdBy"]["id"] == 0 and extended["lastSubmission"]


def test_closed_and_archived_forms(client: FlaskClient, people: People, household: Version, session: Session) -> None:
    found = session.get_one(Questionnaire, household.questionnaire_id)
    found.closes_at = utc_now() - timedelta(days=1)
    session.commit()
    assert read(client, FORMS)[0]["state"] == "closed"
    found.archived_at = utc_now()
    session.commit()
    assert read(client, FORMS) == []
    for part in ("", ".xml", "/fields", "/submissions", ".svc", ".svc/Submissions", "/submissions.csv"):
        assert problem(client, f"{FORMS}/household{part}") == (404, 404.1)


@pytest.mark.parametrize(
    "part", ["", ".xml", ".xlsx", "/fields", "/versions", "/attachments", "/submissions", ".svc", ".svc/$metadata"]
)
def test_forms_that_are_not_there(client: FlaskClient, people: People, household: Version, part: str) -> None:
    assert problem(client, f"{FORMS}/nothing{part}") == (404, 404.1)
    assert problem(client, f"/v1/projects/2/forms/household{part}") == (404, 404.1)


def test_definitions(client: FlaskClient, people: People, household: Version) -> None:
    for base in (f"{FORMS}/household", f"{FORMS}/household/versions/1"):
        xml = client.get(f"{base}.xml", headers=basic("ana"))
        assert xml.mimetype == "application/xml" and xml.text == household.xform
        tag = {"If-None-Match": xml.headers["ETag"]}
        assert client.get(f"{base}.xml", headers=basic("ana") | tag).status_code == 304
        assert client.get(f"{base}.xlsx", headers=basic("ana")).data == household.workbook


def test_fields_in_form_order_each_group_before_what_is_in_it(
    client: FlaskClient, people: People, publish: Publish
) -> None:
    publish(NESTED)
    fields = read(client, f"{FORMS}/nested/fields")
    by_path = {field["path"]: field for field in fields}
    assert [field["order"] for field in fields] == list(range(len(fields)))
    assert by_path["/hh"]["type"] == "structure" and by_path["/hh/members"]["type"] == "repeat"
    assert by_path["/hh/members/visits/day"]["type"] == "date"
    assert by_path["/food"]["selectMultiple"] is True and by_path["/place"]["selectMultiple"] is None
    order = [field["path"] for field in fields]
    for path in order:
        above = path.rpartition("/")[0]
        assert above == "" or order.index(above) < order.index(path)


def test_A62_fields_of_all_versions_and_of_one(client: FlaskClient, people: People, publish: Publish) -> None:
    """A62: a version that drops a question and adds another."""
    publish(HOUSEHOLD)
    publish(HOUSEHOLD.replace("hh_size ", "size_of_hh ").replace("household | 1 ", "household | 2 "))
    names = {field["name"] for field in read(client, f"{FORMS}/household/fields")}
    assert {"hh_size", "size_of_hh"} <= names
    assert [form["version"] for form in read(client, f"{FORMS}/household/versions")] == ["2", "1"]
    for version, has, lacks in (("1", "hh_size", "size_of_hh"), ("2", "size_of_hh", "hh_size")):
        names = {field["name"] for field in read(client, f"{FORMS}/household/versions/{version}/fields")}
        assert has in names and lacks not in names
    assert problem(client, f"{FORMS}/household/versions/3") == (404, 404.1)
    assert read(client, f"{FORMS}/household")["version"] == "2"


def test_files_beside_the_workbook(client: FlaskClient, people: People, publish: Publish) -> None:
    publish(
        """
        | survey   |
        |          | type                            | name  | label |
        |          | select_one_from_file shops.csv  | shop  | Shop  |
        |          | select_one_from_file other.csv  | other | Other |
        | settings |
        |          | form_title | form_id | version |
        |          | Shops      | shops   | 1       |
        """,
        files={"shops.csv": b"name,label\na,A\nb,B\n"},
    )
    files = {file["name"]: file for file in read(client, f"{FORMS}/shops/attachments")}
    assert files["shops.csv"]["exists"] and files["shops.csv"]["type"] == "file"
    assert not files["other.csv"]["exists"]
    answer = client.get(f"{FORMS}/shops/attachments/shops.csv", headers=basic("ana"))
    assert answer.data == b"name,label\na,A\nb,B\n"
    assert "attachment" in answer.headers["Content-Disposition"]
    for name in ("other.csv", "nothing.csv"):
        assert problem(client, f"{FORMS}/shops/attachments/{name}") == (404, 404.1)


def test_everybody_has_a_number_of_their_own() -> None:
    ids = [
        f"{start}-0000-4000-8000-000000000000" for start in ("00000000", "7fffffff", "ffffffff", "12345678", "92345678")
    ]
    numbers = number_people(ids)
    assert list(numbers.values()) == [1, 2**31 - 1, 2, 0x12345678, 0x12345679]
    assert number_people([*ids, "aaaaaaaa-0000-4000-8000-000000000000"]) | numbers == number_people(
        [*ids, "aaaaaaaa-0000-4000-8000-000000000000"]
    )
