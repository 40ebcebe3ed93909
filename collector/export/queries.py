"""What the pages of exports read: questionnaires with their numbers of responses."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.export.sheets.selection import Selection
from collector.store import Questionnaire, ResponseCount


def find_questionnaire(session: Session, form_id: str) -> Questionnaire | None:
    """The questionnaire with that form id."""
    return session.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))


def counted_questionnaires(
    session: Session, selection: Selection, *, with_archived: bool = False
) -> list[tuple[Questionnaire, int]]:
    """Each published questionnaire with its number of responses in `selection`."""
    query = select(ResponseCount.questionnaire_id, func.sum(ResponseCount.number))
    query = query.where(selection.scope.condition(ResponseCount.place_id)).group_by(ResponseCount.questionnaire_id)
    if not selection.with_tests:
        query = query.where(ResponseCount.is_test.is_(False))
    counts = dict(session.execute(query).all())
    published = select(Questionnaire).where(Questionnaire.current_version_id.is_not(None)).order_by(Questionnaire.id)
    if not with_archived:
        published = published.where(Questionnaire.archived_at.is_(None))
    return [(questionnaire, int(counts.get(questionnaire.id, 0))) for questionnaire in session.scalars(published)]
