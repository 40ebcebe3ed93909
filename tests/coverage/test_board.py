"""The board as pages: rows, totals, unassigned, phones, targets."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places
from collector.coverage.queries import read_board
from collector.store import Place, Questionnaire, Response, Target, Version
from collector.store.responses import REJECTED
from tests.conftest import Phone
from tests.documents import make_document


def send(phone: Phone, version: Version, place: str, number: int = 1) -> list[str]:
    """Send `number` responses for a place; gives their ids."""
    ids = [str(uuid4()) for _ in range(number)]
    answers = {"place": place, "hh_size": "4"}
    documents = [make_document(version, id=id_, place=place, answers=answers, author=phone.user.id) for id_ in ids]
    assert {receipt["status"] for receipt in phone.receipts(*documents)} == {"stored"}
    return ids


def set_target(session: Session, version: Version, place: Place, expected: int) -> None:
    """Expect `expected` responses of a place."""
    session.add(Target(questionnaire_id=version.questionnaire_id, place_id=place.id, expected=expected))
    session.commit()


def row_of(page: str, mark: str) -> str:
    """The words of one row of the table, blanks between them; `mark` is the row's data attribute."""
    row = re.search(rf"<tr[^>]*{mark}[^>]*>(.*?)</tr>", page, re.S)
    assert row, mark
    return " ".join(re.sub(r"<[^>]+>", " ", row[1]).split())


def test_without_a_questionnaire_it_says_so(su: FlaskClient) -> None:
    """An empty installation has a board that says what to do."""
    assert "No questionnaire is published yet." in su.get("/office/board").text


def test_A74_every_community_zeros_included(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """A74: each community has a row with target, received, percent; target 0 shows no percent and no error."""
    send(phone, household, "C01", 3)
    set_target(session, household, places["C01"], 4)
    set_target(session, household, places["C02"], 0)
    page = su.get("/office/board?questionnaire=household").text
    assert "Community C01 3 / 4 75 %" in row_of(page, 'data-place="C01"')
    assert row_of(page, 'data-place="C02"').startswith("Community C02 0 / 0 –")
    assert row_of(page, 'data-place="C03"').startswith("Community C03 0 –")
    assert row_of(page, "data-total").startswith("Total 3 / 4 75 %")
    assert "1 of 3 communities have a response; missing: Community C02 , Community C03 ." in " ".join(
        re.sub(r"<[^>]+>", " ", page).split()
    )


def test_A74_last_sync_and_what_phones_still_hold(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """A74: the board names the volunteer who holds something unsent, at the community and in the list of phones."""
    assign_places(session, session.merge(phone.user), [places["C02"].id], by=None)
    session.commit()
    phone.push(waiting={"responses": 12, "files": 2, "drafts": 1})
    page = su.get("/office/board").text
    assert "Wei 12" in row_of(page, 'data-place="C02"')
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", row_of(page, 'data-place="C02"')), "last sync"
    assert "Not yet sent: responses 12, photos 2, volunteers 1." in page


def test_A75_unknown_places_are_a_row_and_count(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """A75: 7 with a known community and 3 without are 10, 3 of them unassigned; a rejected one stands apart."""
    rejected = [*send(phone, household, "C01", 5), *send(phone, household, "C03", 3)][0]
    send(phone, household, "nowhere", 3)
    session.get(Response, rejected).state = REJECTED  # type: ignore[union-attr]
    session.commit()
    page = su.get("/office/board").text
    assert row_of(page, "data-unassigned").startswith("Unassigned: no known community 3")
    assert row_of(page, "data-total").startswith("Total 10")
    assert row_of(page, 'data-place="C01"').endswith("1"), "rejected"
    board = read_board(session, household.questionnaire_id, "en")
    assert sum(row.count.received for row in board.rows) + board.unassigned.count.received == 10
    assert board.total.count.rejected == 1


def test_A72_over_target(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """A72: 21 of 20 are all stored, shown as such and flagged."""
    set_target(session, household, places["C01"], 20)
    send(phone, household, "C01", 21)
    row = row_of(su.get("/office/board").text, 'data-place="C01"')
    assert row.startswith("Community C01 over target 21 / 20 105 %")


def test_the_script_gets_the_board_alone(su: FlaskClient, household: Version, places: dict[str, Place]) -> None:
    """With the header the answer is the part that refreshes, without navigation."""
    fragment = su.get("/office/board", headers={"X-Fragment": "board"}).text
    assert "data-board" in fragment and "<nav" not in fragment and "<html" not in fragment


def test_an_unknown_questionnaire_is_not_found(su: FlaskClient, household: Version) -> None:
    """Not the first one instead."""
    assert su.get("/office/board?questionnaire=nothing").status_code == 404


def test_it_counts_with_one_query(phone: Phone, household: Version, places: dict[str, Place], session: Session) -> None:
    """The number of statements does not grow with places or responses."""
    send(phone, household, "C01", 5)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        read_board(session, household.questionnaire_id, "en")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("FROM responses" in statement for statement in statements) == 1
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) <= 5


def test_targets(su: FlaskClient, household: Version, places: dict[str, Place], session: Session) -> None:
    """A number for one community, another for all others; an emptied field takes a target away."""
    address = "/office/board/targets?questionnaire=household"
    c01, c02, c03 = (places[code].id for code in ("C01", "C02", "C03"))
    assert su.post(address, data={f"target-{c01}": "5", "for_all": "20"}).status_code == 302
    stored = dict(session.execute(select(Target.place_id, Target.expected)).all())
    assert stored == {c01: 5, c02: 20, c03: 20}
    assert 'value="20"' in su.get(address).text
    assert su.post(address, data={f"target-{c02}": "7"}).status_code == 302
    session.rollback()
    assert dict(session.execute(select(Target.place_id, Target.expected)).all()) == {c02: 7}


@pytest.mark.parametrize("typed", ["many", "-1", "1.5"])
def test_a_wrong_target_saves_nothing(
    su: FlaskClient, household: Version, places: dict[str, Place], session: Session, typed: str
) -> None:
    """What was typed is shown again, marked; none of the others is saved."""
    address = "/office/board/targets?questionnaire=household"
    data = {f"target-{places['C01'].id}": typed, f"target-{places['C02'].id}": "5"}
    answer = su.post(address, data=data)
    assert answer.status_code == 400
    assert f'value="{typed}" aria-invalid="true"' in answer.text
    assert not session.scalar(select(Target.expected))


def test_a_title_is_text__A82(su: FlaskClient, household: Version, session: Session) -> None:
    """A82: a title of a questionnaire that looks like markup is shown as text."""
    version = session.merge(household)
    version.title = "<img src=x onerror=alert(1)>"
    version.titles = {}
    session.commit()
    assert session.scalar(select(Questionnaire.id))
    for address in ("/office/board", "/office/questionnaires", "/office/questionnaires/household", "/office/responses"):
        page = su.get(address).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page, address
