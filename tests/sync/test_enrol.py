"""POST /sync/v1/enrol, and phones whose access ends."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.accounts.operations import ENROLMENT_USES, deactivate_user, issue_enrolment, revoke_enrolment
from collector.store import Device, Enrolment, User
from tests.conftest import People, Phone


def try_to_enrol(client: FlaskClient, token: object) -> tuple[int, dict]:
    answer = client.post("/sync/v1/enrol", json={"token": token, "label": "Chrome on Android"})
    return answer.status_code, answer.get_json()


def test_it_works(client: FlaskClient, session: Session, people: People) -> None:
    _, token = issue_enrolment(session, people.wei, by=None)
    session.commit()
    status, answer = try_to_enrol(client, token)
    assert (status, answer["user"]) == (201, {"id": people.wei.id, "name": "Wei", "language": "zh"})
    device = session.get_one(Device, answer["device_id"])
    assert (device.user_id, device.label) == (people.wei.id, "Chrome on Android")
    assert answer["device_token"] not in device.token_hash
    headers = {"Authorization": f"Bearer {answer['device_token']}"}
    assert client.get("/sync/v1/pull", headers=headers).status_code == 200


def test_the_body_counts_and_not_what_type_a_client_gives_it(client: FlaskClient) -> None:
    for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        answer = client.post("/sync/v1/enrol", data=b'{"token": "wrong"}', content_type=content_type)
        assert answer.get_json()["error"]["code"] == "enrolment_unknown", content_type


def test_codes_that_do_not_work(client: FlaskClient, session: Session, people: People) -> None:
    _, expired = issue_enrolment(session, people.wei, by=None, lifetime=timedelta(seconds=-1))
    enrolment, revoked = issue_enrolment(session, people.wei, by=None)
    revoke_enrolment(session, enrolment, by=people.su.id)
    _, used = issue_enrolment(session, people.wei, by=None)
    session.commit()
    for _ in range(ENROLMENT_USES):
        assert try_to_enrol(client, used)[0] == 201
    for token, status, code in [
        ("wrong", 404, "enrolment_unknown"),
        (expired, 410, "enrolment_expired"),
        (revoked, 410, "enrolment_revoked"),
        (used, 410, "enrolment_used_up"),
        (5, 400, "enrol_malformed"),
    ]:
        found, answer = try_to_enrol(client, token)
        assert (found, answer["error"]["code"]) == (status, code)
        assert answer["error"]["message"]


def test_the_message_is_in_the_phones_language(client: FlaskClient) -> None:
    answer = client.post("/sync/v1/enrol", json={"token": "wrong"}, headers={"Accept-Language": "zh-CN"})
    assert "二维码" in answer.get_json()["error"]["message"] or "注册码" in answer.get_json()["error"]["message"]


def test_revoking_a_code_ends_its_phones_and_no_others__A78(
    phone: Phone, enrol: Callable[[User], Phone], session: Session, people: People
) -> None:
    other = enrol(people.mei)
    device = session.get_one(Device, phone.device.id)
    revoke_enrolment(session, session.get_one(Enrolment, device.enrolment_id), by=people.su.id)
    session.commit()
    answer = phone.push()
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "device_revoked")
    assert other.push().status_code == 200


def test_somebody_who_left_can_send_no_more(phone: Phone, session: Session) -> None:
    deactivate_user(session, session.get_one(User, phone.user.id), by=None)
    session.commit()
    assert phone.push().get_json()["error"]["code"] == "device_revoked"
