"""Webhooks through the API and on their pages."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.store import Delivery, Place, Version, Webhook
from tests.api.programs import program_of
from tests.conftest import People, Phone, sign_in
from tests.documents import fresh, make_document
from tests.webhooks.conftest import MakeWebhook

URL = "https://example.org/in"


@pytest.fixture
def ana(client: FlaskClient, people: People) -> FlaskClient:
    """Ana's browser."""
    return sign_in(client, "ana")


def test_a_program_makes_changes_and_removes_a_webhook(
    app: Flask, session: Session, people: People, household: Version
) -> None:
    program = program_of(app, session, people.ana)
    made = program.ask("/webhooks", "POST", json={"url": URL, "questionnaire": "household"})
    assert made.status_code == 201
    secret, webhook = made.get_json().pop("secret"), made.get_json()
    assert secret.startswith("whsec_") and webhook["questionnaire"] == "household"
    (listed,) = program.read("/webhooks")["items"]
    assert "secret" not in listed and listed == program.read(f"/webhooks/{listed['id']}")
    changed = program.ask(f"/webhooks/{listed['id']}", "PATCH", json={"questionnaire": None, "has_answers": True})
    assert changed.get_json() == listed | {"questionnaire": None, "has_answers": True}
    test = program.ask(f"/webhooks/{listed['id']}/test", "POST")
    assert (test.status_code, test.get_json()["state"], test.get_json()["response"]) == (202, "waiting", None)
    (delivery,) = program.read(f"/webhooks/{listed['id']}/deliveries")["items"]
    again = program.ask(f"/webhooks/{listed['id']}/deliveries/{delivery['id']}/again", "POST")
    assert again.status_code == 202
    assert program.ask(f"/webhooks/{listed['id']}", "DELETE").status_code == 204
    assert program.read("/webhooks") == {"items": []} and session.query(Delivery).count() == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "input_invalid"),
        ({"url": "x"}, 400, "input_invalid"),
        ({"url": "http://127.0.0.1/"}, 403, "webhook_private"),
        ({"url": URL, "questionnaire": "none"}, 404, "not_found"),
        ({"url": URL, "has_answers": "yes"}, 400, "input_invalid"),
        ({"url": URL, "secret": "x"}, 400, "input_invalid"),
    ],
)
def test_what_cannot_be_a_webhook(
    app: Flask, session: Session, people: People, body: object, status: int, code: str
) -> None:
    answer = program_of(app, session, people.ana).ask("/webhooks", "POST", json=body)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)


def test_nobody_has_too_many(app: Flask, session: Session, people: People) -> None:
    program = program_of(app, session, people.ana)
    answers = [program.ask("/webhooks", "POST", json={"url": URL}).status_code for _ in range(21)]
    assert answers == [201] * 20 + [409]


def test_somebody_elses_webhook_does_not_exist(app: Flask, session: Session, people: People) -> None:
    made = program_of(app, session, people.ana).ask("/webhooks", "POST", json={"url": URL}).get_json()
    other = program_of(app, session, people.lin)
    for method, path, body in (
        ("GET", "", None), ("PATCH", "", {"is_active": False}), ("DELETE", "", None), ("POST", "/test", None),
        ("GET", "/deliveries", None), ("POST", "/deliveries/x/again", None),
    ):  # fmt: skip
        assert other.ask(f"/webhooks/{made['id']}{path}", method, json=body).status_code == 404
    browser = sign_in(app.test_client(), "su")
    assert browser.get(f"/office/webhooks/{made['id']}").status_code == 404
    assert browser.post(f"/office/webhooks/{made['id']}/remove").status_code == 404
    assert URL not in browser.get("/office/webhooks").text
    assert session.query(Webhook).count() == 1


def test_an_owner_sees_and_removes_everybody_s(app: Flask, session: Session, people: People) -> None:
    """Whoever was in somebody's account may have left one behind."""
    made = program_of(app, session, people.ana).ask("/webhooks", "POST", json={"url": URL}).get_json()
    owner = sign_in(app.test_client(), "lin")
    page = owner.get("/office/webhooks").text
    assert URL in page and "Ana" in page
    # Its messages, and its key, stay theirs.
    assert owner.get(f"/office/webhooks/{made['id']}").status_code == 404
    assert owner.post(f"/office/webhooks/{made['id']}/secret").status_code == 404
    assert owner.post(f"/office/webhooks/{made['id']}/remove").status_code == 302
    assert session.query(Webhook).count() == 0


def test_tests_that_nobody_took_do_not_heap_up(app: Flask, session: Session, people: People) -> None:
    program = program_of(app, session, people.ana)
    made = program.ask("/webhooks", "POST", json={"url": URL}).get_json()
    ids = {program.ask(f"/webhooks/{made['id']}/test", "POST").get_json()["id"] for _ in range(3)}
    assert len(ids) == session.query(Delivery).count() == 1


def test_the_pages(ana: FlaskClient, household: Version, session: Session) -> None:
    made = ana.post("/office/webhooks", data={"url": f" {URL} ", "questionnaire": "0", "is_active": "y"})
    assert made.status_code == 201 and made.text.count("whsec_") == 1
    webhook = session.query(Webhook).one()
    assert (webhook.url, webhook.questionnaire_id, webhook.is_active, webhook.has_answers) == (URL, None, True, False)
    address = f"/office/webhooks/{webhook.id}"
    assert "whsec_" not in ana.get(address).text and URL in ana.get("/office/webhooks").text
    changed = {"url": URL, "questionnaire": str(household.questionnaire_id), "has_answers": "y"}
    assert ana.post(address, data=changed).status_code == 302
    fresh(session)
    webhook = session.query(Webhook).one()
    assert (webhook.questionnaire_id, webhook.is_active, webhook.has_answers) == (
        household.questionnaire_id,
        False,
        True,
    )
    assert ana.post(f"{address}/test").status_code == 302
    assert 'data-delivery="waiting"' in ana.get(address).text
    delivery = fresh(session).query(Delivery).one()
    assert ana.post(f"{address}/deliveries/{delivery.id}/again").status_code == 302
    before = fresh(session).query(Webhook).one().secret
    assert ana.post(f"{address}/secret").text.count("whsec_") == 1
    assert fresh(session).query(Webhook).one().secret != before
    assert ana.post(f"{address}/remove").status_code == 302
    assert fresh(session).query(Webhook).count() == 0


def test_a_bad_address_is_told_at_its_field(ana: FlaskClient, session: Session) -> None:
    for url in ("x", "http://192.168.1.5/"):
        answer = ana.post("/office/webhooks", data={"url": url, "questionnaire": "0"})
        assert answer.status_code == 400 and "field__fault" in answer.text
    assert session.query(Webhook).count() == 0


def test_the_page_shows_what_became_of_messages(
    app: Flask,
    make_webhook: MakeWebhook,
    ana: FlaskClient,
    people: People,
    phone: Phone,
    places: dict[str, Place],
    household: Version,
) -> None:
    made = make_webhook(people.ana)
    phone.receipts(make_document(household))
    page = ana.get(f"/office/webhooks/{made.id}").text
    assert 'data-delivery="waiting"' in page and "11111111" in page
