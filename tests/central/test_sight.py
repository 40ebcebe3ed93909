"""Nobody reads more than the pages of the office show them: places, personal answers, test responses."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import issue_token
from collector.accounts.collect_access import make_access
from collector.accounts.operations import assign_places
from collector.accounts.scope import WHOLE
from collector.export.options import Options
from collector.export.sheets.selection import selection_for
from collector.export.sheets.walk import walk_responses
from collector.store import File, Place, Questionnaire, Response, User, Version
from tests.central.clients import FEED, FORMS, PHOTO, basic, file_entry, problem, push, read, send_file
from tests.central.test_csv import table, unzipped
from tests.conftest import People, Phone, Publish, sign_in
from tests.documents import fresh
from tests.openrosa.collect import INSTANCE, RESPONSE, Collect, submission

SUBMISSIONS = f"{FORMS}/household/submissions"
SECRETS = ("Secretwang", "secret.jpg", "Secretname")


@pytest.fixture
def two(phone: Phone, household: Version, places: dict[str, Place], people: People, session: Session) -> list[str]:
    """A response of C01 and one of C03; Ana answers for S1 (C01 and C02) only."""
    assign_places(session, session.get_one(User, people.ana.id), [places["S1"].id], by=None)
    session.commit()
    first = push(phone, household, {"place": "C01", "members": [{"name": "in"}]}, first=1, place="C01")
    second = push(phone, household, {"place": "C03", "members": [{"name": "out"}]}, first=2, place="C03")
    return first + second


def test_A81_responses_of_other_places_are_not_there(client: FlaskClient, two: list[str]) -> None:
    """A81: in no table, list, count, file or address."""
    inside, outside = two
    assert [row["__id"] for row in read(client, f"{FEED}/Submissions")["value"]] == [inside]
    assert [row["name"] for row in read(client, f"{FEED}/Submissions.members")["value"]] == ["in"]
    assert read(client, f"{FEED}/Submissions", **{"$count": "true", "$top": "0"})["@odata.count"] == 1
    assert client.get(f"{FEED}/Submissions/$count", headers=basic("ana")).text == "1"
    assert [one["instanceId"] for one in read(client, SUBMISSIONS)] == [inside]
    assert [row["KEY"] for row in table(client.get(f"{SUBMISSIONS}.csv", headers=basic("ana")).data)] == [inside]
    extended = client.get(f"{FORMS}/household", headers=basic("ana") | {"X-Extended-Metadata": "true"}).get_json()
    assert extended["submissions"] == 1 and sum(extended["reviewStates"].values()) == 1
    for part in ("", ".xml", "/versions", "/comments", "/attachments"):
        assert problem(client, f"{SUBMISSIONS}/{outside}{part}") == (404, 404.1)
    assert problem(client, f"{FEED}/Submissions('{outside}')") == (404, 404.1)
    assert problem(client, f"{FEED}/Submissions('{outside}')/members") == (404, 404.1)
    for text in (f"__id eq '{outside}'", f"__id ne '{inside}'", f"not (__id eq '{inside}') or __id eq '{outside}'"):
        assert read(client, f"{FEED}/Submissions", **{"$filter": text})["value"] == []
    # Somebody of all places sees both.
    assert len(read(client, f"{FEED}/Submissions", "su")["value"]) == 2


def test_a_token_of_a_page_leads_nowhere_else(client: FlaskClient, two: list[str]) -> None:
    """What somebody else's page ended with opens nothing."""
    link = read(client, f"{FEED}/Submissions", "su", **{"$top": "1"})["@odata.nextLink"]
    assert [row["__id"] for row in read(client, link.partition("localhost:8000")[2])["value"]] == [two[0]]


def test_test_responses_are_left_out(client: FlaskClient, two: list[str], session: Session) -> None:
    session.get_one(Response, two[0].removeprefix("uuid:")).is_test = True
    session.commit()
    assert read(client, f"{FEED}/Submissions")["value"] == read(client, SUBMISSIONS) == []
    assert problem(client, f"{SUBMISSIONS}/{two[0]}") == (404, 404.1)


