"""The list of responses and the page of one."""

import hashlib
import json
import re
from base64 import b64encode
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.review.filters import Filters, read_filters
from collector.review.listing import PAGE_SIZE
from collector.store import Place, Response, Version
from collector.store.responses import REJECTED
from tests.conftest import HOUSEHOLD, Phone, Publish
from tests.documents import ID, make_document

MARKUP = "<img src=x onerror=alert(1)>"
PHOTO = {"path": "/data/photo", "size": 4, "type": "image/jpeg"}


def send(phone: Phone, version: Version, **overrides: object) -> str:
    """Send one response; gives its id."""
    response_id = str(uuid4())
    phone.receipts(make_document(version, **({"id": response_id, "author": phone.user.id} | overrides)))
    return response_id


def listed(client: FlaskClient, **arguments: str) -> list[str]:
    """The ids on one page of the list, in order."""
    page = client.get("/office/responses", query_string=arguments).text
    return re.findall(r'href="/office/responses/([0-9a-f-]{36})[?"]', page)


def test_it_lists_the_newest_first(su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]) -> None:
    """Name, questionnaire, community, volunteer and both moments."""
    first, second = send(phone, household, instance_name="One"), send(phone, household, instance_name="Two")
    assert listed(su) == [second, first]
    page = su.get("/office/responses").text
    for words in ("One", "Two", "Household", "Community C01", "Wei", "2026-03-28 09:51"):
        assert words in page


def test_an_empty_list_says_why(su: FlaskClient, household: Version) -> None:
    """Nothing yet, or nothing that fits."""
    assert "No response has come in yet." in su.get("/office/responses").text
    assert "No response fits these filters." in su.get("/office/responses?flagged=1").text


def test_filters(su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session) -> None:
    """By questionnaire, place (with what is under it), author, flags, missing files and state."""
    c01 = send(phone, household)
    c03 = send(phone, household, place="C03", answers={"place": "C03", "hh_size": "4"})
    odd = send(phone, household, place="no", answers={"place": "no", "hh_size": "99"}, author=None)
    photo = send(phone, household, files=[PHOTO | {"name": "a.jpg", "sha256": "a" * 64}])
    session.get(Response, c03).state = REJECTED  # type: ignore[union-attr]
    session.commit()
    assert set(listed(su, questionnaire="household")) == {c01, c03, odd, photo}
    assert listed(su, questionnaire="other") == []
    assert set(listed(su, place="C01")) == {c01, photo}
    assert set(listed(su, place="S2")) == {c03}
    assert set(listed(su, place="D")) == {c01, c03, photo}
    assert listed(su, place="-") == [odd]
    assert listed(su, place="nowhere") == []
    assert set(listed(su, author=phone.user.id)) == {c01, c03, photo}
    assert listed(su, flagged="1") == [odd]
    assert listed(su, missing="1") == [photo]
    assert listed(su, state="rejected") == [c03]
    assert listed(su, conflict="1") == []


def test_pages_follow_on_without_a_gap_or_a_repeat(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """Responses of one and the same moment too: a push stores many at once."""
    ids = [str(uuid4()) for _ in range(PAGE_SIZE)]
    phone.receipts(*(make_document(household, id=id_) for id_ in ids))
    rest = [send(phone, household) for _ in range(3)]
    moment = datetime(2026, 3, 28, tzinfo=UTC)
    for response in session.scalars(select(Response)):
        response.received_at = moment
    session.commit()
    page = su.get("/office/responses?questionnaire=household").text
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    first = re.findall(r'href="/office/responses/([0-9a-f-]{36})[?"]', page)
    address = older[1].replace("&amp;", "&")
    assert "questionnaire=household" in address, "filters stay"
    last_page = su.get(address).text
    second = re.findall(r'href="/office/responses/([0-9a-f-]{36})[?"]', last_page)
    assert (len(first), len(second)) == (PAGE_SIZE, 3)
    assert set(first) | set(second) == {*ids, *rest}
    assert 'rel="next"' not in last_page


def test_A25_a_missing_photo_shows_as_missing(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """A25: of two photos one has arrived: "1 of 2" in the list and on the page, and a filter finds it."""
    content = b"\xff\xd8\xff\xe0"
    sha256 = hashlib.sha256(content).hexdigest()
    files = [PHOTO | {"name": "a.jpg", "sha256": sha256}, PHOTO | {"name": "b.jpg", "sha256": "b" * 64}]
    response_id = send(phone, household, files=files)
    send_file(phone, response_id, "a.jpg", content, sha256)
    page = su.get("/office/responses").text
    assert "1 of 2" in page
    assert listed(su, missing="1") == [response_id]
    page = su.get(f"/office/responses/{response_id}").text
    assert "1 of 2" in page and page.count("not yet arrived") == 1 and page.count('alt="a.jpg"') == 1


def send_file(phone: Phone, response_id: str, name: str, content: bytes, sha256: str) -> None:
    """Upload a whole file as the phone does."""
    parts = {"response": response_id, "name": name, "sha256": sha256, "type": "image/jpeg"}
    metadata = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in parts.items())
    headers = phone.headers | {"Tus-Resumable": "1.0.0"}
    created = phone.client.post(
        "/sync/v1/files", headers=headers | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    )
    assert created.status_code == 201, created.text
    patched = phone.client.patch(
        created.headers["Location"],
        data=content,
        headers=headers | {"Upload-Offset": "0"},
        content_type="application/offset+octet-stream",
    )
    assert patched.status_code == 204, patched.text


def test_the_page_of_a_response(su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]) -> None:
    """Labels in the page's language, repeats as rows, where it is from."""
    answers = {"place": "C01", "hh_size": "2", "members": [{"name": "Li", "age": "30"}, {"name": "Bo", "age": "61"}]}
    response_id = send(phone, household, answers=answers)
    page = su.get(f"/office/responses/{response_id}").text
    for words in ("Household size", "Members", "Li", "61", "Community C01", "Wei", "Test phone"):
        assert words in page
    su.post("/office/language", data={"language": "zh"})
    page = su.get(f"/office/responses/{response_id}").text
    assert "家庭人数" in page and "C01社区" in page


