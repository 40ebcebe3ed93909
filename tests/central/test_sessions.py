"""Who may ask, and how they say who they are."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import issue_token, revoke_token
from collector.accounts.operations import set_password
from collector.accounts.tries import TRIES
from collector.store import AccessToken, FailedSignIn, User, Version, utc_now
from collector.store.access import SESSION
from tests.central.clients import FORMS, basic, problem, read
from tests.conftest import PASSWORD, People, sign_in

SESSIONS = "/v1/sessions"
WHO = "/v1/users/current"


def begin(client: FlaskClient, login: str, password: str = PASSWORD) -> Any:
    return client.post(SESSIONS, json={"email": login, "password": password})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_session_from_its_beginning_to_its_end(client: FlaskClient, people: People, session: Session) -> None:
    answer = begin(client, " ANA ")
    body = answer.get_json()
    assert answer.status_code == 200 and set(body) == {"token", "csrf", "createdAt", "expiresAt"}
    headers = bearer(body["token"])
    who = client.get(WHO, headers=headers).get_json()
    assert (who["displayName"], who["email"], who["type"]) == ("Ana", "ana", "user")
    assert isinstance(who["id"], int) and 0 < who["id"] < 2**31
    assert client.get(f"{SESSIONS}/current", headers=headers).get_json() == {
        name: body[name] for name in ("createdAt", "expiresAt")
    }
    token = session.scalars(select(AccessToken)).one()
    assert token.kind == SESSION and token.is_read_only and token.expires_at is not None
    assert timedelta(hours=23) < token.expires_at - utc_now() < timedelta(hours=25)
    assert client.delete(f"{SESSIONS}/{body['token']}", headers=headers).get_json() == {"success": True}
    assert client.get(WHO, headers=headers).status_code == 401


def test_a_session_can_be_ended_as_the_current_one(client: FlaskClient, people: People) -> None:
    headers = bearer(begin(client, "ana").get_json()["token"])
    assert client.delete(f"{SESSIONS}/current", headers=headers).status_code == 200
    assert client.get(WHO, headers=headers).status_code == 401


def test_nobody_ends_the_sessions_of_others(client: FlaskClient, people: People) -> None:
    mine, theirs = (begin(client, login).get_json()["token"] for login in ("ana", "su"))
    assert client.delete(f"{SESSIONS}/{theirs}", headers=bearer(mine)).status_code == 404
    assert client.get(WHO, headers=bearer(theirs)).status_code == 200


def test_signing_out_everywhere_ends_sessions(app: Flask, people: People) -> None:
    client = app.test_client()
    headers = bearer(begin(client, "ana").get_json()["token"])
    office = sign_in(app.test_client(), "ana")
    assert office.post("/office/account/sessions/end").status_code == 302
    assert client.get(WHO, headers=headers).status_code == 401


def test_sessions_that_are_over_are_forgotten(client: FlaskClient, people: People, session: Session) -> None:
    headers = bearer(begin(client, "ana").get_json()["token"])
    session.scalars(select(AccessToken)).one().expires_at = utc_now() - timedelta(seconds=1)
    session.commit()
    assert client.get(WHO, headers=headers).status_code == 401
    begin(client, "ana")
    assert session.query(AccessToken).count() == 1


@pytest.mark.parametrize("body", ["", "[]", "{", '{"email": "ana"}', '{"email": 1, "password": []}', '"x"', "null"])
def test_what_begins_no_session(client: FlaskClient, people: People, body: str) -> None:
    answer = client.post(SESSIONS, data=body, content_type="application/json")
    assert answer.status_code == 400 and set(answer.get_json()) == {"code", "message", "details"}


def test_passwords_with_each_request(client: FlaskClient, people: People, household: Version) -> None:
    assert [form["xmlFormId"] for form in read(client, FORMS)] == ["household"]
    answer = client.get(FORMS, headers=basic("ana", "wrong"))
    assert (answer.status_code, answer.get_json()["code"]) == (401, 401.2)
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !",
        "Basic " + "A" * 9,
        "Basic /////w==",
        "Bearer",
        "Bearer x",
        "Digest x=y",
        "Basic OjpvOg==",
        "Basic \xff\xff",
        "\x7f",
    ],
)
def test_whoever_does_not_say_who_they_are_is_asked(client: FlaskClient, people: People, header: str) -> None:
    for address in (FORMS, WHO, "/v1/nothing"):
        answer = client.get(address, headers={"Authorization": header} if header else {})
        assert (answer.status_code, answer.get_json()["code"]) == (401, 401.2)
        assert "Basic" in answer.headers["WWW-Authenticate"]


def test_a_browser_that_is_signed_in_is_nobody_here(app: Flask, people: People) -> None:
    office = sign_in(app.test_client(), "lin")
    assert office.get(FORMS).status_code == 401


def test_only_who_may_export_reads(client: FlaskClient, people: People, household: Version) -> None:
    assert problem(client, FORMS, "ren") == (403, 403.1)
    assert read(client, WHO, "ren")["displayName"] == "Ren"
    for login in ("lin", "su", "ana"):
        assert read(client, FORMS, login)


def test_A79_wrong_passwords_are_limited(client: FlaskClient, people: People, session: Session) -> None:
    """A79: as on the page of sign-in, and together with it."""
    for index in range(TRIES):
        tried = begin(client, "ana", "wrong") if index % 2 else client.get(WHO, headers=basic("ana", "wrong"))
        assert tried.status_code == 401
    refused = begin(client, "ana")
    assert refused.status_code == 429 and refused.get_json()["code"] == 429.1
    assert client.get(WHO, headers=basic("ana")).status_code == 429
    assert client.get(WHO, headers=basic("su")).status_code == 200


def test_a_right_password_is_remembered_only_while_it_is_right(
    client: FlaskClient, people: People, session: Session
) -> None:
    for _ in range(3):
        assert client.get(WHO, headers=basic("ana")).status_code == 200
    assert session.query(FailedSignIn).count() == 0
    ana = session.get_one(User, people.ana.id)
    set_password(session, ana, "another long password", by=None)
    session.commit()
    assert client.get(WHO, headers=basic("ana")).status_code == 401
    assert client.get(WHO, headers=basic("ana", "another long password")).status_code == 200
    ana.is_active = False
    session.commit()
    assert client.get(WHO, headers=basic("ana", "another long password")).status_code == 401


def test_with_a_second_step_an_access_token_stands_for_the_password(
    client: FlaskClient, people: People, session: Session
) -> None:
    ana = session.get_one(User, people.ana.id)
    assert client.get(WHO, headers=basic("ana")).status_code == 200
    ana.totp_secret = "JBSWY3DPEHPK3PXP"
    token, text = issue_token(session, ana, name="R")
    session.commit()
    assert client.get(WHO, headers=basic("ana")).status_code == 401
    assert begin(client, "ana").status_code == 401
    assert client.get(WHO, headers=basic("ana", text)).status_code == 200
    assert client.get(WHO, headers=basic("su", text)).status_code == 401
    begun = begin(client, "ana", text).get_json()
    assert begun["token"] == text and begun["expiresAt"] is None
    assert client.get(WHO, headers=bearer(begun["token"])).status_code == 200
    # It is taken back where it was made, and then no session is left of it.
    assert client.delete(f"{SESSIONS}/{text}", headers=bearer(text)).status_code == 403
    revoke_token(session, token, by=ana.id)
    session.commit()
    assert client.get(WHO, headers=bearer(text)).status_code == 401
    assert client.get(WHO, headers=basic("ana", text)).status_code == 401


def test_a_volunteer_reads_nothing(client: FlaskClient, people: People, session: Session) -> None:
    wei = session.get_one(User, people.wei.id)
    wei.login = "wei"
    set_password(session, wei, PASSWORD, by=None)
    session.commit()
    assert begin(client, "wei").status_code == 401
    assert client.get(WHO, headers=basic("wei")).status_code == 401


def test_nothing_is_written_this_way(client: FlaskClient, people: People, household: Version) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for address in (f"{FORMS}/household/submissions", f"{FORMS}/household", "/v1/projects", "/v1/nothing"):
            answer = client.open(address, method=method, headers=basic("su"), data=b"<x/>")
            assert (answer.status_code, answer.get_json()["code"]) == (501, 501.1)
