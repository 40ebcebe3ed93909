"""A volunteer who forgot a PIN: the phone asks, a supervisor compares the check number and answers."""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.sealing.boxes import open_box
from collector.sealing.keys import SealingKey
from collector.store import JournalEntry, KeyRecovery, User, utc_now
from tests.conftest import People, Phone, sign_in


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def point_of(private: EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@pytest.fixture
def key(app: Flask) -> SealingKey:
    """The installation's key."""
    found: SealingKey = app.extensions["collector_sealing_key"]
    return found


class Question:
    """What a phone asks: it has the key only sealed, and a reply key of its own."""

    def __init__(self, key: SealingKey, user: User) -> None:
        self.dek = os.urandom(32)
        self.reply = generate_private_key(SECP256R1())
        self.body = {
            "user": user.id,
            "key_id": key.id,
            "sealed": b64(key.seal(self.dek, user.id)),
            "reply_key": b64(point_of(self.reply)),
        }
        digest = hashlib.sha256(point_of(self.reply)).digest()
        self.number = str(int.from_bytes(digest[:4], "big") % 10000).zfill(4)

    def ask(self, phone: Phone, **changes: Any) -> Any:
        return phone.client.post("/sync/v1/recoveries", json=self.body | changes, headers=phone.headers)

    def state(self, phone: Phone, recovery_id: str) -> Any:
        return phone.client.get(f"/sync/v1/recoveries/{recovery_id}", headers=phone.headers)


@pytest.fixture
def question(key: SealingKey, people: People) -> Question:
    """Wei's."""
    return Question(key, people.wei)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def test_it_works(su: FlaskClient, people: People, phone: Phone, question: Question, session: Session) -> None:
    answer = question.ask(phone)
    assert (answer.status_code, answer.get_json()["state"]) == (201, "asked")
    recovery_id = answer.get_json()["id"]
    assert question.state(phone, recovery_id).get_json() == {"state": "asked", "sealed": None}
    assert "PIN forgotten" in su.get("/office/people").text
    page = su.get(f"/office/people/{people.wei.id}").text
    assert f"PIN forgotten on Test phone, check number {question.number}" in page
    assert "by voice" in page
    assert su.post(f"/office/people/recoveries/{recovery_id}/grant").status_code == 302
    given = question.state(phone, recovery_id).get_json()
    assert given["state"] == "granted"
    assert open_box(base64.b64decode(given["sealed"]), question.reply, people.wei.id) == question.dek
    assert "PIN forgotten" not in su.get("/office/people").text
    assert question.number not in su.get(f"/office/people/{people.wei.id}").text


def test_it_is_in_the_journal_and_the_key_is_nowhere(
    su: FlaskClient, people: People, phone: Phone, question: Question, session: Session
) -> None:
    recovery_id = question.ask(phone).get_json()["id"]
    su.post(f"/office/people/recoveries/{recovery_id}/grant")
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action.like("recovery.%"))).all()
    assert [(entry.action, entry.user_id, entry.device_id) for entry in entries] == [
        ("recovery.ask", None, phone.device.id),
        ("recovery.grant", people.su.id, None),
    ]
    assert {entry.subject for entry in entries} == {recovery_id}
    row = session.execute(select(KeyRecovery.__table__)).one()
    stored = json.dumps([str(value) for value in row] + [entry.details for entry in entries])
    assert b64(question.dek) not in stored
    assert question.dek.hex() not in stored


def test_the_same_question_has_the_same_id(phone: Phone, question: Question, session: Session) -> None:
    first = question.ask(phone).get_json()["id"]
    assert question.ask(phone).get_json() == {"id": first, "state": "asked"}
    assert question.ask(phone, sealed=question.body["sealed"]).get_json()["id"] == first
    assert len(session.scalars(select(KeyRecovery)).all()) == 1


def test_a_refused_one_stays_refused(su: FlaskClient, phone: Phone, question: Question) -> None:
    recovery_id = question.ask(phone).get_json()["id"]
    assert su.post(f"/office/people/recoveries/{recovery_id}/refuse").status_code == 302
    assert question.state(phone, recovery_id).get_json() == {"state": "refused", "sealed": None}
    assert su.post(f"/office/people/recoveries/{recovery_id}/grant").status_code == 404
    assert question.ask(phone).get_json() == {"id": recovery_id, "state": "refused"}


