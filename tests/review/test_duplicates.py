"""Possible duplicates: found by chosen questions, told apart for good, never deleted by themselves."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import JournalEntry, NoDuplicate, Place, Questionnaire, Response, Version
from tests.conftest import Phone, Publish
from tests.documents import fresh
from tests.review.test_decisions import decide
from tests.review.test_responses import MARKUP, send

DWELLINGS = """
| survey   |         |          |                     |                  |
|          | type    | name     | label::English (en) | label::中文 (zh) |
|          | text    | place    | Community           | 社区             |
|          | text    | dwelling | Dwelling            | 门牌             |
|          | text    | head     | Head of household   | 户主             |
|          | integer | size     | Household size      | 人数             |
| settings |
|          | form_title | form_id   | version | default_language | attribute::place_path |
|          | Dwellings  | dwellings | 1       | English (en)     | place                 |
"""
ADDRESS = "/office/duplicates?questionnaire=dwellings"


@pytest.fixture
def dwellings(publish: Publish, places: dict[str, Place]) -> Version:
    """A questionnaire of dwellings and their heads."""
    return publish(DWELLINGS)


def visit(phone: Phone, version: Version, head: str, place: str = "C01", size: str = "4") -> str:
    """Send a response about dwelling 12."""
    answers = {"place": place, "dwelling": "12", "head": head, "size": size}
    return send(phone, version, form="dwellings", place=place, answers=answers)


def choose(client: FlaskClient, *keys: str) -> str:
    """Choose by which questions responses are compared."""
    return client.post(
        ADDRESS.replace("duplicates?", "duplicates/keys?"), data={"keys": list(keys)}, follow_redirects=True
    ).text


def groups(client: FlaskClient) -> list[set[str]]:
    """Ids in each group of the page."""
    page = client.get(ADDRESS).text
    return [set(re.findall(r'href="/office/responses/([0-9a-f-]{36})"', part)) for part in page.split("data-group")[1:]]


def test_A76_both_are_listed_and_none_is_deleted(
    su: FlaskClient, phone: Phone, dwellings: Version, session: Session
) -> None:
    """A76: "Ana Silva" and "ana  silva" of dwelling 12 in one community; that they are not the same is remembered."""
    one, other = visit(phone, dwellings, "Ana Silva", size="4"), visit(phone, dwellings, "ana  silva", size="5")
    visit(phone, dwellings, "Ana Silva", place="C02")
    visit(phone, dwellings, "Bo Li")
    page = su.get(ADDRESS).text
    assert (
        "No questions are chosen for this questionnaire" in page and page.count(">likely<") + page.count("likely") >= 2
    )
    choose(su, "dwelling", "head", "nothing")
    assert fresh(session).scalar(select(Questionnaire.duplicate_keys)) == ["dwelling", "head"]
    assert groups(su) == [{one, other}], "earlier responses are compared too"
    page = su.get(ADDRESS).text
    marks = re.findall(r"<mark[^>]*>(.*?)</mark>", page)
    assert {"4", "5"} <= set(marks) and "Dwelling" in page
    assert len(session.scalars(select(Response)).all()) == 4
    su.post("/office/duplicates/apart", data={"response": [one, other]})
    pair = fresh(session).scalars(select(NoDuplicate)).one()
    assert (pair.one_id, pair.other_id) == tuple(sorted((one, other)))
    assert groups(su) == [] and "No two responses look alike." in su.get(ADDRESS).text
    third = visit(phone, dwellings, "ANA SILVA")
    assert groups(su) == [{one, other, third}], "a new one is compared with both"
    su.post("/office/duplicates/apart", data={"response": [one, other, third]})
    assert groups(su) == [] and len(fresh(session).scalars(select(NoDuplicate)).all()) == 3
    actions = session.scalars(select(JournalEntry.action)).all()
    assert actions.count("response.no_duplicates") == 2 and "questionnaire.duplicate_keys" in actions


def test_rejecting_or_deleting_one_settles_it(su: FlaskClient, phone: Phone, dwellings: Version) -> None:
    choose(su, "dwelling")
    one, other, third = (visit(phone, dwellings, name) for name in ("Ana", "Bo", "Cy"))
    assert groups(su) == [{one, other, third}]
    decide(su, third, "rejected", reason="Doubled")
    assert groups(su) == [{one, other}]
    su.post(f"/office/responses/{other}/delete", data={"reason": "doubled", "note": "x"})
    assert groups(su) == []
    choose(su)
    assert "No questions are chosen" in su.get(ADDRESS).text


def test_pages_of_groups(su: FlaskClient, phone: Phone, dwellings: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every group once; settled ones are passed over."""
    monkeypatch.setattr("collector.review.duplicate_groups.PAGE_SIZE", 2)
    choose(su, "head")
    pairs = [{visit(phone, dwellings, f"Head {number}") for _ in range(2)} for number in range(5)]
    su.post("/office/duplicates/apart", data={"response": sorted(pairs[0])})
    address, found = ADDRESS, []
    for _ in range(3):
        page = su.get(address).text
        found += [
            set(re.findall(r'href="/office/responses/([0-9a-f-]{36})"', part)) for part in page.split("data-group")[1:]
        ]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        address = following[1].replace("&amp;", "&")
    assert sorted(map(sorted, found)) == sorted(map(sorted, pairs[1:]))


def test_many_responses_are_compared_in_several_steps(
    su: FlaskClient, phone: Phone, dwellings: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request ends before the server ends it; the page goes on from where it was."""
    monkeypatch.setattr("collector.review.duplicates.COMPARE_SECONDS", -1)
    monkeypatch.setattr("collector.intake.refresh.BATCH", 2)
    sent = {visit(phone, dwellings, f"Head {number}") for number in range(5)}
    page, steps = choose(su, "dwelling"), 0
    while going_on := re.search(r'action="(/office/duplicates/rest[^"]+)"', page):
        page = su.post(going_on[1].replace("&amp;", "&"), follow_redirects=True).text
        steps += 1
    assert steps == 2 and groups(su) == [sent]


def test_A82_answers_side_by_side_are_text(su: FlaskClient, phone: Phone, dwellings: Version) -> None:
    """A82."""
    choose(su, "dwelling")
    visit(phone, dwellings, MARKUP)
    visit(phone, dwellings, "Ana")
    page = su.get(ADDRESS).text
    assert "&lt;img src=x" in page and "<img src=x" not in page


def test_a_page_without_anything(su: FlaskClient) -> None:
    assert "There is no questionnaire yet." in su.get("/office/duplicates").text
    assert su.get("/office/duplicates?questionnaire=none").status_code == 404
    assert su.post("/office/duplicates/apart", data={"response": ["x", "y"]}).status_code == 400
