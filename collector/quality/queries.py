"""Reads for the pages of quality."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from collector.accounts.scope import Scope
from collector.errors import CollectorError
from collector.intake.rules import Setting
from collector.quality.filters import Filters, newest
from collector.quality.volunteers import Row
from collector.store import Measures, Questionnaire, Response, ResponseFlag, User


def list_questionnaires(session: Session) -> list[Questionnaire]:
    """Questionnaires that were published and are not archived, in the order in which they were made."""
    query = select(Questionnaire).options(selectinload(Questionnaire.current_version)).order_by(Questionnaire.id)
    query = query.where(Questionnaire.current_version_id.is_not(None), Questionnaire.archived_at.is_(None))
    return list(session.scalars(query))


def find_questionnaire(session: Session, form_id: str) -> Questionnaire | None:
    """The questionnaire with that form id, archived too; the first one without an id; None if there is none at all.

    Raises CollectorError `not_found` for an id that nobody gave.
    """
    if not form_id:
        return next(iter(list_questionnaires(session)), None)
    query = select(Questionnaire).where(Questionnaire.form_id == form_id)
    found = session.scalar(query.where(Questionnaire.current_version_id.is_not(None)))
    if found is None:
        raise CollectorError("not_found")
    return found


def list_rows(session: Session, questionnaire: Questionnaire, scope: Scope, filters: Filters) -> list[Row]:
    """The newest responses as the comparison of volunteers needs them."""
    columns = (Response.id, Response.author_id, Response.received_on, Response.flag_count)
    latest = newest(session, questionnaire, scope, filters, columns).subquery()
    rows = session.execute(
        select(
            latest.c.author_id,
            latest.c.received_on,
            Measures.duration_s,
            func.coalesce(Measures.answered, 0),
            func.coalesce(Measures.unanswered_by_choice, 0),
            latest.c.flag_count,
        ).outerjoin(Measures, Measures.response_id == latest.c.id)
    )
    return [Row(*row) for row in rows]


def count_flags(session: Session, questionnaire: Questionnaire, scope: Scope, filters: Filters) -> dict[str, int]:
    """How many of the newest responses have each flag, by its code."""
    latest = newest(session, questionnaire, scope, filters).subquery()
    counted = select(ResponseFlag.code, func.count()).join(latest, latest.c.id == ResponseFlag.response_id)
    return dict(session.execute(counted.group_by(ResponseFlag.code)).all())


def names_of(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of people by id."""
    wanted = {user_id for user_id in ids if user_id}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


def preview(session: Session, questionnaire: Questionnaire, setting: Setting) -> tuple[int, int]:
    """How many of the newest responses break a rule with this limit, and how many were looked at."""
    latest = newest(session, questionnaire, Scope(), Filters()).subquery()
    measured = select(func.count()).select_from(Measures).join(latest, latest.c.id == Measures.response_id)
    breaking = session.scalar(measured.where(setting.condition)) or 0
    return breaking, session.scalar(measured) or 0
