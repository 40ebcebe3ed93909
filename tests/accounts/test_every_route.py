"""Who may ask what: a table of every route, asked by everybody (A81).

Whoever adds a route adds its line here: the endpoint, and the action of collector/accounts/permissions.py that it needs. Besides these:
ANYONE (asks nobody who they are), SIGNED_IN (everybody of the office), PHONE (the token of an enrolled phone), TOKEN
(an access token of a person of the office).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter

from collector.accounts.operations import set_password
from collector.accounts.permissions import ACTIONS, may
from collector.store import User, Version
from collector.store.people import ANALYST, OWNER, REVIEWER, SUPERVISOR
from tests.conftest import PASSWORD, People, sign_in

ANYONE, SIGNED_IN, PHONE, TOKEN = "anyone", "signed in", "phone", "access token"

TABLE = {
    # The frame
    "home": ANYONE,
    "health.healthz": ANYONE,
    "health.readyz": ANYONE,
    # Of this machine alone, or whoever knows METRICS_TOKEN (tests/running/test_metrics.py).
    "health.show_metrics": ANYONE,
    "running.status": "installation.see",
    # Sign-in and one's own account
    "accounts.sign_in": ANYONE,
    "accounts.sign_out": ANYONE,
    "accounts.second_step": ANYONE,
    "accounts.switch_language": ANYONE,
    "account.account": SIGNED_IN,
    "account.change_password": SIGNED_IN,
    "account.change_language": SIGNED_IN,
    "account.end_sessions": SIGNED_IN,
    "account.second_step": SIGNED_IN,
    "account.switch_second_step_off": SIGNED_IN,
    "account.renew_recovery_codes": SIGNED_IN,
    # People, their codes and phones
    "accounts.people": "people.change",
    "accounts.person": "people.change",
    "accounts.add_volunteer": "people.change",
    "accounts.add_office_user": "people.change",
    "accounts.change_places": "people.change",
    "accounts.edit_person": "people.change",
    "accounts.deactivate": "people.change",
    "accounts.activate": "people.change",
    "accounts.reset_password": "people.change",
    "accounts.switch_second_step_off": "people.change",
    "accounts.change_team": "people.change",
    "accounts.print_cards": "people.change",
    "accounts.revoke_codes": "people.change",
    "accounts.import_volunteers": "people.change",
    "accounts.apply_import": "people.change",
    "accounts.issue_code": "people.change",
    "accounts.revoke_code": "people.change",
    "accounts.revoke_phone": "people.change",
    "accounts.make_collect_access": "people.change",
    "accounts.grant_recovery": "people.change",
    "accounts.refuse_recovery": "people.change",
    # Quality
    "quality.quality": "responses.see",
    "quality.volunteer": "responses.see",
    "quality.frequencies": "responses.see",
    "quality.rules": "questionnaires.change",
    "quality.set_rules": "questionnaires.change",
    # Coverage
    "coverage.board": "coverage.see",
    "coverage.phones": "coverage.see",
    "coverage.board_csv": "coverage.see",
    "coverage.board_svg": "coverage.see",
    "coverage.board_png": "coverage.see",
    "coverage.figures": "coverage.see",
    "coverage.place": "coverage.see",
    "coverage.points": "coverage.see",
    "coverage.volunteers": "coverage.see",
    "coverage.targets": "targets.change",
    "coverage.targets_csv": "targets.change",
    "coverage.import_targets": "targets.change",
    "coverage.apply_targets": "targets.change",
    # Places and their history
    "places.boundaries": "coverage.see",
    "places.tree": "places.change",
    "places.place": "places.change",
    "places.add": "places.change",
    "places.change": "places.change",
    "places.undo": "places.change",
    "places.import_places": "places.change",
    "places.apply_import": "places.change",
    "places.download": "places.change",
    "places.boundary_list": "places.change",
    "places.apply_boundaries": "places.change",
    "places.drop_all_boundaries": "places.change",
    # Lists of doors
    "places.lists": "targets.change",
    "places.list": "targets.change",
    "places.add_list": "targets.change",
    "places.edit_list": "targets.change",
    "places.archive_list": "targets.change",
    "places.import_list": "targets.change",
    "places.apply_list": "targets.change",
    "places.download_list": "targets.change",
    "places.list_targets": "targets.change",
    "places.assign": "targets.change",
    "places.door": "targets.change",
    "places.add_door": "targets.change",
    # Responses
    "review.responses": "responses.see",
    "review.response": "responses.see",
    "review.file": "responses.see",
    "review.small_picture": "responses.see",
    "review.duplicates": "responses.see",
    "review.comment": "responses.decide",
    "review.decide_one": "responses.decide",
    "review.decide_many": "responses.decide",
    "review.undo_decisions": "responses.decide",
    "review.set_apart": "responses.decide",
    "review.edit": "responses.change",
    "review.choose_current": "responses.change",
    "review.delete": "responses.change",
    "privacy.erase": "responses.change",
    "privacy.erase_many": "responses.change",
    "privacy.retention": "questionnaires.change",
    # What belongs to no place
    "review.quarantine": "quarantine.change",
    "review.quarantined": "quarantine.change",
    "review.quarantined_document": "quarantine.change",
    "review.accept_document": "quarantine.change",
    "review.set_document_aside": "quarantine.change",
    "review.take_document_up": "quarantine.change",
    "review.unsent_file": "quarantine.change",
    "importing.import_responses_page": "quarantine.change",
    "importing.apply_import": "quarantine.change",
    # Questionnaires
    "questionnaires.questionnaires": "questionnaires.change",
    "questionnaires.upload": "questionnaires.change",
    "questionnaires.questionnaire": "questionnaires.change",
    "questionnaires.preview": "questionnaires.change",
    "questionnaires.model": "questionnaires.change",
    "questionnaires.workbook": "questionnaires.change",
    "questionnaires.add_files": "questionnaires.change",
    "questionnaires.file": "questionnaires.change",
    "questionnaires.original": "questionnaires.change",
    "questionnaires.publish": "questionnaires.change",
    "questionnaires.set_window": "questionnaires.change",
    "questionnaires.set_testing": "questionnaires.change",
    "questionnaires.archive": "questionnaires.change",
    "questionnaires.unarchive": "questionnaires.change",
    "questionnaires.duplicate": "questionnaires.change",
    "questionnaires.compare": "questionnaires.change",
    "questionnaires.personal": "questionnaires.change",
    "questionnaires.set_personal": "questionnaires.change",
    "questionnaires.all_files": "questionnaires.change",
    "review.set_keys": "questionnaires.change",
    "review.go_on": "questionnaires.change",
    # Webhooks and what programs can ask
    "webhooks.webhooks": "responses.export",
    "webhooks.webhook": "responses.export",
    "webhooks.change": "responses.export",
    "webhooks.remove": "responses.export",
    "webhooks.send_test": "responses.export",
    "webhooks.renew_secret": "responses.export",
    "webhooks.send_again": "responses.export",
    "account.tokens": SIGNED_IN,
    "account.revoke_token": SIGNED_IN,
    "api_office.page": SIGNED_IN,
    # The API for programs: what the token's person may, tests/api/test_rights.py asks
    "api.openapi": ANYONE,
    "api.me": TOKEN,
    "api.places": TOKEN,
    "api.counts": TOKEN,
    "api.questionnaires": TOKEN,
    "api.questionnaire": TOKEN,
    "api.versions": TOKEN,
    "api.version": TOKEN,
    "api.model": TOKEN,
    "api.workbook": TOKEN,
    "api.responses": TOKEN,
    "api.response": TOKEN,
    "api.revisions": TOKEN,
    "api.revision": TOKEN,
    "api.files": TOKEN,
    "api.file": TOKEN,
    "api.exports": TOKEN,
    "api.ask": TOKEN,
    "api.export": TOKEN,
    "api.export_file": TOKEN,
    "api.delete_file": TOKEN,
    "api.webhooks": TOKEN,
    "api.add_webhook": TOKEN,
    "api.webhook": TOKEN,
    "api.change_webhook": TOKEN,
    "api.remove_webhook": TOKEN,
    "api.send_test": TOKEN,
    "api.deliveries": TOKEN,
    "api.send_again": TOKEN,
    # Export
    "export.exports": "responses.export",
    "export.table_csv": "responses.export",
    "export.options": "responses.export",
    "export.ask": "responses.export",
    "export.file": "responses.export",
    "export.again": "responses.export",
    "export.delete": "responses.export",
    # The phone's pages: they hold nothing of anybody
    "field.shell": ANYONE,
    "field.manifest": ANYONE,
    "field.service_worker": ANYONE,
    # The phone's API
    "sync.enrol": ANYONE,
    "sync.options": ANYONE,
    "sync.pull": PHONE,
    "sync.push": PHONE,
    "sync.visits": PHONE,
    "sync.form": PHONE,
    "sync.model": PHONE,
    "sync.form_file": PHONE,
    "sync.create_file": PHONE,
    "sync.file_offset": PHONE,
    "sync.patch_file": PHONE,
    "sync.ask": PHONE,
    "sync.recovery": PHONE,
    # ODK Collect: a phone's own name and password
    "openrosa.form_list": PHONE,
    "openrosa.form": PHONE,
    "openrosa.manifest": PHONE,
    "openrosa.form_file": PHONE,
    "openrosa.ask_submission": PHONE,
    "openrosa.submit": PHONE,
    # What programs read as from ODK Central
    "central.begin_session": ANYONE,
    "central.projects": TOKEN,
    "central.project": TOKEN,
    "central.forms": TOKEN,
    "central.form": TOKEN,
    "central.versions": TOKEN,
    "central.form_version": TOKEN,
    "central.form_xml": TOKEN,
    "central.form_xlsx": TOKEN,
    "central.form_fields": TOKEN,
    "central.form_files": TOKEN,
    "central.form_file": TOKEN,
    "central.service": TOKEN,
    "central.metadata": TOKEN,
    "central.table": TOKEN,
    "central.submissions": TOKEN,
    "central.submitters": TOKEN,
    "central.keys": TOKEN,
    "central.submission": TOKEN,
    "central.submission_xml": TOKEN,
    "central.submission_versions": TOKEN,
    "central.comments": TOKEN,
    "central.attachments": TOKEN,
    "central.attachment": TOKEN,
    "central.submissions_csv": TOKEN,
    "central.submissions_zip": TOKEN,
    "central.current_session": TOKEN,
    "central.end_session": TOKEN,
    "central.current_user_shape": TOKEN,
    "central.anything_else": TOKEN,
}

#: A value for each part of an address; what does not exist answers 404 to those who may ask, and to them only.
PARTS = {"form_id": "household", "number": 1, "table_name": "members"}
#: Somebody of the office of each kind: login, role, whether all places are theirs.
OFFICE = (
    ("lin", OWNER, True),
    ("su", SUPERVISOR, True),
    ("so", SUPERVISOR, False),
    ("ren", REVIEWER, True),
    ("ana", ANALYST, True),
)


@dataclass(frozen=True)
class Request:
    """One way to ask a route."""

    endpoint: str
    method: str
    address: str

    @property
    def need(self) -> str:
        """What the table says that it needs."""
        return TABLE[self.endpoint]


def requests_of(app: Flask) -> Iterator[Request]:
    """Every route of the table with every method that it takes."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in TABLE:
            continue
        values = {name: PARTS.get(name) or sample(rule, name) for name in rule.arguments}
        address = adapter.build(rule.endpoint, values, append_unknown=False)
        methods = rule.methods or set()
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if methods & {"GET", "POST", "PATCH"} else ("HEAD",):
            if method in methods:
                yield Request(rule.endpoint, method, address)