def test_flags_are_sentences_at_their_question(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]
) -> None:
    """The code means nothing to a supervisor."""
    response_id = send(phone, household, answers={"place": "C01", "hh_size": "99"})
    page = su.get(f"/office/responses/{response_id}").text
    flags = re.search(r"data-flags>(.*?)</section>", page, re.S)
    assert flags and "Household size" in flags[1] and "The answer breaks the question" in flags[1]
    assert "constraint_broken" not in page


def test_revisions_and_a_conflict(su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]) -> None:
    """Every revision can be read; a conflict says that both are kept."""
    sizes = {"1": (None, "1"), "2": (1, "2"), "3": (1, "3")}
    for base, size in sizes.values():
        phone.receipts(make_document(household, base=base, answers={"place": "C01", "hh_size": size}))
    page = su.get(f"/office/responses/{ID}").text
    assert "This response was changed in two places." in page and "Revision 3" in page
    assert listed(su, conflict="1") == [ID]
    for number, (_base, size) in sizes.items():
        page = su.get(f"/office/responses/{ID}?revision={number}").text
        assert re.search(rf"Household size</dt>\s*<dd>{size}</dd>", page), number
    assert su.get(f"/office/responses/{ID}?revision=9").status_code == 404


def test_A82_answers_and_names_are_text(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place], session: Session
) -> None:
    """A82: markup in answers, names and codes is shown as text on every page; the policy forbids inline script."""
    wei = session.merge(phone.user)
    wei.name = MARKUP
    session.commit()
    answers = {"place": MARKUP, "hh_size": MARKUP, "members": [{"name": MARKUP}], MARKUP: MARKUP}
    response_id = send(phone, household, answers=answers, instance_name=MARKUP, place=MARKUP)
    phone.push(waiting={"responses": 1})
    for address in ("/office/responses", f"/office/responses/{response_id}", "/office/people", "/office/board"):
        answer = su.get(address)
        assert "<img src=x" not in answer.text, address
        assert "&lt;img src=x" in answer.text, address
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe-inline" not in policy


def test_a_version_that_the_server_does_not_know(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]
) -> None:
    """The answers are shown under their names, and the page says that they could not be checked."""
    response_id = send(phone, household, model="f" * 64, answers={"new_question": "blue"})
    page = su.get(f"/office/responses/{response_id}").text
    assert "new_question" in page and "blue" in page
    assert "could not be checked" in page


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, Filters()),
        ({"state": "eaten", "from": "yesterday", "sort": "size", "test": "2"}, Filters()),
        ({"q": "  Ana   Silva "}, Filters(search="Ana Silva")),
        (
            {"flagged": "1", "place": "-", "from": "2026-03-28", "sort": "oldest", "test": "all", "labels": "zh"},
            Filters(place="-", is_flagged=True, since=date(2026, 3, 28), sort="oldest", tests="all", labels="zh"),
        ),
    ],
)
def test_reading_filters(arguments: dict[str, str], expected: Filters) -> None:
    """What makes no sense filters nothing, and what is read is written the same way again."""
    filters = read_filters(arguments)
    assert filters == expected
    assert read_filters(filters.as_arguments()) == filters


def test_documents_are_shown_whatever_is_in_them(
    su: FlaskClient, phone: Phone, household: Version, places: dict[str, Place]
) -> None:
    """Shapes that no phone of ours makes: stored by the intake, and readable here."""
    answers = {"members": {"not": "a list"}, "hh_size": [1, None], "place": {"deep": {"er": True}}, "photo": 3.5}
    response_id = send(phone, household, answers=answers)
    page = su.get(f"/office/responses/{response_id}")
    assert page.status_code == 200
    assert json.dumps({"not": "a list"}).replace('"', "&#34;") in page.text


def test_why_a_question_has_no_answer_stands_in_its_place(
    su: FlaskClient, phone: Phone, publish: Publish, places: dict[str, Place]
) -> None:
    """In the office's language, marked apart from answers; what the form does not allow is a flag, and comes in."""
    version = publish(
        HOUSEHOLD.replace("| constraint     |", "| constraint     | bind::missing |").replace(
            "| . > 0 and . < 30 |", "| . > 0 and . < 30 | declined |"
        )
    )
    declined = send(phone, version, answers={"place": "C01", "hh_size@missing": "declined"})
    page = su.get(f"/office/responses/{declined}").text
    assert "data-flags" not in page
    assert re.search(r"answers__one--missing\">\s*<dt>Household size</dt>\s*<dd>Declines to answer</dd>", page)
    su.post("/office/language", data={"language": "zh"})
    assert "<dd>拒绝回答</dd>" in su.get(f"/office/responses/{declined}").text
    su.post("/office/language", data={"language": "en"})
    odd = send(phone, version, answers={"place": "C01", "hh_size": "4", "hh_size@missing": "dont_know"})
    page = su.get(f"/office/responses/{odd}").text
    assert "A reason is given for no answer that the questionnaire does not offer." in page
    assert "There is an answer, and a reason why there is none." in page
    assert "<dd>Does not know</dd>" in page
