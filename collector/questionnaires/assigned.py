"""Which questionnaires somebody is to fill in, whatever client asks for them."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from collector.store import Questionnaire, QuestionnaireAssignment


def open_to(session: Session, user_id: str) -> list[ColumnElement[bool]]:
    """Which questionnaires somebody is to fill in: those assigned to them, all without any, and none that is archived."""
    mine = list(
        session.scalars(
            select(QuestionnaireAssignment.questionnaire_id).where(QuestionnaireAssignment.user_id == user_id)
        )
    )
    conditions: list[ColumnElement[bool]] = [Questionnaire.archived_at.is_(None)]
    return [*conditions, Questionnaire.id.in_(mine)] if mine else conditions
