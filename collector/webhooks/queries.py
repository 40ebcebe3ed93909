"""Reads of webhooks and their messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.store import Delivery, User, Webhook

#: Messages that a page shows.
SHOWN = 100
#: States of a message.
WAITING, RETRYING, DELIVERED, GIVEN_UP = "waiting", "retrying", "delivered", "given_up"


def webhooks_of(session: Session, user_id: str) -> list[Webhook]:
    """The webhooks of a person, in the order in which they were made."""
    return list(session.scalars(select(Webhook).where(Webhook.user_id == user_id).order_by(Webhook.id)))


def webhooks_of_others(session: Session, user_id: str) -> list[tuple[Webhook, str]]:
    """The webhooks of everybody but one person, each with the name of whom it belongs to."""
    query = select(Webhook, User.name).join(User, User.id == Webhook.user_id).where(Webhook.user_id != user_id)
    return [(webhook, name) for webhook, name in session.execute(query.order_by(User.name, Webhook.id))]


def find_webhook(session: Session, webhook_id: int, user_id: str) -> Webhook:
    """A person's webhook. Raises CollectorError `not_found`, also for somebody else's."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None or webhook.user_id != user_id:
        raise CollectorError("not_found")
    return webhook


def deliveries_of(session: Session, webhook: Webhook, limit: int = SHOWN) -> Sequence[Delivery]:
    """The latest messages to a webhook, newest first."""
    query = select(Delivery).where(Delivery.webhook_id == webhook.id)
    return session.scalars(query.order_by(Delivery.created_at.desc(), Delivery.id).limit(limit)).all()


def find_delivery(session: Session, webhook: Webhook, delivery_id: str) -> Delivery:
    """A message to a webhook. Raises CollectorError `not_found`."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or delivery.webhook_id != webhook.id:
        raise CollectorError("not_found")
    return delivery


def count_waiting(session: Session, webhook: Webhook) -> int:
    """How many messages to a webhook are still on their way."""
    waiting = select(func.count()).where(Delivery.webhook_id == webhook.id, Delivery.next_at.is_not(None))
    return session.scalar(waiting) or 0


def state_of(delivery: Delivery) -> str:
    """What has become of a message."""
    if delivery.delivered_at is not None:
        return DELIVERED
    if delivery.next_at is None:
        return GIVEN_UP
    return RETRYING if delivery.attempts else WAITING


def due(session: Session, now: datetime, limit: int) -> list[tuple[str, int, datetime]]:
    """Messages that are due: id, webhook and since when. Of each webhook the first `limit` in the order of their arrival, so that no
    receiver waits until thousands of another one's are through.
    """
    order = Delivery.created_at, Delivery.revision, Delivery.id
    place = func.row_number().over(partition_by=Delivery.webhook_id, order_by=order).label("place")
    ranked = _is_due(select(Delivery.id, Delivery.webhook_id, Delivery.next_at, place), now).subquery()
    found = session.execute(select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.webhook_id, ranked.c.place))
    return [(row.id, row.webhook_id, row.next_at) for row in found]


def is_any_due(session: Session, now: datetime) -> bool:
    """Tell whether any message is due."""
    query = _is_due(select(Delivery.id), now)
    return session.scalar(query.limit(1)) is not None


def _is_due(query: Any, now: datetime) -> Any:
    """Those of a webhook that is off wait until it is on again; a test is wanted in any case."""
    query = query.join(Webhook, Webhook.id == Delivery.webhook_id).where(Delivery.next_at <= now)
    return query.where(Webhook.is_active | (Delivery.response_id == ""))
