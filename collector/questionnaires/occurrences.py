"""How often answers occur that a later version of a questionnaire no longer knows."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.difference import Difference, lost_answers
from collector.questionnaires.difference_words import Counted
from collector.store import Response, Revision

#: Newest responses that are looked at, and how many at a time.
LOOKED_AT = 20_000
CHUNK = 1_000


def count_occurrences(session: Session, questionnaire_id: int, difference: Difference) -> Counted | None:
    """Count what was removed in the newest responses; None where nothing was removed that could be in one, or none came in."""
    questions = [item.path for item in lost_answers(difference)]
    choices = {one.before.path: set(one.gone_choices) for one in difference.changed if one.gone_choices}
    if not questions and not choices:
        return None
    answered: Counter[str] = Counter()
    chosen: Counter[tuple[str, str]] = Counter()
    looked_at = 0
    for answers in _newest_answers(session, questionnaire_id):
        looked_at += 1
        answered.update(path for path in questions if any(values_at(answers, path.split("/"))))
        for path, gone in choices.items():
            words = {word for value in values_at(answers, path.split("/")) for word in value.split()}
            chosen.update((path, value) for value in words & gone)
    if not looked_at:
        return None
    return Counted(looked_at, looked_at < LOOKED_AT, answered, chosen)


def values_at(answers: Any, path: Sequence[str]) -> list[str]:
    """The answers to the question at `path`, one for each row of the repeats that it stands in; those that are no text are left out."""
    if isinstance(answers, list):
        return [value for row in answers for value in values_at(row, path)]
    if not path:
        return [answers] if isinstance(answers, str) else []
    return values_at(answers.get(path[0]), path[1:]) if isinstance(answers, dict) else []


def _newest_answers(session: Session, questionnaire_id: int) -> Iterator[Any]:
    current = (Revision.response_id == Response.id) & (Revision.number == Response.current_revision)
    query = (
        select(Revision.document)
        .join(Response, current)
        .where(Response.questionnaire_id == questionnaire_id)
        .order_by(Response.received_at.desc(), Response.id.desc())
        .limit(LOOKED_AT)
    )
    for document in session.scalars(query, execution_options={"yield_per": CHUNK}):
        yield json.loads(document).get("answers")
