"""Reads for the pages of quality."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, selectinload

from collector.accounts.scope import Scope
from collector.errors import CollectorError
from collector.intake.rules import Setting
from collector.quality.filters import Filters, newest
from collector.quality.volunteers import Row
from collector.questionnaires.missing import KEY
from collector.questionnaires.model_items import Item
from collector.store import Measures, Questionnaire, Response, ResponseCount, ResponseFlag, Revision, User


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


def list_authors(session: Session, questionnaire: Questionnaire, scope: Scope) -> list[str]:
    """Ids of those who sent responses of the scope, by the counts that the database keeps."""
    query = select(ResponseCount.author_id).where(ResponseCount.questionnaire_id == questionnaire.id).distinct()
    query = query.where(ResponseCount.author_id.is_not(None), scope.condition(ResponseCount.place_id))
    return [author for author in session.scalars(query) if author]


def preview(session: Session, questionnaire: Questionnaire, settings: Sequence[Setting]) -> tuple[list[int], int]:
    """How many of the newest responses break each rule with its limit, on or off, and how many were looked at."""
    latest = newest(session, questionnaire, Scope(), Filters()).subquery()
    breaks = [func.sum(case((setting.condition, 1), else_=0)) for setting in settings]
    counted = select(func.count(), *breaks).select_from(Measures).join(latest, latest.c.id == Measures.response_id)
    number, *broken = session.execute(counted).one()
    return [int(one or 0) for one in broken], number


def read_documents(
    session: Session, questionnaire: Questionnaire, scope: Scope, filters: Filters, items: Iterable[Item]
) -> list[dict[str, Any]]:
    """Of the newest responses the answers to `items`, with what stands around them, one dictionary each."""
    names = {item.path.split("/")[0] for item in items}
    names |= {name + KEY for name in names}
    latest = newest(session, questionnaire, scope, filters, (Response.id, Response.current_revision)).subquery()
    query = select(Revision.document).join(
        latest, and_(latest.c.id == Revision.response_id, latest.c.current_revision == Revision.number)
    )
    found = []
    for document in session.scalars(query.execution_options(yield_per=500)):
        answers = json.loads(document).get("answers")
        found.append({name: answers[name] for name in names if name in answers} if isinstance(answers, dict) else {})
    return found