@pytest.fixture
def personal(phone: Phone, household: Version, places: Any, people: People, session: Session) -> str:
    """A response with personal answers, which Ana may not see."""
    session.get_one(Questionnaire, household.questionnaire_id).personal_fields = ["members/name", "photo"]
    session.get_one(User, people.ana.id).sees_personal = False
    session.commit()
    answers = {
        "place": "C01",
        "hh_size": "4",
        "members": [{"name": "Secretwang", "age": "30"}],
        "photo": "secret.jpg",
        "unknown": "Secretwang",
        "meta": {"instanceName": "Secretname"},
    }
    files = [file_entry("secret.jpg", PHOTO, "/data/photo")]
    [id_] = push(phone, household, answers, files=files, instance_name="Secretname")
    send_file(phone, id_.removeprefix("uuid:"), "secret.jpg", PHOTO)
    return id_


def test_A85_personal_answers_are_nowhere(client: FlaskClient, personal: str) -> None:
    """What somebody may not see is in no answer that they get, and no name of it in what describes the answers."""
    addresses = [
        f"{FEED}/Submissions", f"{FEED}/Submissions?$expand=*", f"{FEED}/Submissions.members", f"{FEED}/Submissions('{personal}')",
        f"{FEED}/Submissions('{personal}')/members", SUBMISSIONS, f"{SUBMISSIONS}/{personal}", f"{SUBMISSIONS}/{personal}.xml",
        f"{SUBMISSIONS}/{personal}/attachments", f"{SUBMISSIONS}/{personal}/versions", f"{SUBMISSIONS}.csv",
    ]  # fmt: skip
    for address in addresses:
        shown = client.get(address, headers=basic("ana"))
        assert shown.status_code == 200, address
        assert not any(secret in shown.text for secret in SECRETS), address
    assert any(secret in client.get(f"{FEED}/Submissions?$expand=*", headers=basic("su")).text for secret in SECRETS)
    for name, content in unzipped(client, f"{SUBMISSIONS}.csv.zip").items():
        assert not any(secret.encode() in content for secret in SECRETS) and not name.startswith("media/")
    assert problem(client, f"{SUBMISSIONS}/{personal}/attachments/secret.jpg") == (404, 404.1)
    assert client.get(f"{SUBMISSIONS}/{personal}/attachments/secret.jpg", headers=basic("su")).data == PHOTO


def test_what_is_not_to_be_seen_is_not_declared(client: FlaskClient, personal: str) -> None:
    """The rest is there as before."""
    [row] = read(client, f"{FEED}/Submissions")["value"]
    assert row["hh_size"] == 4 and "photo" not in row
    assert (row["__system"]["attachmentsPresent"], row["__system"]["attachmentsExpected"]) == (0, 0)
    [member] = read(client, f"{FEED}/Submissions.members")["value"]
    assert member["age"] == 30 and "name" not in member
    text = client.get(f"{FEED}/$metadata", headers=basic("ana")).text
    assert 'Name="age"' in text and 'Name="photo"' not in text
    paths = {field["path"] for field in read(client, f"{FORMS}/household/fields")}
    assert "/members/age" in paths and not {"/members/name", "/photo"} & paths
    assert problem(client, f"{FEED}/Submissions", **{"$select": "photo"})[1] == 400.23


def test_a_repeat_that_is_personal_is_no_table(
    client: FlaskClient, personal: str, household: Version, session: Session
) -> None:
    session.get_one(Questionnaire, household.questionnaire_id).personal_fields = ["members"]
    session.commit()
    assert [one["name"] for one in read(client, FEED)["value"]] == ["Submissions"]
    assert problem(client, f"{FEED}/Submissions.members") == (404, 404.1)
    assert list(unzipped(client, f"{SUBMISSIONS}.csv.zip", attachments="false")) == ["household.csv"]


