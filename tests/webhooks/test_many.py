"""Many messages to many receivers: none waits for another's, and they go in the order of arrival."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from collector.store import Delivery, Place, Version, utc_now
from collector.webhooks.delivering import ROUND
from tests.conftest import People, Phone
from tests.documents import ID, make_document
from tests.webhooks.conftest import MakeWebhook
from tests.webhooks.receivers import Receiver, receiving

Deliver = Callable[[], int]


@pytest.fixture(autouse=True)
def _prepared(places: dict[str, Place], household: Version) -> None:
    """Every test here has places and the household questionnaire."""


def add_waiting(session: Session, webhook_id: int, number: int) -> None:
    """Let so many messages wait for a webhook, longer than any other."""
    earlier = utc_now() - timedelta(minutes=5)
    row = {"webhook_id": webhook_id, "response_id": ID, "revision": 1, "created_at": earlier, "next_at": earlier}
    session.execute(insert(Delivery), [row | {"id": str(uuid4())} for _ in range(number)])
    session.commit()


def test_thousands_that_wait_for_one_receiver_hold_up_no_other(
    make_webhook: MakeWebhook, people: People, phone: Phone, household: Version, deliver: Deliver, session: Session
) -> None:
    crowded = make_webhook(people.ana)
    with receiving() as other:
        make_webhook(people.su, url=other.url)
        phone.receipts(make_document(household))
        add_waiting(session, crowded.id, 3 * ROUND)
        assert deliver() > ROUND
        assert len(other.came) == 1


def test_revisions_of_one_push_are_told_of_in_their_order_also_after_a_failure(
    make_webhook: MakeWebhook,
    people: People,
    phone: Phone,
    household: Version,
    receiver: Receiver,
    deliver: Deliver,
    session: Session,
) -> None:
    receiver.answers = [503, 204]
    make_webhook(people.ana)
    editions = [
        make_document(household, base=base, answers={"place": "C01", "hh_size": str(base or 0)})
        for base in (None, 1, 2, 3, 4, 5, 6, 7)
    ]
    phone.receipts(*editions)
    assert deliver() == 1
    session.rollback()
    session.execute(update(Delivery).values(next_at=utc_now()))
    session.commit()
    assert deliver() == len(editions)
    assert [one["data"]["revision"] for one in receiver.messages] == [1, *range(1, 9)]
