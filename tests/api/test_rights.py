"""Every operation of the API, asked by everybody: who lacks the right that is stated of it gets 403, and nobody else does."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from collector.accounts.permissions import may
from collector.api.openapi import api_rules, path_of
from collector.store import User, Version
from collector.store.people import VOLUNTEER
from tests.api.conftest import FIRST
from tests.api.programs import MakeProgram, program_of
from tests.conftest import People

PARTS = {"form_id": "household", "number": "1", "response_id": FIRST}


def address_of(path: str) -> str:
    for part in ("form_id", "number", "response_id", "webhook_id", "file_id", "job_id", "delivery_id"):
        path = path.replace("{" + part + "}", PARTS.get(part, "1"))
    return path.removeprefix("/api/v1")


@pytest.mark.parametrize("name", ["lin", "su", "so", "ren", "ana"])
def test_A81_rights(
    app: Flask, program: MakeProgram, people: People, so: User, household: Version, three: list[str], name: str
) -> None:
    """A81: a token gives what its person's role allows."""
    user = so if name == "so" else getattr(people, name)
    asking = program(user)
    for rule, method, stated in api_rules(app):
        answer = asking.ask(address_of(path_of(rule)), method.upper(), json={} if stated.body else None)
        is_allowed = stated.needs is None or may(user.role, stated.needs, is_whole=name != "so")
        assert (answer.status_code == 403) != is_allowed, (rule, method, answer.status_code)
        assert answer.status_code < 500, rule
        assert answer.status_code < 400 or answer.get_json()["error"]["code"], rule


def test_every_operation_is_stated(app: Flask) -> None:
    stated = {rule.endpoint for rule, _method, _stated in api_rules(app)}
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert endpoints - stated == {"api.openapi"}


def test_a_volunteer_gets_nothing(app: Flask, session: Session, people: People) -> None:
    assert program_of(app, session, people.wei).ask("/me").status_code == 401
    assert people.wei.role == VOLUNTEER


def test_questionnaires(program: MakeProgram, people: People, household: Version) -> None:
    ren = program(people.ren)
    (one,) = ren.read("/questionnaires")["items"]
    assert one == ren.read("/questionnaires/household")
    assert (one["form_id"], one["version"], one["number"], one["state"]) == ("household", "1", 1, "open")
    (version,) = ren.read("/questionnaires/household/versions")["items"]
    assert version == ren.read("/questionnaires/household/versions/1") and version["is_current"]
    model = ren.ask("/questionnaires/household/versions/1/model")
    assert model.get_json()["form"]["id"] == "household"
    assert ren.ask("/questionnaires/household/versions/1/workbook").status_code == 403
    workbook = program(people.lin).ask("/questionnaires/household/versions/1/workbook")
    assert workbook.data[:2] == b"PK"
    assert ren.ask("/questionnaires/none").status_code == 404
    assert ren.ask("/questionnaires/household/versions/2").status_code == 404


def test_drafts_are_for_those_who_make_questionnaires(
    program: MakeProgram, people: People, session: Session, household: Version
) -> None:
    session.merge(household).state = "draft"
    session.merge(household).questionnaire.current_version_id = None
    session.commit()
    assert program(people.ana).read("/questionnaires") == {"items": []}
    assert program(people.ana).ask("/questionnaires/household").status_code == 404
    assert program(people.lin).read("/questionnaires/household")["state"] == "draft"


def test_counts(program: MakeProgram, people: People, three: list[str]) -> None:
    items = program(people.ren).read("/questionnaires/household/counts")["items"]
    assert items == [{"place": code, "state": "received", "number": 1} for code in ("C01", "C02", "C03")]


def test_bodies_that_are_none(program: MakeProgram, people: People) -> None:
    ana = program(people.ana)
    for body, kind, status in (
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"url": "http://a\\u0000b"}', "application/json", 400),
        (b"url=http://example.org", "application/x-www-form-urlencoded", 415),
        (b"[" * 100_000, "application/json", 400),
        (b"", "", 415),
    ):
        assert ana.ask("/webhooks", "POST", data=body, content_type=kind).status_code == status, body[:20]


def test_a_wrong_method_is_told_with_those_that_are_right(program: MakeProgram, people: People) -> None:
    answer = program(people.ana).ask("/responses", "DELETE")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_the_page_for_people_lists_every_operation(app: Flask, su: object, people: People) -> None:
    page = su.get("/office/api").text  # type: ignore[attr-defined]
    for rule, _method, _stated in api_rules(app):
        assert path_of(rule) in page
