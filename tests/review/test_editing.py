"""The office changes answers: with a reason, as a further revision, checked like any arrival."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import JournalEntry, Place, Response, Revision, Version
from collector.store.contents import Contents
from collector.verify.operations import verify
from collector.verify.report import Report
from tests.conftest import People, Phone, Publish
from tests.documents import ID, fresh, make_document
from tests.review.test_decisions import decide, entries
from tests.review.test_responses import MARKUP, PHOTO

KINDS = """
| survey   |                     |        |                     |            |              |               |
|          | type                | name   | label::English (en) | appearance | calculation  | relevant      |
|          | text                | town   | Town                |            |              |               |
|          | text                | story  | Story               | multiline  |              |               |
|          | integer             | adults | Adults              |            |              |               |
|          | integer             | young  | Young people        |            |              |               |
|          | calculate           | all    |                     |            | ${adults} + ${young} | |
|          | calculate           | twice  |                     |            | ${all} * 2   |               |
|          | decimal             | area   | Area                |            |              |               |
|          | date                | since  | Since               |            |              |               |
|          | select_one yn       | car    | A car?              |            |              |               |
|          | text                | plate  | Number plate        |            |              | ${car} = 'y'  |
|          | select_multiple pet | pets   | Pets                |            |              |               |
|          | geopoint            | where  | Where               |            |              |               |
|          | begin group         | home   | Home                |            |              |               |
|          | text                | door   | Door                |            |              |               |
|          | end group           |        |                     |            |              |               |
|          | begin repeat        | kids   | Children            |            |              |               |
|          | text                | name   | Name                |            |              |               |
|          | image               | photo  | Photo               |            |              |               |
|          | end repeat          |        |                     |            |              |               |
| choices  |
|          | list_name | name | label::English (en) |
|          | yn        | y    | Yes                 |
|          | yn        | n    | No                  |
|          | pet       | cat  | Cat                 |
|          | pet       | dog  | Dog                 |
| settings |
|          | form_title | form_id | version | default_language | instance_name |
|          | Kinds      | kinds   | 1       | English (en)     | concat(${town}, ' ', ${all}) |
"""
ANSWERS: dict[str, Any] = {
    "town": "Xi",
    "adults": "2",
    "young": "1",
    "all": "3",
    "twice": "6",
    "car": "n",
    "pets": "cat dog",
    "where": "32.05 118.78 10 5",
    "kids": [{"name": "Li"}, {"name": "Bo", "photo": "bo.jpg"}],
    "meta": {"instanceName": "Xi 3"},
}
FILE = PHOTO | {"name": "bo.jpg", "sha256": "b" * 64, "path": "/data/kids[2]/photo"}


@pytest.fixture(autouse=True)
def _places(places: dict[str, Place]) -> None:
    """Every test here has places."""


@pytest.fixture
def kinds(publish: Publish, phone: Phone) -> Version:
    """A questionnaire with one question of each kind, and a response to it."""
    version = publish(KINDS)
    document = make_document(
        version, form="kinds", author=phone.user.id, answers=ANSWERS, files=[FILE], instance_name="Xi 3"
    )
    assert phone.receipts(document)[0]["status"] == "stored"
    return version


def edit(client: FlaskClient, base: int = 1, **data: Any) -> Any:
    """Send the form of the response with what was typed."""
    answers = {f"answer:{name}": value for name, value in data.pop("answers", {}).items()}
    return client.post(f"/office/responses/{ID}/edit", data={"base": base, "reason": "Phone call"} | answers | data)


def current(session: Session) -> tuple[Response, Revision, dict[str, Any]]:
    """The response, its current revision, and that one's document."""
    fresh(session)
    response = session.get_one(Response, ID)
    revision = session.get_one(Revision, (ID, response.current_revision))
    return response, revision, json.loads(revision.document)


def test_A77_who_when_field_old_new_and_reason(
    su: FlaskClient, people: People, phone: Phone, household: Version, session: Session
) -> None:
    """A77: hh_size 4 → 5 with the reason "phone call": in the history; the first answer stays; the journal knows of it, without answers."""
    phone.receipts(make_document(household, author=phone.user.id))
    first = current(session)[1].document
    answer = edit(su, answers={"hh_size": "5", "place": "C01"}, reason="phone call")
    assert answer.status_code == 302, answer.text
    _response, revision, document = current(session)
    assert (revision.number, revision.base, revision.edited_by) == (2, 1, people.su.id)
    assert (revision.edit_reason, revision.device_id) == ("phone call", None)
    assert document["answers"] == {"place": "C01", "hh_size": "5"} and document["base"] == 1
    assert session.get_one(Revision, (ID, 1)).document == first
    page = su.get(f"/office/responses/{ID}").text
    history = re.search(r"data-history>(.*?)</section>", page, re.S)
    assert history
    text = " ".join(re.sub(r"<[^>]+>", " ", history[1]).split())
    assert "Answers changed: revision 2" in text and "Su phone call" in text
    assert "Household size 4 5" in text
    assert re.search(r'<time datetime="[0-9T:.-]+\+00:00">', history[1]), "UTC"
    assert re.search(r"Household size</dt>\s*<dd>4</dd>", su.get(f"/office/responses/{ID}?revision=1").text)
    [entry] = entries(session, "response.edit")
    item = {"id": ID, "revision": 2, "hash": revision.content_hash, "status": "revision_stored"}
    assert (entry.user_id, entry.details) == (people.su.id, {"base": 1, "changed": 1, "items": [item]})
    assert "phone call" not in str([entry.details for entry in session.scalars(select(JournalEntry))])


