"""Who may open which page of the office: every route, asked by everybody."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.accounts.operations import set_password
from collector.store import Version
from tests.conftest import PASSWORD, People, sign_in

#: Routes that anybody may ask for: without them nobody could sign in.
OPEN = {"accounts.sign_in", "accounts.sign_out", "accounts.switch_language"}
#: A value for each part of an address; what does not exist answers 404 to those who may ask.
PARTS = {"form_id": "household", "number": 1, "table_name": "members", "enrolment_id": 1, "document_id": 1}


def guarded(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of every office route behind the sign-in."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/office") and rule.endpoint not in OPEN:
            address = adapter.build(rule.endpoint, {name: PARTS.get(name, "x") for name in rule.arguments})
            found += [
                (rule.endpoint, method, address) for method in sorted(rule.methods or ()) if method in ("GET", "POST")
            ]
    return found


def ask(client: FlaskClient, method: str, address: str) -> int:
    """The status of one request."""
    return client.open(address, method=method).status_code


def test_the_list_of_routes_is_not_empty(app: Flask) -> None:
    """The other tests would pass over nothing."""
    endpoints = {endpoint for endpoint, _method, _address in guarded(app)}
    assert {
        "coverage.board",
        "review.responses",
        "questionnaires.upload",
        "accounts.people",
        "export.exports",
    } <= endpoints
    assert len(endpoints) > 20


def test_anonymous_is_sent_to_the_sign_in(app: Flask, client: FlaskClient, household: Version) -> None:
    """No office route answers somebody who is not signed in."""
    for endpoint, method, address in guarded(app):
        answer = client.open(address, method=method)
        assert answer.status_code == 302 and "/office/sign-in" in answer.location, endpoint


def test_a_volunteer_with_a_password_may_do_nothing_here(
    app: Flask, client: FlaskClient, people: People, session: Session, household: Version
) -> None:
    """A volunteer works on the phone; even with a sign-in the office stays closed."""
    wei = session.merge(people.wei)
    wei.login = "wei"
    set_password(session, wei, PASSWORD, by=None)
    session.commit()
    sign_in(client, "wei")
    for endpoint, method, address in guarded(app):
        assert ask(client, method, address) == 403, endpoint


@pytest.mark.parametrize("login", ["su", "lin"])
def test_the_office_may(app: Flask, client: FlaskClient, people: People, household: Version, login: str) -> None:
    """A supervisor and the owner get every page that exists, and no fault of ours on any address."""
    sign_in(client, login)
    for endpoint, method, address in guarded(app):
        status = ask(client, method, address)
        assert status < 500 and status != 403, (endpoint, method, status)
        if method == "GET" and "x" not in address.split("/") and "quarantine/1" not in address:
            assert status in (200, 308), (endpoint, status)


def test_forms_without_a_token_are_refused(app: Flask, client: FlaskClient, people: People) -> None:
    """CSRF: every POST of the office needs the token of the page that it comes from."""
    sign_in(client, "su")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for endpoint, method, address in guarded(app):
            if method == "POST":
                answer = client.post(address)
                assert answer.status_code == 400 and "form_expired" in answer.text, endpoint
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
