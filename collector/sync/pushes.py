"""Pushes of phones that come at the same time: prepared and stored together, in one transaction, with a receipt for each.

A push alone costs some twenty statements and a commit, and so do many together. docs/decisions/0033-pushes-together.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy.exc import OperationalError

from collector.errors import CollectorError
from collector.intake.locks import is_still_locked, wait_at_most
from collector.intake.operations import PreparedPush, Push, prepare_pushes, store_pushes
from collector.intake.receipts import worded
from collector.questionnaires.engine import shared_engine
from collector.settings import MAX_PUSH_RESPONSES
from collector.store.session import close_session, reading, writing
from collector.sync.operations import Contact, note_devices
from collector.turns import Turns

#: Responses that are stored together, and about how many characters of them: as much as two full pushes, or the memory of a few.
MOST_RESPONSES, MOST_CHARACTERS = 2 * MAX_PUSH_RESPONSES, 4 * 1024 * 1024
#: Pushes that a process holds at a time, of its threads (collector/serving.py); the others are for people who look at pages.
MOST_PUSHES = 20
#: Seconds that the checks of all pushes of a turn may take, and for which it waits for a lock; then for which each of them does. What takes
#: longer is done alone, with all the time that a push has.
SHARED_CHECK_SECONDS, SHARED_LOCK_SECONDS, OWN_LOCK_SECONDS = 1.0, 1.0, 0.1
#: Room for the pushes that a process stores alone at a time: each holds a connection for as long as it waits for a lock.
alone = BoundedSemaphore(4)
#: Seconds after which a phone that found no room may come again.
AGAIN_S = 5

#: A receipt for each response of a push.
Receipts = list[dict[str, Any]]


@dataclass(frozen=True)
class PhonePush:
    """What a phone brings, and what it says of itself."""

    push: Push
    contact: Contact


def init_app(app: Flask) -> None:
    """Let pushes to `app` that come at the same time be stored together."""
    app.extensions["collector_pushes"] = Turns(
        take_in, take_in_alone, most_size=MOST_CHARACTERS, most=MOST_PUSHES, full="pushes_too_many"
    )


def bring_in(brought: PhonePush) -> Receipts:
    """Store a push, and give its receipts once all is on the disk. Raises CollectorError `pushes_too_many`."""
    turns: Turns[PhonePush, Receipts] = current_app.extensions["collector_pushes"]
    try:
        return list(map(worded, turns.bring(brought, _size(brought.push))))
    except CollectorError as error:
        if error.code == "pushes_too_many":
            g.retry_after_s = AGAIN_S
        raise


def take_in(brought: Sequence[PhonePush]) -> list[Receipts | None]:
    """Store pushes in one transaction. Gives the receipts of each; None for those that take long, and are not stored."""
    prepared = prepare_pushes(reading(), [one.push for one in brought], shared_engine(), SHARED_CHECK_SECONDS)
    checked = [at for at, push in enumerate(prepared) if push.is_checked]

    def store(some: list[int], seconds: float) -> dict[int, Receipts]:
        contacts = [brought[at].contact for at in some]
        return dict(zip(some, _store_soon([prepared[at] for at in some], contacts, seconds), strict=False))

    found = store(checked, SHARED_LOCK_SECONDS) if checked else {}
    if not found and len(checked) > 1:
        # One of them needs what somebody else holds; which one, each finds out.
        for at in checked:
            found |= store([at], OWN_LOCK_SECONDS)
    return [found.get(at) for at in range(len(brought))]


def _store_soon(pushes: Sequence[PreparedPush], contacts: Sequence[Contact], seconds: float) -> list[Receipts]:
    """Store pushes in one transaction. Gives nothing, and stores nothing, where it would wait for a lock for longer."""
    try:
        with writing() as session:
            wait_at_most(session, seconds)
            receipts = store_pushes(session, pushes)
            note_devices(session, contacts)
            return receipts
    except OperationalError as error:
        if not is_still_locked(error):
            raise
        return []


def take_in_alone(brought: PhonePush) -> Receipts:
    """Store one push, however long its checks and locks take."""
    # Nothing of a turn that failed is gone on with, and who waits for room holds no connection.
    close_session()
    with alone:
        prepared = prepare_pushes(reading(), [brought.push], shared_engine())
        with writing() as session:
            [receipts] = store_pushes(session, prepared)
            note_devices(session, [brought.contact])
    return receipts


def _size(push: Push) -> int:
    """What a push takes of a turn: its share of the responses, or of the characters, whichever is more."""
    characters = sum(len(item) if isinstance(item, str) else MOST_CHARACTERS for item in push.items)
    return max(characters, len(push.items) * MOST_CHARACTERS // MOST_RESPONSES)
