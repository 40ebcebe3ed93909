"""Writes of webhooks: made, changed, taken away; their messages sent again, claimed and noted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.journal import record
from collector.store import Delivery, Questionnaire, User, Webhook, utc_now
from collector.webhooks.addresses import check_url
from collector.webhooks.schedule import CLAIMED, KEPT, next_try
from collector.webhooks.signing import new_secret

#: Webhooks that a person may have.
MAX_WEBHOOKS = 20
#: Status with which a receiver says that it wants no more (Standard Webhooks, "Operational considerations").
GONE = 410


@dataclass(frozen=True)
class Wish:
    """What somebody wants of a webhook. `questionnaire_id`: None for all."""

    url: str
    questionnaire_id: int | None = None
    has_answers: bool = False
    is_active: bool = True


def add_webhook(session: Session, user: User, wish: Wish, *, allows_private: bool) -> tuple[Webhook, str]:
    """Make a webhook. Gives it with its key, which is shown this once. Raises CollectorError for an address that cannot be."""
    check_url(wish.url, allows_private=allows_private)
    if (session.scalar(select(func.count()).where(Webhook.user_id == user.id)) or 0) >= MAX_WEBHOOKS:
        raise CollectorError("webhooks_too_many", limit=MAX_WEBHOOKS)
    _require_questionnaire(session, wish.questionnaire_id)
    secret = new_secret()
    webhook = Webhook(
        user_id=user.id,
        questionnaire_id=wish.questionnaire_id,
        url=wish.url,
        secret=secret,
        has_answers=wish.has_answers,
        is_active=wish.is_active,
    )
    session.add(webhook)
    session.flush()
    record(session, "webhook.make", str(webhook.id), user_id=user.id, person=user.id, has_answers=wish.has_answers)
    return webhook, secret


def change_webhook(session: Session, webhook: Webhook, wish: Wish, *, by: str, allows_private: bool) -> None:
    """Change a webhook; its key stays. Raises CollectorError for an address that cannot be."""
    check_url(wish.url, allows_private=allows_private)
    _require_questionnaire(session, wish.questionnaire_id)
    webhook.url, webhook.questionnaire_id = wish.url, wish.questionnaire_id
    webhook.has_answers, webhook.is_active = wish.has_answers, wish.is_active
    webhook.fault = ""
    session.flush()
    record(session, "webhook.change", str(webhook.id), user_id=by, has_answers=wish.has_answers, on=wish.is_active)


def remove_webhook(session: Session, webhook: Webhook, *, by: str) -> None:
    """Take a webhook away, with the messages that are still on their way."""
    record(session, "webhook.remove", str(webhook.id), user_id=by, person=webhook.user_id)
    session.execute(delete(Delivery).where(Delivery.webhook_id == webhook.id))
    session.delete(webhook)
    session.flush()


def renew_secret(session: Session, webhook: Webhook, *, by: str) -> str:
    """Give a webhook another key in place of the one that it had; it is shown this once."""
    secret = new_secret()
    webhook.secret = secret
    session.flush()
    record(session, "webhook.renew_secret", str(webhook.id), user_id=by)
    return secret


def send_test(session: Session, webhook: Webhook) -> Delivery:
    """Put a message on its way that tells of no response; the one that still waits, where there is one."""
    waits = Delivery.webhook_id == webhook.id, Delivery.response_id == "", Delivery.next_at.is_not(None)
    waiting = session.scalar(select(Delivery).where(*waits).limit(1))
    if waiting is not None:
        send_again(session, waiting)
        return waiting
    delivery = Delivery(id=str(uuid4()), webhook_id=webhook.id, response_id="", revision=0, next_at=utc_now())
    session.add(delivery)
    session.flush()
    return delivery


def send_again(session: Session, delivery: Delivery) -> None:
    """Put a message on its way again, whatever became of it before; its id stays."""
    delivery.created_at = delivery.next_at = utc_now()
    delivery.delivered_at, delivery.attempts = None, 0
    session.flush()


def claim(session: Session, delivery_id: str, was_due: datetime, now: datetime) -> bool:
    """Take a message for one's own for a while. Gives whether nobody else had."""
    unclaimed = update(Delivery).where(Delivery.id == delivery_id, Delivery.next_at == was_due)
    done = session.execute(unclaimed.values(next_at=now + CLAIMED, attempts=Delivery.attempts + 1))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def note_taken(session: Session, delivery: Delivery, status: int) -> None:
    """The receiver took a message."""
    delivery.delivered_at, delivery.next_at = utc_now(), None
    delivery.last_status, delivery.last_fault = status, ""
    session.flush()


def note_failed(session: Session, delivery: Delivery, webhook: Webhook, fault: str, status: int | None) -> None:
    """A try failed: the message, and with it all that wait for the same receiver, is tried later, or given up; 410 ends the webhook."""
    now = utc_now()
    delivery.last_status, delivery.last_fault = status, fault
    delivery.next_at = next_try(delivery.attempts, delivery.created_at, now)
    session.flush()
    if status == GONE:
        switch_off(session, webhook, "gone")
    elif delivery.next_at is not None:
        waiting = Delivery.webhook_id == webhook.id, Delivery.next_at < delivery.next_at, Delivery.id != delivery.id
        session.execute(update(Delivery).where(*waiting).values(next_at=delivery.next_at))


def switch_off(session: Session, webhook: Webhook, fault: str) -> None:
    """End a webhook by itself, with the reason in a word; what was on its way is given up."""
    webhook.is_active, webhook.fault = False, fault
    waiting = Delivery.webhook_id == webhook.id, Delivery.next_at.is_not(None)
    session.execute(update(Delivery).where(*waiting).values(next_at=None, last_fault="switched_off"))
    record(session, "webhook.switch_off", str(webhook.id), reason=fault)
    session.flush()


def remove_old(session: Session, now: datetime) -> None:
    """Forget messages that were taken or given up long ago."""
    is_over = Delivery.next_at.is_(None), Delivery.created_at < now - KEPT
    session.execute(delete(Delivery).where(*is_over))


def _require_questionnaire(session: Session, questionnaire_id: int | None) -> None:
    if questionnaire_id is not None and session.get(Questionnaire, questionnaire_id) is None:
        raise CollectorError("not_found")
