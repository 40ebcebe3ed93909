"""A receiver, an app that may send to it, and webhooks that lead there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from collector.store import User, Webhook
from collector.webhooks.delivering import deliver_due
from collector.webhooks.operations import Wish, add_webhook
from tests.webhooks.receivers import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real receiver."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def open_app(app: Flask) -> Iterator[Flask]:
    """The app, allowed to send into private networks."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, allows_private_webhooks=True)
    yield app
    app.config["SETTINGS"] = settings


@dataclass(frozen=True)
class Made:
    """A webhook, and its key."""

    id: int
    secret: str


MakeWebhook = Callable[..., Made]


@pytest.fixture
def make_webhook(open_app: Flask, session: Session, receiver: Receiver) -> MakeWebhook:
    """`make_webhook(user, **Wish)`: a webhook to the receiver."""

    def make(user: User, **wish: object) -> Made:
        session.expire_on_commit = False
        wanted = Wish(str(wish.pop("url", receiver.url)), **wish)  # type: ignore[arg-type]
        with open_app.app_context():
            webhook, secret = add_webhook(session, session.merge(user), wanted, allows_private=True)
            session.commit()
        return Made(webhook.id, secret)

    return make


@pytest.fixture
def deliver(open_app: Flask) -> Callable[[], int]:
    """Send what is due; gives how many messages were tried."""

    def deliver() -> int:
        with open_app.app_context():
            return deliver_due()

    return deliver


def find(session: Session, made: Made) -> Webhook:
    """The webhook as it is now."""
    session.rollback()
    session.expire_all()
    return session.get_one(Webhook, made.id)