def test_lists_beside_the_workbook_may_name_people(
    client: FlaskClient, people: People, publish: Publish, session: Session
) -> None:
    publish(
        """
        | survey   |
        |          | type                             | name   | label  |
        |          | select_one_from_file people.csv  | person | Person |
        | settings |
        |          | form_title | form_id | version |
        |          | Named      | named   | 1       |
        """,
        files={"people.csv": b"name,label\n1,Secretwang\n"},
    )
    address = f"{FORMS}/named/attachments/people.csv"
    assert b"Secretwang" in client.get(address, headers=basic("ana")).data
    session.get_one(User, people.ana.id).sees_personal = False
    session.commit()
    assert problem(client, address) == (403, 403.1)
    assert problem(client, f"{FORMS}/named.xlsx") == (403, 403.1)
    for part in (".xml", "/fields", "/attachments", ".svc/$metadata"):
        assert "Secretwang" not in client.get(f"{FORMS}/named{part}", headers=basic("ana")).text


AUDITED = """
| survey   |
|          | type  | name  | label | parameters         |
|          | text  | place | Place |                    |
|          | text  | phone | Phone |                    |
|          | audit | audit |       | track-changes=true |
| settings |
|          | form_title | form_id | version | attribute::place_path |
|          | Audited    | audited | 1       | place                 |
"""
#: What ODK Collect writes into the log of a form that tracks changes.
LOG = b"event,node,start,end,old-value,new-value\nquestion,/data/phone,1,2,,Secretwang\n"


def test_a_log_of_answers_is_for_those_who_see_them(
    app: Flask, people: People, places: Any, publish: Publish, session: Session
) -> None:
    """ODK Collect logs each answer as it was typed, and where the phone was: a file that answers no question of the form."""
    version = publish(AUDITED)
    session.get_one(Questionnaire, version.questionnaire_id).personal_fields = ["phone"]
    for hidden_from in (people.ana, people.ren):
        session.get_one(User, hidden_from.id).sees_personal = False
    with app.app_context():
        collect = Collect(app.test_client(), make_access(session, people.wei, by=None))
    _token, text = issue_token(session, session.get_one(User, people.ana.id))
    session.commit()
    body = "<place>C01</place><phone>Secretwang</phone>"
    sent = submission(body, form="audited").replace("<meta>", "<meta><audit>audit.csv</audit>")
    assert collect.submit(sent, {"audit.csv": LOG}).status_code == 201
    address, client = f"{FORMS}/audited/submissions", app.test_client()
    assert client.get(f"{address}/{INSTANCE}/attachments/audit.csv", headers=basic("su")).data == LOG
    assert read(client, f"{address}/{INSTANCE}/attachments") == []
    assert problem(client, f"{address}/{INSTANCE}/attachments/audit.csv") == (404, 404.1)
    assert b"audit" not in client.get(f"{address}.csv", headers=basic("ana")).data
    assert list(unzipped(client, f"{FORMS}/audited/submissions.csv.zip")) == ["audited.csv"]
    bearer = {"Authorization": f"Bearer {text}"}
    assert client.get(f"/api/v1/responses/{RESPONSE}/files", headers=bearer).get_json() == {"items": []}
    file = fresh(session).scalars(select(File)).one()
    assert client.get(f"/api/v1/files/{file.id}", headers=bearer).status_code == 404
    office = sign_in(app.test_client(), "ren")
    assert "audit.csv" not in office.get(f"/office/responses/{RESPONSE}").text
    assert office.get(f"/office/files/{file.id}").status_code == 404
    with app.app_context():
        ana = session.get_one(User, people.ana.id)
        questionnaire = session.get_one(Questionnaire, version.questionnaire_id)
        selection = selection_for(session, questionnaire, Options(), WHOLE, sees_personal=ana.sees_personal)
        [walked] = walk_responses(app.extensions["collector_engine"], questionnaire.id, selection)
    assert walked.files == [] and "audit" not in walked.answers["meta"]


def test_remarks_are_for_those_who_read_them_in_the_office(
    app: Flask, client: FlaskClient, people: People, two: list[str]
) -> None:
    """An analyst may not read responses there; a remark may name people."""
    office = sign_in(app.test_client(), "su")
    office.post(f"/office/responses/{two[0].removeprefix('uuid:')}/comments", data={"text": "Secretwang moved away"})
    assert problem(client, f"{SUBMISSIONS}/{two[0]}/comments") == (403, 403.1)
    assert [one["body"] for one in read(client, f"{SUBMISSIONS}/{two[0]}/comments", "su")] == ["Secretwang moved away"]
