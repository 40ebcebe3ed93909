"""Finding the responses of a person who asks for them: by the answer to a question, such as a telephone number."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.answer_changes import text_paths
from collector.intake.terms import fold
from collector.store import Questionnaire, Response, Revision

#: Documents that are in memory at a time.
CHUNK = 50


def find_answered(
    session: Session, questionnaire: Questionnaire, question: str, value: str, say: Callable[[int], None]
) -> Iterator[str]:
    """Ids of the responses in which `question` (its name, or its path) was answered with `value` in any revision, each once.

    Case, width, blanks, hyphens and the sign before a country's code make no difference. The documents are sealed, so that each is opened
    and looked through: `say` is told how many were.
    """
    wanted, after, seen = squeezed(value), ("", 0), 0
    last_found = ""
    while True:
        query = (
            select(Revision.response_id, Revision.number, Revision.document)
            .join(Response, Response.id == Revision.response_id)
            .where(Response.questionnaire_id == questionnaire.id)
            .where(
                (Revision.response_id > after[0]) | ((Revision.response_id == after[0]) & (Revision.number > after[1]))
            )
            .order_by(Revision.response_id, Revision.number)
            .limit(CHUNK)
        )
        rows = session.execute(query).all()
        for row in rows:
            if row.response_id != last_found and _has(json.loads(row.document).get("answers"), question, wanted):
                last_found = row.response_id
                yield row.response_id
        seen += len(rows)
        say(seen)
        if len(rows) < CHUNK:
            return
        after = (rows[-1].response_id, rows[-1].number)


def _has(answers: Any, question: str, wanted: str) -> bool:
    for path, text in text_paths(answers, ""):
        bare = "/".join(name.partition("[")[0] for name in path.strip("/").split("/"))
        if (bare == question or bare.endswith(f"/{question}")) and squeezed(text) == wanted:
            return True
    return False


def squeezed(text: str) -> str:
    """A value without what people write in different ways."""
    return "".join(character for character in fold(text) if not character.isspace() and character not in "-+()（）–")
