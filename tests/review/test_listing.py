"""The list: search, order, pages both ways, chosen columns, counts."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.review.listing import PAGE_SIZE
from collector.store import Place, Questionnaire, Response, User, Version
from tests.conftest import People, Phone, Publish, sign_in
from tests.documents import fresh, make_document
from tests.review.test_responses import listed, send


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def total(client: FlaskClient, **arguments: str) -> str:
    """What the page says of how many there are."""
    page = client.get("/office/responses", query_string=arguments).text
    found = re.search(r"data-total>(.*?)</p>", page, re.S)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_search_by_words_and_the_beginning_of_the_last(su: FlaskClient, phone: Phone, household: Version) -> None:
    """All words, in whatever case; the last one may be begun only; Chinese by any two characters."""
    ana = send(phone, household, instance_name="Ana Silva")
    anton = send(phone, household, instance_name="Anton Lima", place="C02", answers={"place": "C02", "hh_size": "4"})
    li = send(phone, household, instance_name="李小明")
    assert listed(su, q="ana silva") == [ana]
    assert listed(su, q="SILVA ana") == [ana]
    assert set(listed(su, q="an")) == {ana, anton}
    assert listed(su, q="ana sil") == [ana]
    assert listed(su, q="lima c02") == [anton]
    assert set(listed(su, q="wei")) == {ana, anton, li}, "by the volunteer"
    assert listed(su, q="小明") == [li] and listed(su, q="明小") == []
    assert listed(su, q="silva lima") == [] and listed(su, q="!?") == []


def test_search_by_id(su: FlaskClient, phone: Phone, household: Version) -> None:
    wanted, other = send(phone, household), send(phone, household)
    assert listed(su, q=wanted) == [wanted]
    assert listed(su, q=other[:8].upper()) == [other]
    assert listed(su, q=other[:13]) == [other]
    assert listed(su, q=str(uuid4())) == []


@pytest.mark.parametrize("sort", ["newest", "oldest", "finished", "finished_first"])
@pytest.mark.parametrize("search", ["", "wei"])
def test_pages_forth_and_back_in_every_order(
    su: FlaskClient, phone: Phone, household: Version, sort: str, search: str
) -> None:
    """Forth to the end and back again: the same pages, each response once, those with the same moment too."""
    documents = [
        make_document(
            household,
            id=str(uuid4()),
            author=phone.user.id,
            instance_name=f"N{number % 7}",
            finished_at=f"2026-03-28T09:{number % 5:02}:00+08:00",
        )
        for number in range(PAGE_SIZE + 30)
    ]
    phone.receipts(*documents[:50])
    phone.receipts(*documents[50:])
    arguments = {"sort": sort, "q": search}
    first = listed(su, **arguments)
    second = listed(su, **arguments, after=first[-1])
    assert (len(first), len(second)) == (PAGE_SIZE, 30)
    assert len({*first, *second}) == PAGE_SIZE + 30
    assert listed(su, **arguments, before=second[0]) == first
    page = su.get("/office/responses", query_string=arguments | {"after": first[-1]}).text
    assert 'rel="prev"' in page and 'rel="next"' not in page
    page = su.get("/office/responses", query_string=arguments | {"before": second[0]}).text
    assert 'rel="prev"' not in page and 'rel="next"' in page


def test_order_by_arrival_and_by_finishing(su: FlaskClient, phone: Phone, household: Version) -> None:
    b = send(phone, household, instance_name="Bo", finished_at="2026-03-28T11:00:00+08:00")
    a = send(phone, household, instance_name="Al", finished_at="2026-03-28T12:00:00+08:00")
    c = send(phone, household, instance_name="Cy", finished_at="2026-03-28T10:00:00+08:00")
    # Names are sealed at rest, so that nothing is in their order; an address of before shows the newest first.
    assert listed(su, sort="name") == [c, a, b]
    assert listed(su, sort="finished") == [a, b, c]
    assert listed(su, sort="finished_first") == [c, b, a]
    assert listed(su, sort="oldest") == [b, a, c]


def test_days_are_those_of_the_district(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    """Both days included, from midnight to midnight in the district's time zone."""
    late, early = send(phone, household), send(phone, household)
    # 23:30 on the 27th and 00:30 on the 28th in Shanghai.
    for response_id, hour in ((late, 15), (early, 16)):
        moment = datetime(2026, 3, 27, hour, 30, tzinfo=UTC)
        day = (moment + timedelta(hours=8)).date()
        session.execute(update(Response).where(Response.id == response_id).values(received_at=moment, received_on=day))
    session.commit()
    assert listed(su, to="2026-03-27") == [late]
    assert listed(su, **{"from": "2026-03-28", "to": "2026-03-28"}) == [early]
    assert set(listed(su, **{"from": "2026-03-27", "to": "2026-03-28"})) == {late, early}
    assert total(su, to="2026-03-27") == "1 response"


def test_by_a_flag_and_its_words(su: FlaskClient, phone: Phone, household: Version) -> None:
    """Also by a rule of quality."""
    broken = send(phone, household, answers={"place": "C01", "hh_size": "99"})
    slow = send(phone, household, started_at="2026-03-28T01:00:00+08:00")
    send(phone, household)
    assert listed(su, flag="constraint_broken") == [broken]
    assert listed(su, flag="too_long") == [slow]
    assert listed(su, flag="eaten") == []
    assert "It took longer than" in su.get(f"/office/responses/{slow}").text