def test_every_kind_of_answer(su: FlaskClient, kinds: Version, session: Session) -> None:
    """Typed or chosen, added or taken away; hidden calculations and the response's name follow."""
    page = su.get(f"/office/responses/{ID}/edit").text
    assert 'name="answer:home/door"' in page and 'name="answer:kids[3]/name"' in page
    assert 'name="answer:where"' not in page and "32.05, 118.78" in page, "shown only"
    assert re.search(r"Number plate</label>\s*<p class=\"field__help\">Not asked", page)
    typed = {
        "town": "Bei",
        "story": "Long\r\nstory",
        "adults": "4",
        "area": "2,5",
        "since": "2001-02-03",
        "car": "y",
        "plate": "A1",
        "pets": ["cat"],
        "home/door": "12",
        "kids[1]/name": "",
        "kids[2]/name": "Bo",
        "kids[3]/name": "Wu",
    }
    answer = edit(su, answers=typed, **{"many:pets": "1"})
    assert answer.status_code == 302, answer.text
    response, revision, document = current(session)
    assert document["answers"] == {
        "town": "Bei",
        "story": "Long\nstory",
        "adults": "4",
        "young": "1",
        "all": "5",
        "twice": "10",
        "area": "2.5",
        "since": "2001-02-03",
        "car": "y",
        "plate": "A1",
        "pets": "cat",
        "where": "32.05 118.78 10 5",
        "home": {"door": "12"},
        "kids": [{}, {"name": "Bo", "photo": "bo.jpg"}, {"name": "Wu"}],
        "meta": {"instanceName": "Bei 5"},
    }
    assert response.instance_name == "Bei 5" and revision.flags == []
    assert response.missing_files == 1


def test_a_row_is_taken_out_and_files_follow(su: FlaskClient, kinds: Version, session: Session) -> None:
    """The photo of the second child is the first one's place now; with its row a photo is no longer named, and not lost."""
    edit(su, remove="kids[1]")
    _response, _revision, document = current(session)
    assert document["answers"]["kids"] == [{"name": "Bo", "photo": "bo.jpg"}]
    assert [file["path"] for file in document["files"]] == ["/data/kids[1]/photo"]
    edit(su, base=2, remove="kids[1]")
    response, _revision, document = current(session)
    assert "kids" not in document["answers"] and document["files"] == []
    assert response.missing_files == 0


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"adults": "two"}, "Type a whole number"),
        ({"area": "1.2.3"}, "Type a number"),
        ({"since": "2001-02-30"}, "Type a date"),
        ({"car": "maybe"}, "Choose one of the choices."),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(
    su: FlaskClient, kinds: Version, session: Session, answers: dict[str, str], fault: str
) -> None:
    answer = edit(su, answers=answers | {"town": "Typed"})
    [key] = answers
    assert answer.status_code == 400 and fault in answer.text and 'value="Typed"' in answer.text
    assert f'href="#answer-{key}"' in answer.text and f'id="answer-{key}-fault"' in answer.text
    assert current(session)[0].current_revision == 1


def test_a_reason_is_needed_and_a_change(su: FlaskClient, kinds: Version, session: Session) -> None:
    """What was typed stays."""
    answer = edit(su, answers={"town": "Typed"}, reason=" ")
    assert answer.status_code == 400 and "This is needed." in answer.text and 'value="Typed"' in answer.text
    answer = edit(su, answers={"town": " Xi ", "pets": ["dog", "cat"]}, **{"many:pets": "1"})
    assert answer.status_code == 400 and "No answer was changed." in answer.text
    assert current(session)[0].current_revision == 1