def sample(rule: object, name: str) -> str | int:
    """A value that nothing has, for one part of an address."""
    converter = rule._converters[name]  # type: ignore[attr-defined]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return {"IntegerConverter": 1, "DatabaseInteger": 1, "DateConverter": "2026-01-01"}.get(
        type(converter).__name__, "x"
    )


def is_refused(client: FlaskClient, request: Request) -> bool:
    """Tell whether a request was answered with `not_allowed` or by asking to sign in. A fault of ours fails the test."""
    answer = client.open(request.address, method=request.method)
    assert answer.status_code < 500, (request, answer.status_code)
    asks_to_sign_in = answer.status_code == 302 and "/office/sign-in" in (answer.location or "")
    return answer.status_code in (401, 403) or asks_to_sign_in


def wrongly_answered(app: Flask, client: FlaskClient, allowed: set[str]) -> list[Request]:
    """Requests that were refused although `allowed`, or answered although not. Signing out is left to the end."""
    found = [
        request for request in requests_of(app) if request.endpoint not in ("accounts.sign_in", "accounts.sign_out")
    ]
    return [request for request in found if is_refused(client, request) == (request.need in allowed)]


def test_the_table_holds_every_route_and_no_other(app: Flask) -> None:
    """A route that is missing here would be asked by nobody."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - set(TABLE) == set(), "add these to TABLE"
    assert set(TABLE) - endpoints == set(), "these are no more"


def test_every_action_is_used(app: Flask) -> None:
    """What no route asks for is no right, and what a route asks for is an action."""
    needs = set(TABLE.values()) - {ANYONE, SIGNED_IN, PHONE, TOKEN}
    assert needs == set(ACTIONS)


def test_each_view_asks_for_what_the_table_says(app: Flask) -> None:
    """Two actions that the same roles have are told apart here."""
    asked = {endpoint: getattr(view, "required_action", None) for endpoint, view in app.view_functions.items()}
    needed = {endpoint: need if need in ACTIONS else None for endpoint, need in TABLE.items() if endpoint in asked}
    assert asked == needed


@pytest.mark.parametrize(("login", "role", "is_whole"), OFFICE)
def test_A81_the_office(
    app: Flask, client: FlaskClient, people: People, so: User, household: Version, login: str, role: str, is_whole: bool
) -> None:
    """A81: everybody gets what their role allows, a supervisor of a part nothing that concerns all places, and nobody more."""
    sign_in(client, login)
    actions = {action for action in ACTIONS if may(role, action, is_whole=is_whole)}
    assert wrongly_answered(app, client, {ANYONE, SIGNED_IN} | actions) == []


def test_nobody_gets_only_what_is_for_anyone(app: Flask, client: FlaskClient, household: Version) -> None:
    """Without a sign-in or a phone's token."""
    found = [request for request in requests_of(app) if request.need != ANYONE]
    assert [request for request in found if not is_refused(client, request)] == []


