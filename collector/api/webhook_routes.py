"""Webhooks of the token's person, and their messages."""

from dataclasses import replace
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session

from collector.api.blueprint import bp
from collector.api.inputs import WebhookChangeSchema, WebhookRequestSchema
from collector.api.operation import operation
from collector.api.queries import by_id
from collector.api.reader import questionnaire_id_of
from collector.api.schemas import DeliverySchema, NewWebhookSchema, WebhookSchema, list_of
from collector.store import Delivery, Questionnaire, User, Webhook
from collector.store.session import reading, writing
from collector.webhooks import operations, queries
from collector.webhooks.messages import ACTION


@bp.get("/webhooks")
@operation(_l("Webhooks"), needs=ACTION, answer=list_of(WebhookSchema))
def webhooks() -> dict[str, Any]:
    """The person's webhooks."""
    session = reading()
    return {"items": [describe(session, one) for one in queries.webhooks_of(session, current_user.id)]}


@bp.post("/webhooks")
@operation(
    _l("Make a webhook"),
    needs=ACTION,
    body=WebhookRequestSchema(),
    answer=NewWebhookSchema(),
    status=201,
    faults=(404, 409),
)
def add_webhook(body: dict[str, Any]) -> dict[str, Any]:
    """Make a webhook. Its key is in this answer alone."""
    with writing() as session:
        wish = read_wish(session, operations.Wish(body["url"]), body)
        user = session.get_one(User, current_user.id)
        made, secret = operations.add_webhook(session, user, wish, allows_private=allows_private())
        return describe(session, made) | {"secret": secret}


@bp.get("/webhooks/<int:webhook_id>")
@operation(_l("A webhook"), needs=ACTION, answer=WebhookSchema(), faults=(404,))
def webhook(webhook_id: int) -> dict[str, Any]:
    """One webhook."""
    session = reading()
    return describe(session, queries.find_webhook(session, webhook_id, current_user.id))


@bp.patch("/webhooks/<int:webhook_id>")
@operation(_l("Change a webhook"), needs=ACTION, body=WebhookChangeSchema(), answer=WebhookSchema(), faults=(404,))
def change_webhook(webhook_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a webhook; its key stays."""
    with writing() as session:
        found = queries.find_webhook(session, webhook_id, current_user.id)
        present = operations.Wish(found.url, found.questionnaire_id, found.has_answers, found.is_active)
        wish = read_wish(session, present, body)
        operations.change_webhook(session, found, wish, by=current_user.id, allows_private=allows_private())
        return describe(session, found)


@bp.delete("/webhooks/<int:webhook_id>")
@operation(_l("Remove a webhook"), needs=ACTION, status=204, faults=(404,))
def remove_webhook(webhook_id: int) -> None:
    """Take a webhook away, with what was on its way to it."""
    with writing() as session:
        found = queries.find_webhook(session, webhook_id, current_user.id)
        operations.remove_webhook(session, found, by=current_user.id)


@bp.post("/webhooks/<int:webhook_id>/test")
@operation(_l("Send a test message"), needs=ACTION, answer=DeliverySchema(), status=202, faults=(404,))
def send_test(webhook_id: int) -> dict[str, Any]:
    """Send a message that tells of no response."""
    with writing() as session:
        found = queries.find_webhook(session, webhook_id, current_user.id)
        return describe_delivery(operations.send_test(session, found))


@bp.get("/webhooks/<int:webhook_id>/deliveries")
@operation(_l("Messages to a webhook"), needs=ACTION, answer=list_of(DeliverySchema), faults=(404,))
def deliveries(webhook_id: int) -> dict[str, Any]:
    """The latest hundred messages, newest first."""
    session = reading()
    found = queries.find_webhook(session, webhook_id, current_user.id)
    return {"items": [describe_delivery(one) for one in queries.deliveries_of(session, found)]}


@bp.post("/webhooks/<int:webhook_id>/deliveries/<delivery_id>/again")
@operation(_l("Send a message again"), needs=ACTION, answer=DeliverySchema(), status=202, faults=(404,))
def send_again(webhook_id: int, delivery_id: str) -> dict[str, Any]:
    """Send a message again, whatever became of it before."""
    with writing() as session:
        found = queries.find_webhook(session, webhook_id, current_user.id)
        delivery = queries.find_delivery(session, found, delivery_id)
        operations.send_again(session, delivery)
        return describe_delivery(delivery)


def allows_private() -> bool:
    """Whether addresses in private networks are taken."""
    return bool(current_app.config["SETTINGS"].allows_private_webhooks)


def read_wish(session: Session, present: operations.Wish, body: dict[str, Any]) -> operations.Wish:
    """What a body wants of a webhook; what it leaves out stays as at present. Raises CollectorError `not_found` for a questionnaire."""
    changed = dict(body)
    if "questionnaire" in changed:
        changed["questionnaire_id"] = questionnaire_id_of(session, changed.pop("questionnaire"))
    return replace(present, **changed)


def describe(session: Session, webhook: Webhook) -> dict[str, Any]:
    """A webhook as the API gives it."""
    owner = by_id(session, Questionnaire, [webhook.questionnaire_id]).get(webhook.questionnaire_id)
    names = ("id", "url", "has_answers", "is_active", "fault", "created_at")
    return {name: getattr(webhook, name) for name in names} | {"questionnaire": owner.form_id if owner else None}


def describe_delivery(delivery: Delivery) -> dict[str, Any]:
    """A message as the API gives it."""
    names = ("id", "attempts", "created_at", "next_at", "delivered_at", "last_status", "last_fault")
    return {name: getattr(delivery, name) for name in names} | {
        "response": delivery.response_id or None,
        "revision": delivery.revision or None,
        "state": queries.state_of(delivery),
    }
