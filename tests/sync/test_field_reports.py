"""Field reports that are the server's to hold (A02, A10, A17, A22, A24, A78, A80), each with the values of its report."""

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector import create_app
from collector.accounts.operations import revoke_enrolment
from collector.store import Device, Enrolment, File, Place, QuarantinedDocument, Response, Revision, User, Version
from collector.store.contents import FILES, Contents
from tests.conftest import People, Phone, Publish, read_kept, sign_in
from tests.documents import ID, content_hash, make_document
from tests.sync.test_files import TUS, create, entry, patch, upload


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place]) -> None:
    """Every test here has places."""


def count(session: Session, table: Any) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(table)) or 0


def at_once(phone: Phone, app: Flask, document: str, times: int) -> list[dict[str, Any]]:
    """Receipts for the same document pushed `times` times at the same moment."""

    def push(_number: int) -> dict[str, Any]:
        return Phone(app.test_client(), phone.device, phone.token, phone.user).receipts(document)[0]

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(push, range(times)))


def test_a02_five_identical_pushes_at_one_moment_are_one_row(
    phone: Phone, app: Flask, session: Session, household: Version
) -> None:
    receipts = at_once(phone, app, make_document(household), 5)
    assert sorted(receipt.pop("status") for receipt in receipts) == ["already_stored"] * 4 + ["stored"]
    assert all(receipt == receipts[0] for receipt in receipts)
    assert (count(session, Response), count(session, Revision)) == (1, 1)


def test_a02_five_identical_items_without_an_id_are_quarantined_once(
    phone: Phone, app: Flask, session: Session
) -> None:
    document = json.dumps({"form": "household", "answers": {"hh_size": "4"}})
    receipts = at_once(phone, app, document, 5)
    assert all(receipt == receipts[0] for receipt in receipts)
    assert (receipts[0]["status"], receipts[0]["hash"]) == ("quarantined", content_hash(document))
    assert count(session, QuarantinedDocument) == 1


def test_a02_the_database_itself_refuses_a_second_row(phone: Phone, session: Session, household: Version) -> None:
    phone.receipts(make_document(household), json.dumps({"answers": {}}))
    for table, changed in ((Response, {}), (Revision, {"number": 2}), (QuarantinedDocument, {"id": 99})):
        stored = session.execute(select(table.__table__)).one()._asdict()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(table).values(stored | changed))


def make_four(version: Version, author: str) -> list[str]:
    return [
        make_document(version, id=f"{number}1111111-1111-4111-8111-111111111111", author=author) for number in range(4)
    ]


def revoke(session: Session, phone: Phone, people: People) -> None:
    device = session.get_one(Device, phone.device.id)
    revoke_enrolment(session, session.get_one(Enrolment, device.enrolment_id), by=people.su.id)
    session.commit()


def test_a10_four_that_were_refused_with_401_are_stored_after_a_new_code(
    phone: Phone, enrol: Callable[[User], Phone], session: Session, people: People, household: Version
) -> None:
    four = make_four(household, people.wei.id)
    revoke(session, phone, people)
    answer = phone.push(*four)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "device_revoked")
    # A phone must be able to tell this from the page of a captive portal.
    assert answer.mimetype == "application/json" and "receipts" not in answer.get_json()
    assert count(session, Response) == 0
    receipts = enrol(people.wei).receipts(*four)
    assert [receipt["status"] for receipt in receipts] == ["stored"] * 4
    assert set(session.scalars(select(Response.author_id))) == {people.wei.id}


def test_a78_every_phone_of_a_revoked_code_is_refused_and_another_volunteer_goes_on(
    phone: Phone, enrol: Callable[[User], Phone], session: Session, people: People, household: Version
) -> None:
    other = enrol(people.mei)
    revoke(session, phone, people)
    assert phone.push().status_code == 401
    assert phone.client.get("/sync/v1/pull", headers=phone.headers).status_code == 401
    assert create(phone, entry("a.jpg", b"x")).status_code == 401
    unsent = make_document(household, author=people.wei.id)
    assert phone.push(unsent).status_code == 401
    assert other.receipts(make_document(household, id="2" * 8 + ID[8:]))[0]["status"] == "stored"
    assert enrol(people.wei).receipts(unsent)[0]["status"] == "stored"


TWO_QUESTIONS = """
| survey   |
|          | type | name | label |
|          | text | a    | A     |
|          | text | {b}  | B     |
| settings |
|          | form_title | form_id | version   |
|          | Two        | two     | {version} |
"""


def test_a17_a_phone_still_on_version_1_is_accepted_and_its_answer_is_exported(
    phone: Phone, su: FlaskClient, session: Session, publish: Publish
) -> None:
    first = publish(TWO_QUESTIONS.format(b="b", version=1))
    second = publish(TWO_QUESTIONS.format(b="c", version=2))
    [receipt] = phone.receipts(make_document(first, form="two", author=phone.user.id, answers={"a": "1", "b": "2"}))
    assert receipt["status"] == "stored"
    phone.receipts(make_document(second, form="two", id="2" * 8 + ID[8:], answers={"a": "3", "c": "4"}))
    stored = session.get_one(Response, ID)
    assert (stored.version_id, stored.flag_count) == (first.id, 0)
    rows = csv.DictReader(io.StringIO(su.get("/office/exports/two.csv").data.decode("utf-8-sig"), newline=""))
    assert [(row["version"], row["a"], row["b"], row["c"]) for row in rows] == [
        ("1", "1", "2", ""),
        ("2", "3", "", "4"),
    ]


