"""CSRF: wherever a cookie counts, nothing changes without the token of a page of ours."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, MetaData, select

from collector.store import Place, Version
from tests.accounts.test_every_route import requests_of
from tests.conftest import People, Phone, sign_in
from tests.documents import ID, make_document


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The app with its tokens against forged forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def contents_of(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as it is stored."""
    stored = MetaData()
    stored.reflect(engine)
    with engine.connect() as connection:
        return {
            name: sorted((tuple(map(str, row)) for row in connection.execute(select(table))), key=str)
            for name, table in stored.tables.items()
        }


def test_no_forged_request_changes_anything(
    guarded: Flask, client: FlaskClient, people: People, phone: Phone, places: dict[str, Place], household: Version
) -> None:
    """Every route of the office that takes more than reading, with every such method, as the owner, to what is really there."""
    phone.receipts(make_document(household))
    guarded.config["WTF_CSRF_ENABLED"] = False
    sign_in(client, "lin")
    client.get("/office/board")
    guarded.config["WTF_CSRF_ENABLED"] = True
    engine = guarded.extensions["collector_engine"]
    before, asked = contents_of(engine), 0
    real = {"x": [people.wei.id, ID], "1": [str(places["C01"].id)]}
    for request in requests_of(guarded):
        if request.method in ("GET", "HEAD") or not request.address.startswith("/office/"):
            continue
        addresses = [request.address]
        for part, values in real.items():
            addresses += [request.address.replace(f"/{part}/", f"/{value}/") for value in values]
        for address in dict.fromkeys(addresses):
            for body in (
                {"data": {"name": "forged", "language": "zh"}},
                {"json": {"name": "forged"}},
                {"data": "x", "content_type": "text/plain"},
            ):
                answer = client.open(
                    address, method=request.method, headers={"Origin": "https://evil.example.org"}, **body
                )
                assert answer.status_code in (400, 404), (address, answer.status_code)
                asked += 1
    assert asked > 200
    assert contents_of(engine) == before


def test_a_cookie_opens_no_interface_of_programs(
    client: FlaskClient, people: People, phone: Phone, household: Version
) -> None:
    """What needs no token against forged forms takes no cookie either: a browser that is signed in gets nowhere there."""
    sign_in(client, "lin")
    for request in requests_of(client.application):
        if request.address.startswith(("/api/", "/v1/", "/sync/", "/openrosa/")) and request.method != "HEAD":
            if request.endpoint in ("api.openapi", "sync.options"):
                continue
            answer = client.open(request.address, method=request.method, json={})
            assert answer.status_code in (400, 401, 404, 415), (request, answer.status_code)
            assert answer.status_code != 400 or request.endpoint in ("sync.enrol", "central.begin_session"), request


def test_reading_changes_nothing(
    app: Flask, client: FlaskClient, people: People, phone: Phone, places: dict[str, Place], household: Version
) -> None:
    """A link or a picture on another site makes a signed-in browser read, and no more than that: no GET of the office writes."""
    phone.receipts(make_document(household))
    sign_in(client, "lin")
    engine = app.extensions["collector_engine"]
    before = contents_of(engine)
    for request in requests_of(app):
        if request.method == "GET" and request.address.startswith("/office/"):
            client.get(request.address).close()
    after = contents_of(engine)
    assert {name for name in before if before[name] != after[name]} == set()