def test_another_revision_came_meanwhile(su: FlaskClient, phone: Phone, kinds: Version, session: Session) -> None:
    """Nothing typed is lost, and nothing of what the phone sent: its answers stand there with the change on top."""
    sent = ANSWERS | {"young": "2", "all": "4", "twice": "8", "meta": {"instanceName": "Xi 4"}}
    phone.receipts(make_document(kinds, form="kinds", base=1, author=phone.user.id, answers=sent, instance_name="Xi 4"))
    answer = edit(su, answers={"town": "Typed", "young": "1"})
    assert answer.status_code == 409 and "Revision 2 has arrived meanwhile." in answer.text
    assert 'name="answer:town" value="Typed"' in answer.text and 'name="answer:young" value="2"' in answer.text
    assert 'name="base" value="2"' in answer.text and "Phone call" in answer.text
    assert current(session)[0].current_revision == 2
    assert edit(su, base=2, answers={"town": "Typed", "young": "2"}).status_code == 302
    assert current(session)[2]["answers"] == sent | {"town": "Typed", "meta": {"instanceName": "Typed 4"}}


def test_the_phone_goes_on_from_the_old_one(su: FlaskClient, phone: Phone, kinds: Version, session: Session) -> None:
    """What it sends is kept and in conflict; until somebody chooses nothing is changed here."""
    edit(su, answers={"town": "Here"})
    late = make_document(kinds, form="kinds", base=1, author=phone.user.id, answers=ANSWERS | {"town": "There"})
    assert phone.receipts(late)[0]["conflict"] is True
    response, _revision, document = current(session)
    assert response.is_conflicted and document["answers"]["town"] == "Here"
    answer = su.get(f"/office/responses/{ID}/edit", follow_redirects=True)
    assert "First choose which revision is right." in answer.text
    answer = edit(su, base=2, answers={"town": "Typed"})
    assert answer.status_code == 409 and 'value="Typed"' in answer.text and "stand against each other" in answer.text
    assert current(session)[0].current_revision == 2


def test_a_returned_response_stays_returned(su: FlaskClient, kinds: Version, session: Session) -> None:
    """Only the volunteer's own sending answers the question that was asked."""
    decide(su, ID, "returned", reason="Which town?")
    edit(su, answers={"town": "Here"})
    assert current(session)[0].state == "returned"


def test_the_engine_judges_what_was_typed(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    """It flags and refuses nothing, as with any arrival; another community is another community."""
    phone.receipts(make_document(household, author=phone.user.id))
    edit(su, answers={"hh_size": "99", "place": "C02"})
    response, revision, _document = current(session)
    assert [flag["code"] for flag in revision.flags] == ["constraint_broken"]
    assert (response.place_code, response.flag_count) == ("C02", 1)


def test_A82_answers_in_the_form_are_text(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    """A82: in fields, in the history's old and new, side by side."""
    phone.receipts(make_document(household, answers={"place": MARKUP, "hh_size": "4", "members": [{"name": MARKUP}]}))
    assert "&lt;img src=x" in su.get(f"/office/responses/{ID}/edit").text
    assert edit(su, answers={"members[1]/name": f"{MARKUP}2"}, reason=MARKUP).status_code == 302
    for address in (f"/office/responses/{ID}", f"/office/responses/{ID}?compare=1,2", f"/office/responses/{ID}/edit"):
        page = su.get(address).text
        assert "<img src=x" not in page and "&lt;img src=x" in page, address


def test_two_revisions_side_by_side(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    phone.receipts(make_document(household))
    edit(su, answers={"hh_size": "5"})
    page = su.get(f"/office/responses/{ID}?compare=1,2").text
    table = re.search(r"data-comparison>(.*?)</section>", page, re.S)
    assert table and re.findall(r"<mark[^>]*>(.*?)</mark>", table[1]) == ["4", "5"]
    assert "Make this one current" not in page
    for odd in ("1", "1,1", "7,8", "x,y", ""):
        assert "data-comparison" not in su.get(f"/office/responses/{ID}?compare={odd}").text


def test_the_verification_stays_green(
    app: Flask, su: FlaskClient, phone: Phone, household: Version, kept: Contents, session: Session
) -> None:
    """After a change, a decision, a comment, and after all of it was deleted."""
    phone.receipts(make_document(household, author=phone.user.id))
    edit(su, answers={"hh_size": "5"})
    decide(su, ID, "approved", seen=2)
    su.post(f"/office/responses/{ID}/comments", data={"text": "Seen"})
    assert current(session)[0].state == "approved"
    url: str = app.config["SETTINGS"].database_url
    said: list[str] = []
    report = Report(said.append, said.append)
    verify(url, kept, app.extensions["collector_data_keys"], report)
    assert report.faults == []
    su.post(f"/office/responses/{ID}/delete", data={"reason": "test", "note": "x"})
    assert fresh(session).get(Response, ID) is None
    report = Report(said.append, said.append)
    verify(url, kept, app.extensions["collector_data_keys"], report)
    assert report.faults == []
