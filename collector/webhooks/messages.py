"""What a message says of a revision of a response, to somebody with these rights."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.permissions import may
from collector.accounts.scope import Scope, scope_of
from collector.languages import timestamp
from collector.questionnaires.published import form_model
from collector.questionnaires.shown_answers import shown_answers
from collector.store import Delivery, Questionnaire, Response, Revision, User, Version, Webhook, utc_now

#: What somebody needs to be allowed for a program to be told in their name.
ACTION = "responses.export"
STORED, REVISED, TEST = "response.stored", "response.revised", "webhook.test"


@dataclass(frozen=True)
class Message:
    """The body of a message."""

    type: str
    at: datetime
    content: dict[str, Any]

    @property
    def body(self) -> bytes:
        """As it goes out."""
        whole = {"type": self.type, "timestamp": timestamp(self.at), "data": self.content}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def may_be_told(user: User, scope: Scope) -> bool:
    """Tell whether a program may still be told in somebody's name."""
    return user.is_active and may(user.role, ACTION, is_whole=scope.is_whole)


def make_message(session: Session, webhook: Webhook, delivery: Delivery) -> Message | None:
    """The message of a delivery, by the rights that the webhook's person has now; None if there is nothing to tell them."""
    if not delivery.response_id:
        return Message(TEST, delivery.created_at, {"webhook": webhook.id, "sent_at": timestamp(utc_now())})
    user = session.get_one(User, webhook.user_id)
    response = session.get(Response, delivery.response_id)
    revision = session.get(Revision, (delivery.response_id, delivery.revision))
    if response is None or revision is None or not scope_of(session, user.id, user.role).covers(response.place_id):
        return None
    questionnaire = session.get_one(Questionnaire, response.questionnaire_id)
    version = session.get(Version, revision.version_id) if revision.version_id else None
    content: dict[str, Any] = {
        "response": response.id,
        "questionnaire": questionnaire.form_id,
        "version": version.version if version else "",
        "revision": revision.number,
        "is_current": revision.number == response.current_revision,
        "state": response.state,
        "place": response.place_code,
        "received_at": timestamp(revision.received_at),
    }
    if webhook.has_answers:
        content["answers"] = answers_told(session, questionnaire, revision)
    return Message(STORED if revision.number == 1 else REVISED, delivery.created_at, content)


def answers_told(session: Session, questionnaire: Questionnaire, revision: Revision) -> dict[str, Any]:
    """The answers of a revision that leave the house: whoever the webhook belongs to, none that tell who somebody is."""
    published = (Version.questionnaire_id == questionnaire.id) & Version.published_at.is_not(None)
    ids = session.scalars(select(Version.id).where(published | (Version.id == revision.version_id)))
    models = [form_model(session, version_id).tree for version_id in ids]
    answers = json.loads(revision.document)["answers"]
    return shown_answers(answers, models, {str(path) for path in questionnaire.personal_fields})
