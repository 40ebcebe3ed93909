"""Tokens let a program in as a person, for as long as that person wants."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import revoke_token
from collector.accounts.operations import assign_places, deactivate_user, end_sessions
from collector.store import AccessToken, Place, User, utc_now
from tests.api.programs import MakeProgram
from tests.conftest import People, sign_in
from tests.documents import fresh


def test_who_am_I(program: MakeProgram, people: People, so: User) -> None:
    lin, ana = program(people.lin).read("/me"), program(people.ana).read("/me")
    assert (lin["name"], lin["role"], lin["places"]) == ("Lin", "owner", None)
    assert ana["actions"] == ["responses.export"]
    assert program(so).read("/me")["places"] == ["S1"]


def test_without_a_token_nobody_gets_in_whatever_cookies_they_have(client: FlaskClient, people: People) -> None:
    sign_in(client, "lin")
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "token_unknown")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_token_counts_and_not_the_cookie(client: FlaskClient, program: MakeProgram, people: People) -> None:
    sign_in(client, "lin")
    text = program(people.ana).text
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).get_json()["name"] == "Ana"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic bGluOmxpbg==", "bearer\u00e9 x", "Bearer \u4e2d"]
)
def test_what_is_no_token_is_refused(client: FlaskClient, people: People, header: str) -> None:
    answer = client.get("/api/v1/me", headers={"Authorization": header.encode().decode("latin-1")})
    assert answer.status_code == 401


def test_a_token_ends_with_time_with_its_person_and_when_it_is_taken_back(
    program: MakeProgram, people: People, session: Session
) -> None:
    expired, taken, ended, left = (
        program(people.su, lifetime=timedelta(days=30)),
        program(people.su),
        program(people.ren),
        program(people.ana),
    )
    for one in (expired, taken, ended, left):
        assert one.ask("/me").status_code == 200
    fresh(session)
    session.get_one(AccessToken, expired.token.id).expires_at = utc_now() - timedelta(seconds=1)
    revoke_token(session, session.get_one(AccessToken, taken.token.id), by=people.su.id)
    end_sessions(session, session.get_one(User, people.ren.id), by=None)
    deactivate_user(session, session.get_one(User, people.ana.id), by=None)
    session.commit()
    for one in (expired, taken, ended, left):
        assert one.ask("/me").status_code == 401


def test_a_token_that_may_only_read_changes_nothing(program: MakeProgram, people: People) -> None:
    one = program(people.su, is_read_only=True)
    answer = one.ask("/webhooks", "POST", json={"url": "https://example.org"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "token_read_only")
    assert one.read("/webhooks") == {"items": []}


def test_rights_are_those_of_now(
    program: MakeProgram, people: People, places: dict[str, Place], session: Session, three: list[str]
) -> None:
    su = program(people.su)
    assert len(su.read("/responses")["items"]) == 3
    assign_places(session, session.merge(people.su), [places["C03"].id], by=None)
    session.commit()
    assert [item["place"] for item in su.read("/responses")["items"]] == ["C03"]


def test_use_is_noted_to_the_minute(program: MakeProgram, people: People, session: Session) -> None:
    one = program(people.su)
    one.read("/me")
    first = fresh(session).get_one(AccessToken, one.token.id).last_used_at
    one.read("/me")
    assert first is not None and fresh(session).get_one(AccessToken, one.token.id).last_used_at == first


def test_the_page_makes_a_token_that_works_and_shows_it_once(app: Flask, client: FlaskClient, people: People) -> None:
    sign_in(client, "ana")
    made = client.post("/office/account/tokens", data={"name": "weekly <b>", "reach": "read", "days": "30"})
    assert made.status_code == 201
    text = made.text.partition("data-secret>")[2].partition("<")[0]
    headers = {"Authorization": f"Bearer {text}"}
    token = app.test_client().get("/api/v1/me", headers=headers).get_json()["token"]
    assert (token["name"], token["is_read_only"]) == ("weekly <b>", True) and token["expires_at"]
    again = client.get("/office/account/tokens").text
    assert text not in again and text[:6] in again and "weekly &lt;b&gt;" in again


def test_a_token_without_a_name_is_not_made(client: FlaskClient, people: People) -> None:
    sign_in(client, "ana")
    answer = client.post("/office/account/tokens", data={"name": " ", "reach": "read", "days": "30"})
    assert answer.status_code == 400 and "data-token" not in answer.text
    assert client.post("/office/account/tokens", data={"name": "x", "reach": "all", "days": "7"}).status_code == 400


def test_only_its_person_and_an_owner_take_a_token_back(app: Flask, program: MakeProgram, people: People) -> None:
    one, other = program(people.ana), program(people.ana)

    def take_back(login: str, token_id: int) -> int:
        browser = sign_in(app.test_client(), login)
        return browser.post(f"/office/account/tokens/{token_id}/revoke").status_code

    assert take_back("su", one.token.id) == 404 and one.ask("/me").status_code == 200
    assert take_back("ana", one.token.id) == 302 and one.ask("/me").status_code == 401
    assert "Ana" in sign_in(app.test_client(), "lin").get("/office/account/tokens").text
    assert take_back("lin", other.token.id) == 302 and other.ask("/me").status_code == 401
