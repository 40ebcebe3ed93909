"""The pages of quality, as the people of the office use them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import JournalEntry, Place, Questionnaire, Response, User, Version
from tests.conftest import People, Phone, Publish, sign_in
from tests.documents import fresh, make_document

SURVEY = """
| survey   |
|          | type             | name    | label::English (en)       | label::中文 (zh) | bind::missing |
|          | text             | place   | Community                 | 社区             |               |
|          | text             | head    | Head                      | 户主             | declined      |
|          | select_one yn    | water   | Water                     | 自来水           | dont_know     |
|          | select_one yn    | power   | Power                     | 电               | dont_know     |
|          | integer          | size    | Size                      | 人数             | dont_know     |
|          | integer          | rooms   | Rooms                     | 房间             | dont_know     |
| choices  |
|          | list_name | name | label::English (en)          | label::中文 (zh) |
|          | yn        | yes  | Yes                          | 有               |
|          | yn        | no   | <img src=x onerror=alert(1)> | 没有             |
| settings |
|          | form_title                   | form_id   | version | default_language | attribute::place_path |
|          | <img src=x onerror=alert(1)> | household | 1       | English (en)     | place                 |
"""
ANSWERS = {"place": "C01", "head": "Ana", "water": "yes", "power": "no", "size": "4", "rooms": "2"}
SCRIPT = "<img src=x onerror"


@pytest.fixture
def send(phone: Phone, publish: Publish, places: dict[str, Place]) -> Callable[..., str]:
    """`send(answers, **parts)`: push a response of Wei's; gives its id."""
    version: Version = publish(SURVEY)
    model, author = version.model_hash, phone.user.id

    def send(answers: dict[str, Any] | None = None, **parts: Any) -> str:
        parts = {"id": str(uuid4()), "model": model, "author": author, "answers": ANSWERS | (answers or {})} | parts
        phone.receipts(make_document(**parts))
        return str(parts["id"])

    return send


def test_what_was_noticed(su: FlaskClient, send: Callable[..., str], people: People) -> None:
    send()
    send({"head": "Rui"}, finished_at="2026-03-28T09:43:12.000+08:00")
    page = su.get("/office/quality").text
    assert "1 of 2 responses have something that was noticed." in page
    assert "Very fast" in page and "flag=too_fast" in page
    assert "It took less than 3 seconds for each question answered" in page
    assert f"/office/quality/volunteer/{people.wei.id}" in page


def test_a82_texts_of_a_form_are_text(su: FlaskClient, send: Callable[..., str], people: People) -> None:
    send()
    for address in (
        "quality",
        "quality/rules",
        f"quality/volunteer/{people.wei.id}",
        "frequencies?question=power&by=water",
    ):
        page = su.get(f"/office/{address}").text
        assert SCRIPT not in page and "&lt;img src=x onerror" in page, address


def test_a81_the_other_subdistrict_is_not_counted(
    app: Flask, send: Callable[..., str], so: User, people: People
) -> None:
    """A81: So answers for S1 only."""
    for community in ("C01", "C02", "C03", "nowhere"):
        send({"place": community, "head": community})
    browser = sign_in(app.test_client(), "so")
    assert "of 2 responses" in browser.get("/office/quality").text
    assert "2 responses were looked at." in browser.get("/office/frequencies?question=water").text
    assert "0 responses were looked at." in browser.get("/office/frequencies?question=water&place=C03").text
    assert "Community C03" not in browser.get("/office/frequencies").text
    assert browser.get("/office/quality/rules").status_code == 403


def test_a81_a_volunteer_of_elsewhere_has_no_page(
    app: Flask, send: Callable[..., str], so: User, people: People
) -> None:
    """A81: Wei sent nothing from So's part."""
    send({"place": "C03"})
    address = f"/office/quality/volunteer/{people.wei.id}"
    assert sign_in(app.test_client(), "so").get(address).status_code == 404
    assert sign_in(app.test_client(), "lin").get(address).status_code == 200


def test_a_volunteer_day_by_day(su: FlaskClient, send: Callable[..., str], people: People) -> None:
    send(finished_at="2026-03-28T09:43:12.000+08:00")
    page = su.get(f"/office/quality/volunteer/{people.wei.id}").text
    assert "Very fast" in page and f"author={people.wei.id}" in page
    assert "too few other volunteers" in page
    assert su.get("/office/quality/volunteer/nobody").status_code == 404


