"""Messages to webhooks: written with the response, signed, tried again, never twice at the same moment."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import bindparam, select, type_coerce, update
from sqlalchemy.orm import Session

from collector.accounts.operations import assign_places, deactivate_user
from collector.store import Delivery, Place, QuarantinedDocument, Response, User, Version, Webhook, utc_now
from collector.store.sealed import StoredBytes
from collector.webhooks import sending
from collector.webhooks.delivering import take_due
from collector.webhooks.operations import claim, remove_old, remove_webhook, send_test
from collector.webhooks.schedule import CLAIMED, KEPT
from tests.conftest import People, Phone, Publish
from tests.documents import ID, make_document
from tests.servers import free_port
from tests.webhooks.conftest import MakeWebhook, find
from tests.webhooks.receivers import Receiver, is_signed

Deliver = Callable[[], int]
OTHER = "22222222-2222-4222-8222-222222222222"


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def deliveries(session: Session) -> list[Delivery]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id)))


def make_due(session: Session) -> None:
    """Let the time until the next try pass."""
    session.rollback()
    session.execute(update(Delivery).where(Delivery.next_at.is_not(None)).values(next_at=utc_now()))
    session.commit()


def test_a_response_is_told_of_and_the_message_is_signed(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    made = make_webhook(people.ana)
    phone.receipts(make_document(household))
    assert deliver() == 1
    ((headers, body),) = receiver.came
    assert is_signed(made.secret, headers, body)
    assert not is_signed(made.secret, headers, body + b" ")
    assert headers["content-type"] == "application/json"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    (message,) = receiver.messages
    assert message["type"] == "response.stored"
    content = message["data"]
    assert (content["response"], content["questionnaire"], content["version"]) == (ID, "household", "1")
    assert (content["revision"], content["is_current"], content["state"], content["place"]) == (
        1,
        True,
        "received",
        "C01",
    )
    assert "answers" not in content
    (delivery,) = deliveries(session)
    assert (delivery.id, delivery.last_status, delivery.attempts) == (headers["webhook-id"], 204, 1)
    assert delivery.delivered_at and deliver() == 0


def test_a_revision_is_told_of_and_a_repetition_is_not(
    make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, receiver: Receiver, deliver: Deliver
) -> None:
    make_webhook(people.ana)
    first, second = make_document(household), make_document(household, base=1, answers={"place": "C02"})
    phone.receipts(first, first)
    phone.receipts(first, second)
    while deliver():
        pass
    told = {(one["type"], one["data"]["revision"]) for one in receiver.messages}
    assert told == {("response.stored", 1), ("response.revised", 2)} and len(receiver.came) == 2


def test_what_is_rolled_back_is_told_to_nobody(
    open_app: Flask, make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    make_webhook(people.ana)

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("the server fails after the response was written")

    monkeypatch.setattr("collector.sync.pushes.note_devices", fail)
    assert phone.push(make_document(household)).status_code == 500
    assert deliveries(session) == [] and session.get(Response, ID) is None


def test_tests_and_quarantined_documents_are_told_to_nobody(
    make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, session: Session
) -> None:
    make_webhook(people.ana)
    session.merge(household).questionnaire.is_testing = True
    session.commit()
    phone.receipts(make_document(household), make_document(form="unknown", id=OTHER))
    assert deliveries(session) == []


def test_only_responses_of_the_questionnaire_and_the_places(
    make_webhook: MakeWebhook,
    people: People,
    so: User,
    phone: Phone,
    household: Version,
    publish: Publish,
    session: Session,
) -> None:
    other = publish(
        "| survey |\n| | type | name | label |\n| | text | q | Q |\n| settings |\n| | form_id |\n| | other |"
    )
    of_other = make_webhook(people.ana, questionnaire_id=other.questionnaire_id)
    of_part, off = make_webhook(so), make_webhook(people.su, is_active=False)
    reviewer = make_webhook(people.ren)
    phone.receipts(make_document(household), make_document(household, id=OTHER, place="C03", answers={"place": "C03"}))
    assert [(one.webhook_id, one.response_id) for one in deliveries(session)] == [(of_part.id, ID)]
    assert {of_other.id, off.id, reviewer.id}.isdisjoint({one.webhook_id for one in deliveries(session)})


def test_rights_at_the_moment_of_sending_count(
    make_webhook: MakeWebhook, people: People, places: dict[str, Place], phone: Phone, household: Version, receiver: Receiver,
    deliver: Deliver, session: Session,
) -> None:  # fmt: skip
    make_webhook(people.su)
    phone.receipts(make_document(household))
    assign_places(session, session.merge(people.su), [places["C03"].id], by=None)
    session.commit()
    deliver()
    assert receiver.came == [] and deliveries(session) == []


def test_a_person_who_left_ends_the_webhook(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    made = make_webhook(people.ana)
    phone.receipts(make_document(household))
    deactivate_user(session, session.merge(people.ana), by=None)
    session.commit()
    deliver()
    webhook = find(session, made)
    assert (webhook.is_active, webhook.fault) == (False, "not_allowed") and receiver.came == []
    assert [one.next_at for one in deliveries(session)] == [None]
    phone.receipts(make_document(household, id=OTHER))
    assert len(deliveries(session)) == 1


def test_answers_go_out_without_personal_ones(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    """Whatever the webhook's person may see themselves."""
    make_webhook(people.lin, has_answers=True)
    session.merge(household).questionnaire.personal_fields = ["members/name"]
    session.commit()
    answers = {
        "place": "C01", "hh_size": "2", "strange": "Hua", "meta": {"instanceName": "Hua"},
        "members": [{"name": "Hua", "age": "41"}],
    }  # fmt: skip
    phone.receipts(make_document(household, answers=answers, instance_name="Hua"))
    deliver()
    (message,) = receiver.messages
    assert message["data"]["answers"] == {"place": "C01", "hh_size": "2", "members": [{"age": "41"}]}
    assert b"Hua" not in receiver.came[0][1]


