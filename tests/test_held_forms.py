"""A80: whatever happens to a session while somebody types in the office, nothing that they typed is lost."""

import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Place, User, Version
from tests.accounts.test_every_route import requests_of
from tests.conftest import PASSWORD, People

TYPED = 'Typed for "nine" hours <b>&\nsecond line 王'
HERE = {"Sec-Fetch-Site": "same-origin"}
NEW_VOLUNTEER = "/office/people/new-volunteer"


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The app with its tokens against forged forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def enter(client: FlaskClient, login: str = "su") -> FlaskClient:
    """Sign in as a browser does: with the token of the page."""
    token = token_of(client.get("/office/sign-in").text)
    data = {"csrf_token": token, "login": login, "password": PASSWORD}
    assert client.post("/office/sign-in", data=data, headers=HERE).status_code == 302
    return client


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found, page
    return found[1]


def held(page: str) -> list[tuple[str, str]]:
    """The fields that a page holds, as a browser would send them."""
    return [
        (name, unescape(value))
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    ]


def send_again(client: FlaskClient, page: str, **more: Any) -> Any:
    """Press the button of such a page."""
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page)
    assert action, page
    data: dict[str, Any] = {}
    for name, value in held(page):
        data.setdefault(name, []).append(value)
    return client.post(unescape(action[1]), data=data | more, headers=HERE)


def names(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(User.name)))


@pytest.mark.parametrize("what", ["key", "other session"])
def test_A80_a_form_from_before_is_sent_again_with_one_press(
    guarded: Flask, client: FlaskClient, session: Session, people: People, what: str
) -> None:
    """A80: the session ended (or its key went) while the page was open, and somebody signed in anew in another tab."""
    enter(client)
    old = token_of(client.get(NEW_VOLUNTEER).text)
    if what == "key":
        with client.session_transaction() as cookie:
            cookie["csrf_token"] = "signed by a key that is gone"
    else:
        client.delete_cookie("session")
        enter(client)
    data = {"csrf_token": old, "name": "Typed long ago", "language": "zh"}
    answer = client.post(NEW_VOLUNTEER, data=data, headers=HERE)
    assert answer.status_code == 400 and "form_expired" in answer.text
    assert "Nothing is saved yet" in answer.text and "Typed long ago" not in names(session)
    assert send_again(client, answer.text).status_code == 302
    assert "Typed long ago" in names(session)


def test_A80_a_form_that_is_sent_after_the_session_ended_waits_for_the_sign_in(
    guarded: Flask, client: FlaskClient, session: Session, people: People
) -> None:
    """A80: nobody is signed in any more. The page says so, holds what was typed, and sends it after a sign-in beside it."""
    enter(client)
    old = token_of(client.get(NEW_VOLUNTEER).text)
    for is_ended in (False, True):
        if is_ended:
            # Ended at another place: the cookie and its token are as they were.
            su = session.merge(people.su)
            su.session_epoch += 1
            session.commit()
            old = token_of(client.get("/office/sign-in").text)
        else:
            client.delete_cookie("session")
        data = {"csrf_token": old, "name": f"Typed {is_ended}", "language": "zh"}
        answer = client.post(NEW_VOLUNTEER, data=data, headers=HERE)
        assert answer.status_code in (400, 401) and "no longer signed in" in answer.text
        enter(client)
        again = send_again(client, answer.text)
        assert again.status_code == 302, again.text
        assert f"Typed {is_ended}" in names(session)


def test_A80_every_form_of_the_office_comes_back_with_all_that_was_typed(
    guarded: Flask, client: FlaskClient, people: People, household: Version, places: dict[str, Place]
) -> None:
    """A80: built in one place. Each field in its order, several of one name, blanks and line ends; the address with what it asked."""
    enter(client, "lin")
    asked = 0
    for request in requests_of(guarded):
        if request.method != "POST" or not request.address.startswith("/office/"):
            continue
        sent = [("note", TYPED), ("many", "1"), ("many", "2"), ("empty", "")]
        data: dict[str, Any] = {"note": TYPED, "many": ["1", "2"], "empty": "", "csrf_token": "of yesterday"}
        answer = client.post(f"{request.address}?from=here", data=data, headers=HERE)
        assert answer.status_code == 400, request
        assert [pair for pair in held(answer.text) if pair[0] != "csrf_token"] == sent, request
        assert f'action="{request.address}?from=here"' in answer.text, request
        asked += 1
    assert asked > 60


def test_files_are_chosen_again_and_passwords_typed_again(
    guarded: Flask, client: FlaskClient, people: People, household: Version
) -> None:
    """What no page can hold, and what none should: it says so, and has the fields for it."""
    enter(client, "lin")
    files = {"csrf_token": "old", "workbook": [(io.BytesIO(b"a"), "a.xlsx"), (io.BytesIO(b"b"), "b.csv")]}
    page = client.post("/office/questionnaires", data=files, headers=HERE).text
    assert 'enctype="multipart/form-data"' in page and re.search(r'type="file"[^>]* name="workbook" multiple', page)
    assert "A page cannot hold a file" in page
    secret = "the old secret"
    data = {"csrf_token": "old", "old": secret, "new": secret, "again": secret}
    page = client.post("/office/account/password", data=data, headers=HERE).text
    assert secret not in page and len(re.findall(r'type="password"', page)) == 3


def test_a_strangers_form_is_held_by_nobody(guarded: Flask, client: FlaskClient, people: People) -> None:
    """Another site could have its own form confirmed: what it made a browser send is refused, and none of it is shown."""
    enter(client)
    data = {"csrf_token": "old", "name": "Stranger", "language": "zh"}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none", "Origin": "http://localhost"},
        {"Origin": "https://evil.example.org"},
        {"Origin": "null"},
        {"Referer": "http://[::1"},
        {"Referer": "https://evil.example.org/localhost"},
        {},
    ):
        answer = client.post(NEW_VOLUNTEER, data=data, headers=headers)
        assert answer.status_code == 400 and "Stranger" not in answer.text, headers
        assert "Set-Cookie" not in answer.headers, headers
    # Browsers on plain HTTP do not say where a form comes from but by its origin.
    assert "Stranger" in client.post(NEW_VOLUNTEER, data=data, headers={"Origin": "http://localhost"}).text


def test_programs_and_phones_get_their_errors_as_before(guarded: Flask, client: FlaskClient, people: People) -> None:
    enter(client)
    data = {"csrf_token": "old", "name": "x"}
    answer = client.post(NEW_VOLUNTEER, data=data, headers=HERE | {"Accept": "application/json"})
    assert answer.get_json()["error"]["code"] == "form_expired"