def test_counts_are_exact_where_the_database_keeps_them(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    """No number is better than one that took a minute, or is wrong."""
    for code in ("C01", "C02", "C03"):
        send(phone, household, answers={"place": code, "hh_size": "4"})
    assert total(su) == "3 responses"
    assert total(su, place="S1", questionnaire="household", author=phone.user.id) == "2 responses"
    assert total(su, state="approved") == "0 responses"
    assert total(su, q="wei") == "Found by the filters; not counted."


def test_tests_are_left_out_unless_asked_for(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    real = send(phone, household)
    session.execute(update(Questionnaire).values(is_testing=True))
    session.commit()
    test = send(phone, household)
    assert listed(su) == [real] and listed(su, test="0") == [real]
    assert listed(su, test="1") == [test]
    assert set(listed(su, test="all")) == {real, test}
    assert total(su) == "1 response 1 test not shown"


def test_chosen_columns_show_answers_in_words(
    su: FlaskClient, phone: Phone, publish: Publish, places: dict[str, Place]
) -> None:
    """Labels of choices, rows of a repeat one after the other, in either language; in the address."""
    version = publish(
        """
| survey   |                |      |                     |                  |
|          | type           | name | label::English (en) | label::中文 (zh) |
|          | select_one yn  | car  | A car?              | 有车吗？         |
|          | begin repeat   | kids | Children            | 孩子             |
|          | integer        | age  | Age                 | 年龄             |
|          | end repeat     |      |                     |                  |
|          | note           | thx  | Thanks              | 谢谢             |
| choices  |
|          | list_name | name | label::English (en) | label::中文 (zh) |
|          | yn        | y    | Yes                 | 有               |
|          | yn        | n    | No                  | 没有             |
| settings |
|          | form_title | form_id | version | default_language |
|          | Cars       | cars    | 1       | English (en)     |
"""
    )
    answers = {"car": "y", "kids": [{"age": "3"}, {"age": "7"}]}
    send(phone, version, form="cars", answers=answers)
    address = "/office/responses?questionnaire=cars&column=car&column=kids/age&column=nothing&column=thx"
    page = su.get(address).text
    assert 'data-label="A car?">Yes</td>' in page and "3; 7" in page
    assert 'value="thx"' not in page, "a note has no answer"
    page = su.get(f"{address}&labels=zh").text
    assert 'data-label="有车吗？">有</td>' in page and 'name="labels"' in page
    assert "A car?" not in su.get("/office/responses?column=car").text, "of one questionnaire only"


def test_personal_answers_are_hidden_from_who_may_not_see_them(
    app: Flask, people: People, phone: Phone, household: Version, session: Session
) -> None:
    """In the list, on the page, in the form of the name, by search; everything else stays."""
    session.execute(update(Questionnaire).values(personal_fields=["members/name", "photo"]))
    session.execute(update(User).where(User.login == "ren").values(sees_personal=False))
    session.commit()
    answers = {"place": "C01", "hh_size": "2", "members": [{"name": "Ana Silva", "age": "30"}]}
    response_id = send(phone, household, answers=answers, instance_name="Ana Silva's household")
    ren, su = sign_in(app.test_client(), "ren"), sign_in(app.test_client(), "su")
    for address in (
        "/office/responses?questionnaire=household&column=members/name&column=hh_size",
        f"/office/responses/{response_id}",
        "/office/responses?q=silva",
        "/office/responses?sort=name",
    ):
        assert "Silva" not in ren.get(address).text.replace('value="silva"', ""), address
        assert "Ana" in su.get(address).text, address
    page = ren.get(f"/office/responses/{response_id}").text
    assert re.search(r"<dt>Name</dt>\s*<dd>hidden</dd>", page) and "30" in page
    assert response_id in ren.get(f"/office/responses?q={response_id[:8]}").text


def test_the_next_response_of_the_list(su: FlaskClient, phone: Phone, household: Version) -> None:
    """On its page, with the filters that it was opened with."""
    oldest, other, newest = (
        send(phone, household),
        send(phone, household, answers={"place": "C03", "hh_size": "1"}),
        send(phone, household),
    )
    page = su.get(f"/office/responses/{newest}?place=S1").text
    assert f'rel="next" href="/office/responses/{oldest}?place=S1"' in page and 'rel="prev"' not in page
    page = su.get(f"/office/responses/{other}").text
    assert f"/office/responses/{newest}" in page and f"/office/responses/{oldest}" in page


def test_changed_responses_are_found(su: FlaskClient, phone: Phone, household: Version, session: Session) -> None:
    changed = send(phone, household)
    send(phone, household)
    su.post(f"/office/responses/{changed}/edit", data={"base": 1, "answer:hh_size": "5", "reason": "Phone call"})
    assert fresh(session).scalar(select(Response.current_revision).where(Response.id == changed)) == 2
    assert listed(su, edited="1") == [changed]
    assert "changed here" in su.get("/office/responses").text
