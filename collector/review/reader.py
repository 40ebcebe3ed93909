"""How somebody reads a response: in which language the labels are, and which answers are not for them."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from collector.questionnaires.published import form_model
from collector.review.answers import Item, hide, read_answers
from collector.store import Revision


@dataclass(frozen=True)
class Reader:
    """Reads revisions in a language, without the answers to the questions `hidden` (personal.py)."""

    session: Session
    language: str
    hidden: frozenset[str] = frozenset()

    def model(self, revision: Revision) -> dict[str, Any] | None:
        """The form model that a revision was filled in with; None for a version that the server does not know."""
        return form_model(self.session, revision.version_id).tree if revision.version_id else None

    def items(self, revision: Revision) -> list[Item]:
        """All answers of a revision, in form order."""
        model = self.model(revision)
        answers = json.loads(revision.document)["answers"]
        items = read_answers(model, answers, self.language, self.hidden)
        return hide(items, model["root"]["name"] if model else "", self.hidden) if self.hidden else items