FRONT_AND_BACK = """
| survey   |
|          | type  | name  | label |
|          | image | front | Front |
|          | image | back  | Back  |
| settings |
|          | form_title | form_id | version |
|          | House      | house   | 1       |
"""


def test_a22_two_files_of_one_name_are_two_each_at_its_own_question(
    phone: Phone, su: FlaskClient, session: Session, publish: Publish
) -> None:
    version = publish(FRONT_AND_BACK)
    front, back = b"\xff\xd8\xff" + b"f" * 7, b"\xff\xd8\xff" + b"b" * 17
    files = [entry("image.jpg", front, "/data/front"), entry("image.jpg", back, "/data/back")]
    phone.receipts(
        make_document(version, form="house", answers={"front": "image.jpg", "back": "image.jpg"}, files=files)
    )
    for file, content in zip(files, (front, back), strict=True):
        upload(phone, file, content)
    assert sorted(session.scalars(select(File.size_bytes))) == [10, 20]
    assert session.get_one(Response, ID).missing_files == 0
    page = unescape(su.get(f"/office/responses/{ID}").text)
    linked = [su.get(f"/office/files/{file_id}").data for file_id in re.findall(r'href="/office/files/([^"]+)"', page)]
    assert {front, back} <= set(linked)
    for question, file in zip(("front", "back"), files, strict=True):
        stored = session.scalars(select(File).where(File.sha256 == file["sha256"])).one()
        assert su.get(f"/office/files/{stored.id}").data == (front if question == "front" else back)


@pytest.fixture
def restarted(app: Flask) -> Iterator[Flask]:
    """The server after a restart: another app over the same database and data folder."""
    again = create_app(app.config["SETTINGS"])
    again.config.update(WTF_CSRF_ENABLED=False)
    yield again
    again.extensions["collector_engine"].dispose()


def test_a24_a_cut_link_and_a_restart_cost_two_photos_of_five(
    phone: Phone, restarted: Flask, session: Session, household: Version, kept: Contents
) -> None:
    megabyte = 1024 * 1024
    contents = [b"\xff\xd8\xff" + bytes([number]) * (megabyte - 3) for number in range(5)]
    files = [entry(f"{number}.jpg", content) for number, content in enumerate(contents)]
    document = make_document(household, files=files)
    phone.receipts(document)
    for file, content in zip(files[:3], contents[:3], strict=True):
        upload(phone, file, content)
    location = create(phone, files[3]).headers["Location"]
    assert patch(phone, location, 0, contents[3][: megabyte // 4]).status_code == 204
    # The link is cut here, and the server starts anew.
    phone = Phone(restarted.test_client(), phone.device, phone.token, phone.user)
    [receipt] = phone.receipts(document)
    assert receipt["missing_files"] == ["3.jpg", "4.jpg"]
    sent = 0
    for file, content in zip(files, contents, strict=True):
        answer = create(phone, file)
        offset = int(answer.headers["Upload-Offset"])
        head = phone.client.head(answer.headers["Location"], headers=phone.headers | TUS)
        assert head.headers["Upload-Offset"] == str(offset)
        if offset < len(content):
            assert patch(phone, answer.headers["Location"], offset, content[offset:]).status_code == 204
            sent += len(content) - offset
    assert sent == 2 * megabyte - megabyte // 4
    assert session.get_one(Response, ID).missing_files == 0
    for file, content in zip(files, contents, strict=True):
        assert read_kept(kept, FILES, file["sha256"]) == content


@pytest.fixture
def csrf_app(app: Flask) -> Iterator[Flask]:
    """The app with its tokens against forged forms, which the other tests do without."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def test_a80_syncing_needs_no_form_token_however_old_the_page_is(
    phone: Phone, csrf_app: Flask, household: Version
) -> None:
    phone.client.set_cookie("session", "of.another.year")
    for document in make_four(household, phone.user.id)[:3]:
        assert phone.receipts(document)[0]["status"] == "stored"


def test_a80_a_form_opened_nine_hours_ago_is_taken(
    csrf_app: Flask, client: FlaskClient, session: Session, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    csrf_app.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, "su")
    csrf_app.config["WTF_CSRF_ENABLED"] = True
    token = token_of(client.get("/office/people/new-volunteer").text)
    before = count(session, User)
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 9 * 3600)
    answer = client.post(
        "/office/people/new-volunteer", data={"csrf_token": token, "name": "Typed nine hours ago", "language": "zh"}
    )
    assert answer.status_code == 302, answer.text
    assert count(session, User) == before + 1


def test_a80_a_form_whose_session_ended_says_that_what_was_typed_is_still_there(
    csrf_app: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    csrf_app.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, "su")
    csrf_app.config["WTF_CSRF_ENABLED"] = True
    before = count(session, User)
    answer = client.post("/office/people/new-volunteer", data={"csrf_token": "old", "name": "Typed"})
    assert answer.status_code == 400 and "Go back, where your input still is" in answer.text
    assert count(session, User) == before
