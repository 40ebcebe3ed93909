"""What responses are compared by, and the locks of it: whoever changes a response changes the flags of those like it too.

Locks are taken in one order by all: the responses' names, the questionnaires, the values that are compared; rows only afterwards.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.documents import Document
from collector.intake.flag_rows import group_values
from collector.intake.locks import has_one_writer, lock_names, share_names
from collector.intake.measures import Measured, measure
from collector.intake.placing import Placed
from collector.intake.rules import Setting, settings_of
from collector.store import Questionnaire
from collector.store.derived import Measures


@dataclass(frozen=True)
class Comparison:
    """By what a questionnaire's responses are judged and compared: its rules, and its key of duplicates."""

    settings: list[Setting]
    duplicate_keys: list[str]


def read_comparisons(session: Session, ids: Collection[int]) -> dict[int, Comparison]:
    """How the responses of the questionnaires `ids` are compared now, by id."""
    query = select(Questionnaire.id, Questionnaire.quality_rules, Questionnaire.duplicate_keys)
    rows = session.execute(query.where(Questionnaire.id.in_(ids)))
    return {row.id: Comparison(settings_of(row.quality_rules), row.duplicate_keys) for row in rows}


def lock_comparison(session: Session, questionnaire_id: int) -> None:
    """Wait until nobody changes what is drawn from the questionnaire's responses, and keep all others from it."""
    lock_names(session, [_name(questionnaire_id)])


def lock_compared(session: Session, ids: Collection[str], coming: Iterable[tuple[int, Measured]] = ()) -> None:
    """Hold what the responses `ids` are compared by, and what they will be by, before a row of them is touched.

    Their locks are held. `coming`: what is measured in that which becomes current, each with its questionnaire's id.
    """
    if has_one_writer(session):
        return
    columns = (Measures.questionnaire_id, Measures.spot, Measures.answers_hash, Measures.answered)
    rows = session.execute(select(*columns).where(Measures.response_id.in_(ids))).all()
    compared: list[tuple[int, dict[str, Any]]] = [(row.questionnaire_id, row._asdict()) for row in rows]
    compared += [(questionnaire_id, asdict(measured)) for questionnaire_id, measured in coming]
    questionnaires = {questionnaire_id for questionnaire_id, _measures in compared}
    share_names(session, map(_name, questionnaires))
    comparisons = read_comparisons(session, questionnaires)
    values = (
        f"{questionnaire_id} {value}"
        for questionnaire_id, measures in compared
        for _setting, value in group_values(measures, comparisons[questionnaire_id].settings)
    )
    lock_names(session, values)


def lock_arrival(session: Session, response_id: str, document: Document, placed: Placed) -> None:
    """The same for one response of which `document` becomes the current revision."""
    measured = measure(document.read, placed.model.tree if placed.model else None)
    lock_compared(session, [response_id], [(placed.questionnaire_id, measured)])


def _name(questionnaire_id: int) -> str:
    return f"comparison {questionnaire_id}"
