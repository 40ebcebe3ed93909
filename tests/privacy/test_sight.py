"""Questions that the workbook marks as personal: who need not see them sees them nowhere (A85)."""

from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter
from werkzeug.test import TestResponse

from collector.export.formats import FORMATS
from collector.store import File, Questionnaire, User, Version
from tests.api.programs import program_of
from tests.central.clients import FEED, FORMS, basic
from tests.conftest import People, Phone, Publish, sign_in
from tests.documents import ID, fresh
from tests.export.test_sight import unpacked
from tests.export.waiting import made
from tests.privacy.conftest import FACE_FILE, JPEG, SECRETS, STREET, STREET_FILE, VISIT, answers, visited
from tests.review.test_responses import send_file
from tests.webhooks.conftest import MakeWebhook, deliver, make_webhook, open_app, receiver  # noqa: F401
from tests.webhooks.receivers import Receiver

HIDDEN = ("Xiaoming", "138 0000", "Jinhua", "face.jpg")


@pytest.fixture
def sent(phone: Phone, visit: Version, session: Session, people: People) -> None:
    """Two revisions of a response with its pictures; Ren and Ana do not see personal answers."""
    phone.receipts(visited(visit, phone), visited(visit, phone, base=1, answers=answers(hh_size="5")))
    send_file(phone, ID, "face.jpg", JPEG, FACE_FILE["sha256"])
    send_file(phone, ID, "street.jpg", STREET, STREET_FILE["sha256"])
    session.execute(update(User).where(User.login.in_(["ren", "ana"])).values(sees_personal=False))
    session.commit()


def hides(text: str) -> bool:
    return not any(secret in text for secret in HIDDEN)


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(
    "address",
    [
        "responses?questionnaire=visit&column=who/nick&column=members/called&column=hh_size&column=greeting",
        "responses?q=Xiaoming",
        f"responses/{ID}",
        f"responses/{ID}?revision=1&compare=1,2",
        "duplicates?questionnaire=visit",
        "board/points.geojson?questionnaire=visit",
        "frequencies?questionnaire=visit&question=who/nick",
    ],
)
def test_no_page_of_the_office_shows_them(app: Flask, address: str) -> None:
    answer = sign_in(app.test_client(), "ren").get(f"/office/{address}")
    assert answer.status_code == 200
    assert hides(answer.text.replace("q=Xiaoming", "").replace('value="Xiaoming"', ""))


@pytest.mark.usefixtures("sent")
def test_who_may_sees_them(su: FlaskClient) -> None:
    """The same pages hold them for Su: or the test above would hold nothing."""
    page = su.get(f"/office/responses/{ID}").text
    assert all(secret in page for secret in HIDDEN)


@pytest.mark.usefixtures("sent")
def test_neither_are_they_searched_nor_are_their_pictures_fetched(app: Flask, session: Session) -> None:
    ren = sign_in(app.test_client(), "ren")
    files = {file.name: file.id for file in fresh(session).scalars(select(File))}
    assert ren.get(f"/office/files/{files['face.jpg']}").status_code == 404
    assert ren.get(f"/office/files/{files['street.jpg']}").status_code == 200


@pytest.mark.usefixtures("sent")
def test_no_word_in_an_address_tells_whose_name_it_is(
    app: Flask, session: Session, phone: Phone, visit: Version
) -> None:
    """Not by how many are meant, and not by the links to the responses before and after: a word that is no name answers the same."""
    other = "00000000-0000-4000-8000-0000000000aa"
    phone.receipts(visited(visit, phone, id=other, files=[]))
    session.execute(update(User).where(User.login == "su").values(sees_personal=False))
    session.commit()
    su = sign_in(app.test_client(), "su")
    for name in ("Xiaoming", "Nobody"):
        for act in ("erase", "decide"):
            data = {"which": "every", "state": "approved"}
            answer = su.post(f"/office/responses/{act}?q={name}", data=data)
            assert answer.status_code == 302 and "q=" not in answer.headers["Location"], (act, name)
    pages = [su.get(f"/office/responses/{ID}?q={name}").text for name in ("Xiaoming", "Nobody")]
    assert [other in page for page in pages] == [True, True]


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("format_", [code for code in FORMATS if code != "geojson"])
def test_no_export_holds_them(app: Flask, people: People, tmp_path: Path, format_: str) -> None:
    ana = sign_in(app.test_client(), "ana")
    job = made(app, ana, form_id="visit", format=format_)
    answer = ana.get(f"/office/exports/-/{job}")
    assert answer.status_code == 200
    content = unpacked(answer.data, tmp_path)
    assert [secret for secret in (*HIDDEN, "called", "nick") if secret.encode() in content] == []


@pytest.mark.usefixtures("sent")
def test_no_program_reads_them(app: Flask, session: Session, people: People) -> None:
    program = program_of(app, session, people.ana)
    for path in (
        f"/responses/{ID}",
        f"/responses/{ID}/revisions/1",
        "/responses?answers=true",
        f"/responses/{ID}/files",
    ):
        answer = program.ask(path)
        assert answer.status_code == 200 and hides(answer.text), path
    client = app.test_client()
    for address in (f"{FEED}/Submissions?$expand=*", f"{FORMS}/visit/submissions.csv", f"{FORMS}/visit/submissions"):
        answer = client.get(address.replace("household", "visit"), headers=basic("ana"))
        assert answer.status_code == 200, address
        assert hides(answer.text), address