def test_frequencies_in_the_readers_language(su: FlaskClient, send: Callable[..., str]) -> None:
    send()
    send({"head": "Rui", "water": "no"})
    send({"head": "Eva", "water": "", "water@missing": "dont_know"})
    send({"head": "Li", "water": ""})
    page = su.get("/office/frequencies?question=water").text
    assert "Answered: 2. Not asked or left empty: 1." in page
    assert "1 (33 %)" in page and "Does not know" in page
    assert "Ana" not in page


def test_frequencies_of_two_questions(su: FlaskClient, send: Callable[..., str]) -> None:
    send()
    send({"head": "Rui", "power": "yes"})
    page = su.get("/office/frequencies?question=water&by=power").text
    assert "By “Power”" in page and "(50 %)" in page
    assert "By “" not in su.get("/office/frequencies?question=size&by=power").text


def test_personal_questions_are_not_offered_to_who_may_not_see_them(
    app: Flask, send: Callable[..., str], session: Session, people: People
) -> None:
    send()
    questionnaire = fresh(session).scalars(select(Questionnaire)).one()
    questionnaire.personal_fields = ["water"]
    session.get_one(User, people.ren.id).sees_personal = False
    session.commit()
    ren = sign_in(app.test_client(), "ren")
    page = ren.get("/office/frequencies?question=water&by=water").text
    assert 'value="water"' not in page and 'value="power"' in page
    assert 'value="water"' in sign_in(app.test_client(), "lin").get("/office/frequencies").text


def test_rules_are_previewed_then_set(su: FlaskClient, send: Callable[..., str], session: Session) -> None:
    response_id = send()
    typed = {f"limit-{code}": limit for code, limit in LIMITS.items()} | {f"on-{code}": "1" for code in LIMITS}
    page = su.post("/office/quality/rules", data=typed | {"limit-too_long": "8", "preview": "1"})
    assert "Not saved yet" in page.text and "would flag 1 of 1" in page.text
    assert fresh(session).get_one(Response, response_id).flag_count == 0
    answer = su.post("/office/quality/rules", data=typed | {"limit-too_long": "8"})
    assert answer.status_code == 302
    assert fresh(session).get_one(Response, response_id).flag_count == 1
    questionnaire = session.scalars(select(Questionnaire)).one()
    assert questionnaire.quality_rules == {"too_long": {"on": True, "limit": 8}}
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "questionnaire.quality_rules")).one()
    assert entry.details["changed"] == ["too_long"]
    del typed["on-too_long"]
    su.post("/office/quality/rules", data=typed)
    assert fresh(session).get_one(Response, response_id).flag_count == 0


LIMITS = {
    "too_fast": "3",
    "too_long": "180",
    "same_in_a_row": "8",
    "far_away": "1000",
    "begun_early": "6",
    "begun_late": "21",
    "same_spot": "1",
    "same_answers": "10",
    "backdated": "12",
    "dont_know": "30",
}


@pytest.mark.parametrize(("code", "text"), [("too_long", "soon"), ("begun_early", "25"), ("dont_know", "0")])
def test_a_wrong_limit_is_said_beside_its_box(
    su: FlaskClient, send: Callable[..., str], session: Session, code: str, text: str
) -> None:
    send()
    typed = {f"limit-{name}": limit for name, limit in LIMITS.items()} | {f"limit-{code}": text}
    answer = su.post("/office/quality/rules", data=typed)
    assert answer.status_code == 400
    assert f'id="{code}-fault"' in answer.text and f'value="{text}"' in answer.text
    assert fresh(session).scalars(select(Questionnaire)).one().quality_rules == {}


def test_without_a_questionnaire_the_pages_say_so(su: FlaskClient) -> None:
    for name in ("quality", "quality/rules", "frequencies"):
        assert "no questionnaire has been published" in su.get(f"/office/{name}").text
    assert su.get("/office/quality?questionnaire=none").status_code == 404


def test_years_are_written_as_years(su: FlaskClient, send: Callable[..., str]) -> None:
    for year in ("1919", "1947", "1979"):
        send({"head": year, "size": year})
    page = su.get("/office/frequencies?question=size").text
    assert "Least 1919, median 1947, most 1979." in page
