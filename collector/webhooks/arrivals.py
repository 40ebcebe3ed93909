"""A delivery for each response that comes in, through whatever door: written in the same transaction, so that neither is without the other.

The journal knows in each transaction what was stored (collector/intake/arrivals.py); this looks over its shoulder before the commit.
"""

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope, scope_of
from collector.journal import PENDING
from collector.store import Delivery, Response, User, Webhook, utc_now
from collector.webhooks.messages import may_be_told

#: Statuses of what an entry of the journal says was stored and was not before.
NEW = ("stored", "revision_stored")


_WEBHOOKS = Webhook.__table__.c
ACTIVE = (
    select(_WEBHOOKS.id, _WEBHOOKS.user_id, _WEBHOOKS.questionnaire_id)
    .where(_WEBHOOKS.is_active)
    .order_by(_WEBHOOKS.id)
    .with_for_update(read=True, key_share=True)
)


def note_arrivals(session: Session) -> None:
    """Write the deliveries for what the transaction stored, before the journal takes its lock."""
    if session.in_nested_transaction() or not session.info.get(PENDING):
        return
    items = [item for _, entry in session.info[PENDING] for item in entry["details"].get("items", ())]
    stored = {(item["id"], item["revision"]) for item in items if item.get("status") in NEW}
    if stored:
        add_deliveries(session, stored)


def add_deliveries(session: Session, stored: Iterable[tuple[str, int]]) -> None:
    """Write a delivery of each stored revision, a pair of response id and number, for each webhook that may be told of it."""
    # Held until the commit, so that no webhook goes while a delivery for it is written: a response is not to fail by that.
    webhooks = session.execute(ACTIVE).all()
    if not webhooks:
        return
    numbers = sorted(stored)
    columns = (Response.id, Response.questionnaire_id, Response.place_id)
    earnest = select(*columns).where(Response.id.in_({id_ for id_, _ in numbers}), Response.is_test.is_(False))
    responses = {row.id: row for row in session.execute(earnest)}
    scopes: dict[str, Scope | None] = {}
    now, rows = utc_now(), []
    for webhook in webhooks:
        if webhook.user_id not in scopes:
            scopes[webhook.user_id] = _scope_told(session, webhook.user_id)
        scope = scopes[webhook.user_id]
        for response_id, number in numbers:
            response = responses.get(response_id)
            if response is None or scope is None or not scope.covers(response.place_id):
                continue
            if webhook.questionnaire_id in (None, response.questionnaire_id):
                rows.append(
                    {
                        "id": str(uuid4()),
                        "webhook_id": webhook.id,
                        "response_id": response_id,
                        "revision": number,
                        "created_at": now,
                        "next_at": now,
                    }
                )
    if rows:
        session.execute(insert(Delivery), rows)


def _scope_told(session: Session, user_id: str) -> Scope | None:
    user = session.get_one(User, user_id)
    scope = scope_of(session, user.id, user.role)
    return scope if may_be_told(user, scope) else None


# First of those who listen: the journal empties its list and holds its lock from then on.
event.listen(Session, "before_commit", note_arrivals, insert=True)
