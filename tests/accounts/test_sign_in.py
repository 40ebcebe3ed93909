"""Signing in to the office, and the limit on wrong passwords."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.operations import deactivate_user
from collector.accounts.tries import TRIES
from collector.accounts.try_counts import WINDOW, marked, seconds_to_wait
from collector.store import FailedSignIn
from tests.conftest import PASSWORD, People

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


def attempt(client: FlaskClient, login: str = "su", password: str = PASSWORD, address: str = "10.0.0.1") -> int:
    """Try to sign in; gives the status."""
    answer = client.post(
        "/office/sign-in", data={"login": login, "password": password}, environ_base={"REMOTE_ADDR": address}
    )
    return answer.status_code


def test_it_signs_in_and_out(client: FlaskClient, people: People) -> None:
    """The board opens after signing in, and asks to sign in after signing out."""
    assert attempt(client) == 302
    assert client.get("/office/board").status_code == 200
    client.post("/office/sign-out")
    assert client.get("/office/board").status_code == 302


def test_case_and_blanks_of_the_login_do_not_matter(client: FlaskClient, people: People) -> None:
    """Phones write a capital first letter and a blank at the end."""
    assert attempt(client, "Su ") == 302


@pytest.mark.parametrize(("login", "password"), [("su", "wrong"), ("nobody", PASSWORD), ("wei", PASSWORD)])
def test_wrong_login_or_password(client: FlaskClient, people: People, login: str, password: str) -> None:
    """One sentence for all of them: it does not tell which logins exist."""
    answer = client.post("/office/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 401
    assert "Login or password is wrong." in answer.text


def test_somebody_who_has_left_cannot_sign_in(client: FlaskClient, people: People, session: Session) -> None:
    """Deactivating ends sign-in, and a session that was open too."""
    assert attempt(client) == 302
    deactivate_user(session, session.merge(people.su), by=None)
    session.commit()
    assert client.get("/office/board").status_code == 302
    assert attempt(client) == 401


def test_A79_ten_wrong_passwords_make_the_next_try_wait(client: FlaskClient, people: People) -> None:
    """A79: after 10 wrong passwords from one address even the right one, in any case, gets 429 with a waiting time."""
    assert [attempt(client, password="wrong") for _ in range(TRIES)] == [401] * TRIES
    answer = client.post(
        "/office/sign-in", data={"login": "su", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "10.0.0.1"}
    )
    assert answer.status_code == 429
    assert "Try again in 5 minutes." in answer.text
    assert attempt(client, "SU") == 429
    assert attempt(client, "lin") == 302, "other people can sign in"
    assert attempt(client, address="10.0.0.2") == 302, "and so can she from elsewhere"


def test_A79_the_wait_ends_by_itself(app: Flask, client: FlaskClient, people: People, session: Session) -> None:
    """A79: five minutes later she can sign in; refused tries in between do not make it longer."""
    for _ in range(TRIES + 3):
        attempt(client, password="wrong")
    failed = list(session.scalars(select(FailedSignIn)))
    with app.app_context():
        key = marked("su|10.0.0.1")
    counted = [entry for entry in failed if entry.key == key]
    assert len(counted) == TRIES, "refused tries are not counted"
    assert len(failed) == TRIES * 2, "nor are they where all of an address are counted"
    for entry in failed:
        entry.at -= WINDOW
    session.commit()
    assert attempt(client) == 302
    session.rollback()
    assert not list(session.scalars(select(FailedSignIn))), "and the right password clears what was counted"


@pytest.mark.parametrize(
    ("ages_s", "expected"),
    [
        ([], 0),
        ([10] * 9, 0),
        ([10] * 10, 290),
        ([299, *[10] * 9], 1),
        ([300, *[10] * 9], 0),
        ([299, 200, *[10] * 9], 100),
    ],
)
def test_A79_seconds_to_wait(ages_s: list[int], expected: int) -> None:
    """A79: the next try has to wait until fewer than ten wrong ones lie within five minutes."""
    assert seconds_to_wait([NOON - timedelta(seconds=age) for age in ages_s], NOON, TRIES) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/office/people", "/office/people"),
        ("/office/board?questionnaire=a", "/office/board?questionnaire=a"),
        ("//evil.example/", "/office/board"),
        ("/\\evil.example/", "/office/board"),
        ("https://evil.example/", "/office/board"),
        ("javascript:alert(1)", "/office/board"),
        ("/office\r\nX: y", "/office/board"),
        ("", "/office/board"),
    ],
)
def test_it_goes_back_only_to_a_local_page(client: FlaskClient, people: People, target: str, expected: str) -> None:
    """Neither sign-in nor the language switch sends anybody to another site."""
    answer = client.post("/office/sign-in", data={"login": "su", "password": PASSWORD, "next": target})
    assert answer.location == expected
    answer = client.post("/office/language", data={"language": "zh", "next": target})
    assert answer.location == expected


def test_the_language_switch(su: FlaskClient) -> None:
    """The office speaks the language of the account until it is switched; an unknown one changes nothing."""
    assert 'lang="en"' in su.get("/office/people").text
    su.post("/office/language", data={"language": "zh", "next": "/office/people"})
    assert 'lang="zh-CN"' in su.get("/office/people").text
    su.post("/office/language", data={"language": "xx", "next": "/office/people"})
    assert 'lang="zh-CN"' in su.get("/office/people").text


@pytest.mark.parametrize(
    ("begun_h", "seen_h", "is_in"),
    [(0, 0, True), (9, 9, True), (12.1, 12.1, False), (160, 1, True), (168.1, 0.2, False)],
)
def test_a_session_ends_after_a_night_without_work_and_after_a_week(
    su: FlaskClient, begun_h: float, seen_h: float, is_in: bool
) -> None:
    """The page for signing in remembers where one was; a request in between keeps a session, up to a week."""
    with su.session_transaction() as cookie:
        now = cookie["begun"]
        cookie["begun"], cookie["seen"] = int(now - begun_h * 3600), int(now - seen_h * 3600)
    answer = su.get("/office/people")
    assert answer.status_code == (200 if is_in else 302)
    with su.session_transaction() as cookie:
        assert (cookie["seen"] >= now) == (is_in and (seen_h == 0 or seen_h * 3600 > 600))
    assert su.get("/office/people").status_code == answer.status_code
