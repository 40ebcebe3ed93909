"""One's own account: password, language, sessions. For everybody of the office, an analyst too."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.tries import TRIES
from collector.store import JournalEntry
from tests.conftest import PASSWORD, People, sign_in

NEW = "seven green kettles sing"


def change(client: FlaskClient, **fields: str) -> tuple[int, str]:
    """Send the form of the password; gives status and page."""
    data = {"old": PASSWORD, "new": NEW, "again": NEW} | fields
    answer = client.post("/office/account/password", data=data)
    return answer.status_code, answer.text


def test_everybody_of_the_office_has_one(client: FlaskClient, people: People) -> None:
    """An analyst, who may do nothing else but export, and the menu leads there."""
    sign_in(client, "ana")
    assert 'href="/office/account"' in client.get("/office/exports/").text
    assert "My account" in client.get("/office/account").text


def test_a_new_password_signs_out_elsewhere(app: Flask, su: FlaskClient, people: People) -> None:
    """Here one stays; the old password no longer lets in, the new one does."""
    elsewhere = sign_in(app.test_client(), "su")
    assert change(su)[0] == 302
    assert su.get("/office/account").status_code == 200
    assert elsewhere.get("/office/account").status_code == 302
    for word, status in ((PASSWORD, 401), (NEW, 302)):
        answer = app.test_client().post("/office/sign-in", data={"login": "su", "password": word})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"old": "wrong"}, "This is not your password."),
        ({"new": "too short", "again": "too short"}, "At least 10 characters."),
        *(
            ({"new": weak, "again": weak}, "This is soon guessed")
            for weak in (
                "1234567890",
                "password123",
                "qwertyuiop",
                "SuSuSuSuSu",
                "collector2026",
                "woaini1314520",
                "x" * 400,
            )
        ),
        ({"again": "something else"}, "This is not the same as the new password."),
        ({"old": ""}, "This is needed."),
    ],
)
def test_what_a_new_password_needs(su: FlaskClient, fields: dict[str, str], words: str) -> None:
    """The old one, ten characters that nobody guesses soon, and the same twice; said beside the field."""
    status, page = change(su, **fields)
    assert (status, words in page) == (400, True)


def test_A79_the_old_password_cannot_be_tried_without_limit(su: FlaskClient) -> None:
    """A79: whoever found an open session cannot guess the password there either."""
    assert [change(su, old="wrong")[0] for _ in range(TRIES)] == [400] * TRIES
    status, page = change(su)
    assert status == 400 and "Too many wrong passwords." in page


def test_signing_out_everywhere_else(app: Flask, su: FlaskClient, people: People, session: Session) -> None:
    """Every other session ends at once, other people's do not, and it is in the journal."""
    elsewhere, other = sign_in(app.test_client(), "su"), sign_in(app.test_client(), "lin")
    assert su.post("/office/account/sessions/end").status_code == 302
    assert su.get("/office/people").status_code == 200
    assert elsewhere.get("/office/people").status_code == 302
    assert other.get("/office/people").status_code == 200
    assert (
        session.scalars(select(JournalEntry.user_id).where(JournalEntry.action == "user.end_sessions")).one()
        == people.su.id
    )


def test_a_session_from_before_the_count_goes_on(app: Flask, su: FlaskClient, people: People) -> None:
    """A cookie of an earlier release has no count; it holds until sessions are ended for the first time."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = people.su.id, True
    assert client.get("/office/people").status_code == 200
    su.post("/office/account/sessions/end")
    assert client.get("/office/people").status_code == 302


def test_the_language_of_the_account(app: Flask, su: FlaskClient, people: People) -> None:
    """It holds on the next computer too, and takes the place of what was switched here."""
    su.post("/office/language", data={"language": "en"})
    assert su.post("/office/account/language", data={"language": "zh"}).status_code == 302
    for client in (su, sign_in(app.test_client(), "su")):
        assert 'lang="zh-CN"' in client.get("/office/account").text
    assert su.post("/office/account/language", data={"language": "xx"}).status_code == 400
