"""What responses are compared by, and the locks of it: whoever changes a response changes the flags of those like it too.

Locks are taken in one order by all: the responses' names, the questionnaires, the values that are compared; rows only afterwards.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.documents import Document
from collector.intake.flag_rows import group_values
from collector.intake.locks import has_one_writer, lock_names, share_names
from collector.intake.marks import marked_measures
from collector.intake.measures import Measured, Plan, make_plan, measure
from collector.intake.placing import Placed
from collector.intake.rules import Setting, settings_of
from collector.questionnaires.published import CACHE_SIZE, FormModel
from collector.store import Questionnaire
from collector.store.bulk import among
from collector.store.derived import Measures


@dataclass(frozen=True)
class Comparison:
    """By what a questionnaire's responses are judged and compared: its rules, and its key of duplicates."""

    settings: list[Setting]
    duplicate_keys: list[str]


_FORMS, _MEASURES = Questionnaire.__table__.c, Measures.__table__.c
RULES_OF = select(_FORMS.id, _FORMS.quality_rules, _FORMS.duplicate_keys).where(among(_FORMS.id, "ids"))
MEASURED = select(_MEASURES.questionnaire_id, _MEASURES.spot, _MEASURES.answers_hash, _MEASURES.answered).where(
    among(_MEASURES.response_id, "ids")
)


def read_comparisons(session: Session, ids: Collection[int]) -> dict[int, Comparison]:
    """How the responses of the questionnaires `ids` are compared now, by id."""
    rows = session.execute(RULES_OF, {"ids": ids}) if ids else ()
    return {row.id: Comparison(settings_of(row.quality_rules), row.duplicate_keys) for row in rows}


def lock_comparison(session: Session, questionnaire_id: int) -> None:
    """Wait until nobody changes what is drawn from the questionnaire's responses, and keep all others from it."""
    lock_names(session, [_name(questionnaire_id)])


def lock_compared(
    session: Session, ids: Collection[str], coming: Iterable[tuple[int, Measured]] = ()
) -> dict[int, Comparison]:
    """Hold what the responses `ids` are compared by, and what they will be by, before a row of them is touched.

    Their locks are held. `coming`: what is measured in that which becomes current, each with its questionnaire's id. Gives how the
    questionnaires' responses are compared, by id, where it had to be read: it stays so while the locks are held.
    """
    if has_one_writer(session):
        return {}
    rows = session.execute(MEASURED, {"ids": ids}).all() if ids else []
    compared: list[tuple[int, dict[str, Any]]] = [(row.questionnaire_id, row._asdict()) for row in rows]
    compared += [(questionnaire_id, marked_measures(session, measured)) for questionnaire_id, measured in coming]
    questionnaires = {questionnaire_id for questionnaire_id, _measures in compared}
    share_names(session, map(_name, questionnaires))
    comparisons = read_comparisons(session, questionnaires)
    values = (
        f"{questionnaire_id} {value}"
        for questionnaire_id, measures in compared
        for _setting, value in group_values(measures, comparisons[questionnaire_id].settings)
    )
    lock_names(session, values)
    return comparisons


def measured_by(document: Document, placed: Placed) -> Plan | None:
    """The plan by which a document is measured; none where it is not known, and for what no interview is."""
    return plan_of(placed.model) if placed.model and not document.is_vast else None


@lru_cache(maxsize=CACHE_SIZE)
def plan_of(model: FormModel) -> Plan:
    """The plan for a form model that the process keeps; it keeps as many plans as models."""
    return make_plan(model.tree)


def lock_arrival(session: Session, response_id: str, document: Document, placed: Placed) -> None:
    """The same for one response of which `document` becomes the current revision."""
    measured = measure(document.read, measured_by(document, placed))
    lock_compared(session, [response_id], [(placed.questionnaire_id, measured)])


def _name(questionnaire_id: int) -> str:
    return f"comparison {questionnaire_id}"
