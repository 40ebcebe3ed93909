"""Sending what is due: several receivers at once, one message at a time to each, none twice at the same moment."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic

from flask import Flask, current_app

from collector import metrics
from collector.accounts.scope import scope_of
from collector.store import Delivery, User, Webhook, utc_now
from collector.store.data_keys import CannotOpen
from collector.store.session import reading, writing
from collector.webhooks import operations, queries
from collector.webhooks.addresses import Refused, read_url
from collector.webhooks.messages import make_message, may_be_told
from collector.webhooks.sending import post
from collector.webhooks.signing import sign

log = logging.getLogger(__name__)

#: Receivers that are spoken to at the same time.
THREADS = 4
#: Messages to one receiver that are looked at in one round.
ROUND = 200
#: How long one receiver may take of a round before others get their turn.
TURN_S = 10
#: How often old messages are looked for.
TIDIED_EVERY = timedelta(hours=1)

_tidied: dict[str, datetime] = {}


def take_due() -> Callable[[], None] | None:
    """What there is to do, for the background process: None while nothing is due. Called in an app context."""
    now = utc_now()
    last = _tidied.get(current_app.name)
    if last is None or last < now - TIDIED_EVERY:
        _tidied[current_app.name] = now
        with writing() as session:
            operations.remove_old(session, now)
    return deliver_all_due if queries.is_any_due(reading(), now) else None


def deliver_all_due() -> None:
    """Send until nothing is due any more."""
    while deliver_due():
        pass


def deliver_due() -> int:
    """Send one round of what is due. Gives how many messages were tried; needs an app context."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    found = queries.due(reading(), utc_now(), ROUND)
    # Readers hold no snapshot while the round is sent.
    reading().rollback()
    turns: dict[int, list[tuple[str, datetime]]] = {}
    for delivery_id, webhook_id, due_at in found:
        turns.setdefault(webhook_id, []).append((delivery_id, due_at))
    if not turns:
        return 0
    with ThreadPoolExecutor(min(THREADS, len(turns))) as pool:
        return sum(pool.map(lambda messages: _take_turn(app, messages), turns.values()))


def _take_turn(app: Flask, messages: list[tuple[str, datetime]]) -> int:
    """Send messages to one receiver in their order, until one fails or its time is up. Gives how many were tried."""
    tried, until = 0, monotonic() + TURN_S
    with app.app_context():
        for delivery_id, due_at in messages:
            if monotonic() > until:
                break
            with writing() as session:
                is_mine = operations.claim(session, delivery_id, due_at, utc_now())
            if not is_mine:
                continue
            tried += 1
            if not _deliver(delivery_id):
                break
    return tried


def _deliver(delivery_id: str) -> bool:
    """Try one message that was claimed. Gives whether its receiver is to be spoken to further."""
    prepared = _prepare(delivery_id)
    if prepared is None:
        return True
    url, body, headers = prepared
    status, fault = None, ""
    try:
        is_private_allowed = current_app.config["SETTINGS"].allows_private_webhooks
        status = post(read_url(url), body, headers, allows_private=is_private_allowed)
    except Refused as refused:
        fault = str(refused)
    is_taken = status is not None and 200 <= status < 300
    metrics.count_delivery("taken" if is_taken else "failed")
    with writing() as session:
        delivery = session.get(Delivery, delivery_id)
        webhook = session.get(Webhook, delivery.webhook_id) if delivery else None
        if delivery is None or webhook is None:
            return False
        if is_taken and status is not None:
            operations.note_taken(session, delivery, status)
        else:
            log.info("webhook %s did not take a message: %s", webhook.id, fault or status)
            operations.note_failed(session, delivery, webhook, fault or "status", status)
    return is_taken


def _secret_of(webhook: Webhook) -> str | None:
    """The key of a webhook's signatures; None where it was damaged, or sealed with a data key that is not here."""
    try:
        return webhook.secret
    except CannotOpen:
        return None


def _prepare(delivery_id: str) -> tuple[str, bytes, dict[str, str]] | None:
    """Address, body and headers of a message, by what its webhook's person may see now; None where there is nothing to send.

    A webhook whose person has left or lost the right, or whose key cannot be read any more, is switched off.
    """
    with writing() as session:
        delivery = session.get(Delivery, delivery_id)
        webhook = session.get(Webhook, delivery.webhook_id) if delivery else None
        if delivery is None or webhook is None:
            return None
        user = session.get_one(User, webhook.user_id)
        secret = _secret_of(webhook)
        if not may_be_told(user, scope_of(session, user.id, user.role)):
            operations.switch_off(session, webhook, "not_allowed")
            return None
        if secret is None:
            operations.switch_off(session, webhook, "secret_lost")
            return None
        message = make_message(session, webhook, delivery)
        if message is None:
            # Deleted since, or out of the person's places: there is nothing to tell.
            session.delete(delivery)
            return None
        timestamp, body, url = int(utc_now().timestamp()), message.body, webhook.url
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Collector",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, delivery_id, timestamp, body),
    }
    return url, body, headers
