"""Responses one by one: their list, XML, revisions, remarks and files."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from collector.store import Version
from tests.central.clients import FORMS, PHOTO, basic, file_entry, problem, push, read, response_id, send_file
from tests.conftest import People, Phone, sign_in
from tests.documents import ID, make_document

SUBMISSIONS = f"{FORMS}/household/submissions"
EXTENDED = {"X-Extended-Metadata": "true"}


def test_the_list_newest_first(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    ids = [push(phone, household, {"place": "C01"}, first=number)[0] for number in range(1, 6)]
    found = read(client, SUBMISSIONS)
    assert [one["instanceId"] for one in found] == ids[::-1]
    assert found[0]["createdAt"] and found[0]["updatedAt"] is None and found[0]["reviewState"] is None
    assert found[0]["deviceId"] == phone.device.id and found[0]["currentVersion"]["current"] is True
    assert [one["instanceId"] for one in read(client, SUBMISSIONS, limit="2", offset="1")] == ids[::-1][1:3]
    assert read(client, SUBMISSIONS, offset="9") == []
    assert problem(client, SUBMISSIONS, limit="x")[1] == 400.8
    [submitter] = read(client, f"{SUBMISSIONS}/submitters")
    assert submitter["id"] == found[0]["submitterId"] and submitter["displayName"] == "Wei"
    assert read(client, f"{SUBMISSIONS}/keys") == []


def test_one_of_them(client: FlaskClient, people: People, phone: Phone, household: Version, places: Any) -> None:
    answers = {"place": "C01", "meta": {"instanceName": "Household 7"}}
    [id_] = push(phone, household, answers)
    one = read(client, f"{SUBMISSIONS}/{id_}")
    assert one == read(client, SUBMISSIONS)[0] and one["instanceName"] == "Household 7"
    extended = client.get(f"{SUBMISSIONS}/{id_}", headers=basic("ana") | EXTENDED).get_json()
    assert extended["submitter"]["displayName"] == "Wei" and extended["formVersion"] == "1"
    for part in ("", ".xml", "/versions", "/comments", "/attachments", "/attachments/x.jpg"):
        assert problem(client, f"{SUBMISSIONS}/uuid:{response_id(99)}{part}") == (404, 404.1)
        assert problem(client, f"{SUBMISSIONS}/{'x' * 300}{part}") == (404, 404.1)


def test_a_response_that_names_nobody(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    push(phone, household, {"place": "C01"}, author=None)
    assert read(client, SUBMISSIONS)[0]["submitterId"] == 0
    [row] = read(client, f"{FORMS}/household.svc/Submissions")["value"]
    assert row["__system"]["submitterId"] is None


def test_as_xml(client: FlaskClient, people: People, phone: Phone, household: Version, places: Any) -> None:
    [id_] = push(phone, household, {"place": "C01", "hh_size": "4", "members": [{"name": "王"}, {"name": "李"}]})
    answer = client.get(f"{SUBMISSIONS}/{id_}.xml", headers=basic("ana"))
    assert answer.mimetype == "application/xml"
    root = etree.fromstring(answer.data)
    assert root.get("id") == "household" and root.get("version") == "1"
    assert [name.text for name in root.findall("members/name")] == ["王", "李"]
    assert root.findtext("meta/instanceID") == id_


def test_revisions_and_remarks(app: Flask, people: People, phone: Phone, household: Version, places: Any) -> None:
    client = app.test_client()
    [id_] = push(phone, household, {"place": "C01", "hh_size": "4"})
    changed = make_document(household, answers={"place": "C01", "hh_size": "5"}, base=1, author=phone.user.id)
    phone.receipts(changed.replace(ID, id_.removeprefix("uuid:")))
    found = read(client, f"{SUBMISSIONS}/{id_}/versions")
    assert [(one["instanceId"], one["current"]) for one in found] == [(f"{id_}-2", True), (id_, False)]
    office = sign_in(app.test_client(), "su")
    for words in ("first", "second"):
        office.post(f"/office/responses/{id_.removeprefix('uuid:')}/comments", data={"text": words})
    comments = read(client, f"{SUBMISSIONS}/{id_}/comments", "su")
    assert [one["body"] for one in comments] == ["second", "first"]
    assert comments[0]["actorId"] == read(client, "/v1/users/current", "su")["id"]


def test_files(client: FlaskClient, people: People, phone: Phone, household: Version, places: Any) -> None:
    entries = [file_entry("a.jpg", PHOTO, "/data/photo"), file_entry("b.jpg", b"other", "/data/photo")]
    [id_] = push(phone, household, {"place": "C01", "photo": "a.jpg"}, files=entries)
    send_file(phone, id_.removeprefix("uuid:"), "a.jpg", PHOTO)
    assert read(client, f"{SUBMISSIONS}/{id_}/attachments") == [
        {"name": "a.jpg", "exists": True},
        {"name": "b.jpg", "exists": False},
    ]
    answer = client.get(f"{SUBMISSIONS}/{id_}/attachments/a.jpg", headers=basic("ana"))
    assert answer.data == PHOTO and answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "attachment; filename=a.jpg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"{SUBMISSIONS}/{id_}/attachments/a.jpg", headers=basic("ana") | tag).status_code == 304
    for name in ("b.jpg", "c.jpg", "..%2Fa.jpg"):
        assert problem(client, f"{SUBMISSIONS}/{id_}/attachments/{name}") == (404, 404.1)
    [row] = read(client, f"{FORMS}/household.svc/Submissions")["value"]
    assert row["photo"] == "a.jpg"
    assert (row["__system"]["attachmentsPresent"], row["__system"]["attachmentsExpected"]) == (1, 2)


def test_a_page_that_came_as_a_photo_is_only_saved(
    client: FlaskClient, people: People, phone: Phone, household: Version, places: Any
) -> None:
    page = b"<html><script>alert(1)</script></html>"
    [id_] = push(phone, household, {"place": "C01"}, files=[file_entry("p.jpg", page, "/data/photo")])
    send_file(phone, id_.removeprefix("uuid:"), "p.jpg", page)
    answer = client.get(f"{SUBMISSIONS}/{id_}/attachments/p.jpg", headers=basic("ana"))
    assert answer.mimetype == "application/octet-stream" and "attachment" in answer.headers["Content-Disposition"]