def test_no_webhook_tells_them(
    make_webhook: MakeWebhook,  # noqa: F811
    deliver: object,  # noqa: F811
    receiver: Receiver,  # noqa: F811
    people: People,
    phone: Phone,
    visit: Version,
) -> None:
    make_webhook(people.su, has_answers=True)
    phone.receipts(visited(visit, phone))
    assert deliver() == 1  # type: ignore[operator]
    [(_headers, content)] = receiver.came
    body = content.decode()
    assert "hh_size" in body and hides(body)


def test_marks_of_the_workbook_cannot_be_taken_back_in_the_office(
    su: FlaskClient, visit: Version, session: Session
) -> None:
    marked = {"who/nick", "who/contact", "who/face", "members/called", "greeting"}
    assert set(fresh(session).scalars(select(Questionnaire.personal_fields)).one()) == marked
    page = su.get("/office/questionnaires/visit/personal").text
    assert page.count("marked in the workbook") == len(marked)
    su.post("/office/questionnaires/visit/personal", data={"fields": ["hh_size"]})
    assert set(fresh(session).scalars(select(Questionnaire.personal_fields)).one()) == marked | {"hh_size"}


def test_a_draft_marks_nothing_until_it_is_published_and_then_it_can_be_unmarked(
    su: FlaskClient, visit: Version, session: Session, publish: Publish
) -> None:
    """A version without the mark leaves it, until the office takes it back: there are answers of before."""
    publish(VISIT.replace("| yes      |", "|          |"))
    assert "who/nick" in fresh(session).scalars(select(Questionnaire.personal_fields)).one()
    su.post("/office/questionnaires/visit/personal", data={"fields": ["who/contact"]})
    assert fresh(session).scalars(select(Questionnaire.personal_fields)).one() == ["who/contact"]


def test_what_the_workbook_says_is_not_personal_is_not_guessed(visit: Version, session: Session) -> None:
    """A picture looks personal; the workbook says that the street is none."""
    assert "street" not in fresh(session).scalars(select(Questionnaire.personal_fields)).one()
    assert SECRETS


MADE = """
| survey   |
|          | type                 | name    | label   | personal | calculation                      | default | trigger |
|          | text                 | nick    | Nick    | yes      |                                  |         |         |
|          | begin repeat         | members | Members |          |                                  |         |         |
|          | text                 | called  | Called  | yes      |                                  |         |         |
|          | integer              | age     | Age     |          |                                  |         |         |
|          | calculate            | hello   |         |          | concat('Hi ', ${called})         |         |         |
|          | begin group          | inner   | Inner   |          |                                  |         |         |
|          | calculate            | deep    |         |          | concat('Hi ', ${called})         |         |         |
|          | end group            |         |         |          |                                  |         |         |
|          | calculate            | older   |         |          | ${age} + 1                       |         |         |
|          | end repeat           |         |         |          |                                  |         |         |
|          | text                 | again   | Again   |          |                                  | ${nick} |         |
|          | calculate            | later   |         |          | ${nick}                          |         | ${nick} |
|          | select_one ${called} | head    | Head    |          |                                  |         |         |
|          | calculate            | whole   |         |          | join(' ', ${called})             |         |         |
|          | calculate            | first   |         |          | ${members}[position()=1]/called  |         |         |
|          | calculate            | twice   |         |          | concat(${whole}, ' ')            |         |         |
|          | calculate            | number  |         |          | count(${members})                |         |         |
| settings |
|          | form_title           | form_id | version |
|          | Made                 | made    | 1       |
"""
TOLD = {"members/hello", "members/inner/deep", "again", "later", "head", "whole", "first", "twice"}


def test_what_is_made_from_a_personal_answer_is_personal_too(publish: Publish, session: Session) -> None:
    """However it is made: calculated beside it in a repeat, filled in by default or on a change, or chosen among the answers."""
    publish(MADE)
    assert set(fresh(session).scalars(select(Questionnaire.personal_fields)).one()) == {"nick", "members/called"} | TOLD


def test_what_is_made_from_a_question_that_the_office_marks_is_marked_along(
    su: FlaskClient, publish: Publish, session: Session
) -> None:
    publish(MADE.replace("| yes      |", "| no       |"))
    su.post("/office/questionnaires/made/personal", data={"fields": ["members/called"]})
    marked = fresh(session).scalars(select(Questionnaire.personal_fields)).one()
    assert set(marked) == {"members/called"} | TOLD - {"again", "later"}
    su.post("/office/questionnaires/made/personal", data={"fields": ["members/called", "head"]})
    assert set(fresh(session).scalars(select(Questionnaire.personal_fields)).one()) == {"members/called", "head"}


@pytest.mark.usefixtures("sent")
def test_no_address_tells_a_reviewer(app: Flask, session: Session, su: FlaskClient) -> None:
    """Whatever a reviewer may ask for, with what is here in the place of what addresses leave open; Su is told at several."""
    files = {file.name: file.id for file in fresh(session).scalars(select(File))}
    addresses = addresses_of(app, {"form_id": "visit", "file_id": files["face.jpg"]})
    tells, tells_su = (
        [address for address in addresses if tells_of_them(client.get(address))]
        for client in (sign_in(app.test_client(), "ren"), su)
    )
    assert tells == [] and len(tells_su) > 5


def addresses_of(app: Flask, given: dict[str, str]) -> list[str]:
    """The addresses of all that can be read; what none of `given` says is the response's id, or 1."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "accounts.sign_out"):
                values = {
                    name: 1 if isinstance(converter, IntegerConverter) else given.get(name, ID)
                    for name, converter in rule._converters.items()
                }
                more = {"questionnaire": "visit", "question": "who/nick", "column": "who/nick", "form": "visit"}
                found.append(url_for(rule.endpoint, **more | values))
    return found


def tells_of_them(answer: TestResponse) -> bool:
    return JPEG in answer.data or not hides(answer.data.decode(errors="replace"))