def test_anyone_gets_what_is_for_anyone(app: Flask, client: FlaskClient, household: Version) -> None:
    """Sign-in, the phone's pages and its enrolment ask nobody who they are."""
    for request in requests_of(app):
        if request.need == ANYONE:
            answer = client.open(request.address, method=request.method)
            assert answer.status_code not in (401, 403), request


def test_a_volunteer_has_no_office(app: Flask, people: People, session: Session, household: Version) -> None:
    """A volunteer works on the phone: even a login and a password open nothing here, nor a session from before."""
    wei = session.merge(people.wei)
    wei.login = "wei"
    set_password(session, wei, PASSWORD, by=None)
    session.commit()
    client = app.test_client()
    assert client.post("/office/sign-in", data={"login": "wei", "password": PASSWORD}).status_code == 401
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = wei.id, True
    found = [request for request in requests_of(app) if request.need != ANYONE]
    assert [request for request in found if not is_refused(client, request)] == []


def test_forms_without_a_token_are_refused(app: Flask, client: FlaskClient, people: People, household: Version) -> None:
    """CSRF: every POST of the office needs the token of the page that it comes from."""
    sign_in(client, "lin")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for request in requests_of(app):
            if request.method == "POST" and request.address.startswith("/office/"):
                answer = client.post(request.address)
                assert answer.status_code == 400 and "form_expired" in answer.text, request
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