def test_a_failure_is_tried_again_later_with_the_same_id(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    made = make_webhook(people.ana)
    receiver.answers = [500, 302, 200]
    receiver.location = receiver.url
    phone.receipts(make_document(household))
    before = utc_now()
    assert deliver() == 1 and deliver() == 0
    (delivery,) = deliveries(session)
    assert delivery.next_at is not None and timedelta(seconds=4) < delivery.next_at - before < timedelta(seconds=30)
    assert (delivery.last_status, delivery.last_fault) == (500, "status")
    make_due(session)
    # A redirect is not followed.
    assert deliver() == 1 and len(receiver.came) == 2
    make_due(session)
    assert deliver() == 1
    (delivery,) = deliveries(session)
    assert delivery.delivered_at and delivery.attempts == 3 and delivery.last_fault == ""
    assert len(set(receiver.ids)) == 1 and all(is_signed(made.secret, *one) for one in receiver.came)


def test_nobody_listens(
    make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, deliver: Deliver, session: Session
) -> None:
    make_webhook(people.ana, url=f"http://127.0.0.1:{free_port()}/")
    make_webhook(people.ana, url="http://nowhere.invalid/")
    phone.receipts(make_document(household))
    assert deliver() == 2
    assert {one.last_fault for one in deliveries(session)} == {"no_answer", "unknown_host"}


def test_a_receiver_that_never_answers_is_given_up_after_a_while(
    make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, receiver: Receiver, deliver: Deliver, session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.3)
    receiver.is_holding = True
    make_webhook(people.ana)
    phone.receipts(make_document(household))
    deliver()
    (delivery,) = deliveries(session)
    assert (delivery.last_fault, delivery.last_status, delivery.attempts) == ("timeout", None, 1)
    receiver.is_holding = False
    make_due(session)
    deliver()
    assert deliveries(session)[0].delivered_at


def test_others_wait_with_the_one_that_failed(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    make_webhook(people.ana)
    receiver.answers = [503, 200]
    phone.receipts(*[make_document(household, id=f"{n}1111111-1111-4111-8111-111111111111") for n in range(5)])
    assert deliver() == 1 and deliver() == 0
    assert sorted(one.attempts for one in deliveries(session)) == [0, 0, 0, 0, 1]
    make_due(session)
    assert deliver() == 5 and all(one.delivered_at for one in deliveries(session))


def test_gone_ends_the_webhook(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    made = make_webhook(people.ana)
    receiver.answers = [410]
    phone.receipts(make_document(household))
    deliver()
    assert (find(session, made).is_active, find(session, made).fault) == (False, "gone")
    assert [one.next_at for one in deliveries(session)] == [None]


def test_a_message_that_nobody_took_for_days_is_given_up_and_forgotten(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    make_webhook(people.ana)
    receiver.answers = [500]
    phone.receipts(make_document(household))
    session.execute(update(Delivery).values(created_at=utc_now() - timedelta(days=6)))
    session.commit()
    deliver()
    (delivery,) = deliveries(session)
    assert delivery.next_at is None and delivery.delivered_at is None
    remove_old(session, utc_now())
    assert len(deliveries(session)) == 1
    remove_old(session, utc_now() + KEPT)
    session.commit()
    assert deliveries(session) == []


def test_a_process_that_was_killed_in_the_middle_loses_nothing(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    make_webhook(people.ana)
    phone.receipts(make_document(household))
    (delivery,) = deliveries(session)
    # What a process does first, and then no more.
    assert delivery.next_at is not None and claim(session, delivery.id, delivery.next_at, utc_now())
    session.commit()
    assert deliver() == 0 and receiver.came == []
    session.execute(update(Delivery).values(next_at=utc_now() - CLAIMED))
    session.commit()
    assert deliver() == 1 and len(receiver.came) == 1


def test_two_processes_send_each_message_once(
    open_app: Flask, make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, receiver: Receiver, deliver: Deliver,
    session: Session,
) -> None:  # fmt: skip
    make_webhook(people.ana)
    phone.receipts(*[make_document(household, id=f"{n:08d}-1111-4111-8111-111111111111") for n in range(20)])
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        deliver()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver()
    assert len(receiver.ids) == len(set(receiver.ids)) == 20
    assert all(one.attempts == 1 for one in deliveries(session))


def test_a_webhook_taken_away_meanwhile(
    open_app: Flask,
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    deliver: Deliver,
    session: Session,
) -> None:
    made = make_webhook(people.ana)
    phone.receipts(make_document(household))
    remove_webhook(session, find(session, made), by=people.ana.id)
    session.commit()
    assert deliver() == 0 and deliveries(session) == []


def test_messages_of_a_webhook_that_is_off_wait_and_a_test_does_not(
    open_app: Flask, make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, receiver: Receiver, deliver: Deliver,
    session: Session,
) -> None:  # fmt: skip
    made = make_webhook(people.ana)
    phone.receipts(make_document(household))
    webhook = find(session, made)
    webhook.is_active = False
    send_test(session, webhook)
    session.commit()
    assert deliver() == 1 and [one["type"] for one in receiver.messages] == ["webhook.test"]
    find(session, made).is_active = True
    session.commit()
    assert deliver() == 1 and receiver.messages[-1]["type"] == "response.stored"


def test_the_background_process_is_told_when_there_is_something_to_do(
    open_app: Flask, make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, receiver: Receiver
) -> None:
    make_webhook(people.ana)
    with open_app.app_context():
        assert take_due() is None
    phone.receipts(make_document(household))
    with open_app.app_context():
        work = take_due()
        assert work is not None
        work()
        assert take_due() is None
    assert len(receiver.came) == 1


def test_a_damaged_secret_ends_the_webhook(
    open_app: Flask,
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    deliver: Deliver,
    session: Session,
) -> None:
    made = make_webhook(people.ana)
    sealed = session.scalar(select(type_coerce(Webhook.secret, StoredBytes())))
    assert made.secret.encode() not in sealed
    damaged = bindparam("damaged", sealed[:-1], type_=StoredBytes())
    session.execute(update(Webhook.__table__).values({Webhook.__table__.c.sealed_secret: damaged}))
    session.commit()
    phone.receipts(make_document(household))
    deliver()
    assert find(session, made).fault == "secret_lost"


def test_without_webhooks_nothing_is_written(phone: Phone, household: Version, session: Session) -> None:
    phone.receipts(make_document(household))
    assert deliveries(session) == []


def test_what_is_accepted_from_the_quarantine_and_changed_in_the_office_is_told_too(
    make_webhook: MakeWebhook,
    people: People,
    su: FlaskClient,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    make_webhook(people.ana)
    phone.receipts(make_document(form="unknown"))
    kept = session.scalars(select(QuarantinedDocument)).one()
    chosen = {"questionnaire": household.questionnaire_id}
    assert su.post(f"/office/quarantine/{kept.id}/accept", data=chosen).status_code == 302
    assert deliver() == 1 and receiver.messages[0]["type"] == "response.stored"
    edit_one(su, {"hh_size": "5"})
    assert deliver() == 1 and receiver.messages[1]["data"]["revision"] == 2


def edit_one(browser: FlaskClient, changes: dict[str, str]) -> None:
    """Change answers of the response in the office."""
    fields = {f"answer:{path}": value for path, value in changes.items()}
    answer = browser.post(f"/office/responses/{ID}/edit", data=fields | {"base": "1", "reason": "misheard"})
    assert answer.status_code == 302, answer.text
