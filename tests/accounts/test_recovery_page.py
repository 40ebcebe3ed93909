"""Answering a forgotten PIN in the office, in both languages, with the page's token."""

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import People, Phone
from tests.sync.test_recoveries import Question


def test_the_page_speaks_chinese_too(app: Flask, su: FlaskClient, phone: Phone, people: People) -> None:
    question = Question(app.extensions["collector_sealing_key"], people.wei)
    question.ask(phone)
    su.post("/office/language", data={"language": "zh", "next": "/office/people"})
    assert "忘记 PIN" in su.get("/office/people").text
    page = su.get(f"/office/people/{people.wei.id}").text
    assert f"核对号码 {question.number}" in page
    assert page.count('name="csrf_token"') >= 2


def test_no_answer_without_the_page_s_token(app: Flask, su: FlaskClient, phone: Phone, people: People) -> None:
    question = Question(app.extensions["collector_sealing_key"], people.wei)
    recovery_id = question.ask(phone).get_json()["id"]
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert su.post(f"/office/people/recoveries/{recovery_id}/grant").status_code == 400
        assert su.post("/office/unsent-file", data={}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert question.state(phone, recovery_id).get_json()["state"] == "asked"


def test_who_left_gets_no_answer(app: Flask, su: FlaskClient, phone: Phone, people: People) -> None:
    question = Question(app.extensions["collector_sealing_key"], people.wei)
    recovery_id = question.ask(phone).get_json()["id"]
    su.post(f"/office/people/{people.wei.id}/deactivate")
    assert su.post(f"/office/people/recoveries/{recovery_id}/grant").status_code == 404