def test_it_ends_after_a_day(su: FlaskClient, phone: Phone, question: Question, session: Session) -> None:
    recovery_id = question.ask(phone).get_json()["id"]
    session.execute(update(KeyRecovery).values(asked_at=utc_now() - timedelta(hours=24, seconds=1)))
    session.commit()
    assert code_of(question.state(phone, recovery_id)) == (404, "recovery_unknown")
    assert su.post(f"/office/people/recoveries/{recovery_id}/grant").status_code == 404
    assert "PIN forgotten" not in su.get("/office/people").text
    again = question.ask(phone).get_json()
    assert again["state"] == "asked"
    assert again["id"] != recovery_id


def test_nobody_asks_for_somebody_else(
    people: People, phone: Phone, question: Question, enrol: Callable[[User], Phone]
) -> None:
    mei = enrol(people.mei)
    assert code_of(question.ask(mei)) == (403, "recovery_of_other_user")
    recovery_id = question.ask(phone).get_json()["id"]
    assert code_of(question.state(mei, recovery_id)) == (403, "recovery_of_other_user")
    assert code_of(question.state(phone, "none")) == (404, "recovery_unknown")
    assert phone.client.post("/sync/v1/recoveries", json=question.body).status_code == 401


def test_another_server_s_key_is_told(phone: Phone, question: Question) -> None:
    assert code_of(question.ask(phone, key_id="0123456789abcdef")) == (409, "sealing_key_differs")


@pytest.mark.parametrize(
    "change",
    [
        {"sealed": None},
        {"sealed": "x"},
        {"sealed": b64(bytes(113))},
        {"sealed": "é" * 152},
        {"reply_key": b64(bytes(65))},
        {"reply_key": b64(b"\x04" + bytes(64))},
        {"reply_key": "=" * 88},
        {"reply_key": 5},
        {"user": {}},
        {"key_id": []},
    ],
)
def test_what_cannot_be_answered_is_refused(phone: Phone, question: Question, change: dict[str, Any]) -> None:
    assert code_of(question.ask(phone, **change)) == (400, "recovery_malformed")


def test_a_box_that_holds_no_key_is_refused(phone: Phone, question: Question, key: SealingKey, people: People) -> None:
    assert code_of(question.ask(phone, sealed=b64(key.seal(bytes(31), people.wei.id)))) == (400, "recovery_malformed")
    other = SealingKey(generate_private_key(SECP256R1()))
    assert code_of(question.ask(phone, sealed=b64(other.seal(bytes(32), people.wei.id)))) == (400, "recovery_malformed")


def test_a_colleague_s_box_is_refused(phone: Phone, question: Question, key: SealingKey, people: People) -> None:
    # Whoever holds a colleague's file of unsent responses has that box.
    stolen = b64(key.seal(os.urandom(32), people.mei.id))
    assert code_of(question.ask(phone, sealed=stolen)) == (400, "recovery_malformed")


def test_twenty_open_questions_a_phone(su: FlaskClient, phone: Phone, key: SealingKey, people: People) -> None:
    questions = [Question(key, people.wei) for _ in range(21)]
    asked = [question.ask(phone) for question in questions[:20]]
    assert {answer.status_code for answer in asked} == {201}
    assert code_of(questions[20].ask(phone)) == (429, "too_many_recoveries")
    assert questions[0].ask(phone).status_code == 201
    su.post(f"/office/people/recoveries/{asked[0].get_json()['id']}/refuse")
    assert questions[20].ask(phone).status_code == 201


def test_only_the_office_answers(client: FlaskClient, phone: Phone, question: Question) -> None:
    recovery_id = question.ask(phone).get_json()["id"]
    for answer in ("grant", "refuse"):
        assert client.post(f"/office/people/recoveries/{recovery_id}/{answer}").status_code == 401
    assert question.state(phone, recovery_id).get_json()["state"] == "asked"


def test_a_changed_key_is_told_and_leaves_the_question_open(
    app: Flask, client: FlaskClient, phone: Phone, question: Question, key: SealingKey
) -> None:
    recovery_id = question.ask(phone).get_json()["id"]
    sign_in(client, "su")
    app.extensions["collector_sealing_key"] = SealingKey(generate_private_key(SECP256R1()))
    try:
        assert client.post(f"/office/people/recoveries/{recovery_id}/grant").status_code == 409
    finally:
        app.extensions["collector_sealing_key"] = key
    assert question.state(phone, recovery_id).get_json()["state"] == "asked"
    assert client.post(f"/office/people/recoveries/{recovery_id}/grant").status_code == 302
