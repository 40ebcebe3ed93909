"""How long answers are kept: after that the program erases them by itself, some at a time, and the counts stay."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector.intake.erasure import RETENTION
from collector.intake.stripping import ALL, PERSONAL
from collector.journal import record
from collector.privacy.erasing import erase_each
from collector.store import Erasure, Questionnaire, Response, utc_now
from collector.store.overwriting import empty_log
from collector.store.responses import RETURNED
from collector.store.session import database, reading

#: Days for which answers are kept, at least and at most: what came yesterday is still being worked with.
MIN_DAYS, MAX_DAYS = 7, 36_500
#: Seconds between two looks for answers whose time is over.
LOOK_S = 3600.0
#: Responses that are looked up at a time.
CHUNK = 200


def due(questionnaire: Questionnaire, days: int, extent: str) -> list[ColumnElement[bool]]:
    """The conditions of the questionnaire's responses whose answers would be erased after so many days.

    A response that was returned waits until it is back: its volunteer still has it before them.
    """
    erased = (ALL,) if extent == ALL else (ALL, PERSONAL)
    return [
        Response.questionnaire_id == questionnaire.id,
        Response.received_at < utc_now() - timedelta(days=days),
        Response.erased.not_in(erased),
        Response.state != RETURNED,
    ]


def count_due(session: Session, questionnaire: Questionnaire, days: int, extent: str) -> int:
    """How many responses it would be about today."""
    query = select(func.count()).select_from(Response)
    return session.scalar(query.where(*due(questionnaire, days, extent))) or 0


def set_retention(
    session: Session, questionnaire: Questionnaire, days: int | None, extent: str, *, by: str | None
) -> None:
    """Keep for how many days a questionnaire's answers stay (None: for ever), and what is erased then."""
    questionnaire.retention_days, questionnaire.retention_extent = days, extent
    session.flush()
    record(session, "questionnaire.retention", questionnaire.form_id, user_id=by, days=days, extent=extent)


class Clock:
    """When this process looked last; each host looks for itself, and a response is erased once whoever finds it."""

    looked_at = -LOOK_S


def take_due() -> Callable[[], None] | None:
    """What is to be erased now; None where nothing is due, or it was looked for within the hour."""
    if time.monotonic() - Clock.looked_at < LOOK_S:
        return None
    Clock.looked_at = time.monotonic()
    session = reading()
    wanted = [
        (one.id, one.retention_extent)
        for one in session.scalars(select(Questionnaire).where(Questionnaire.retention_days.is_not(None)))
        if next(_due_ids(session, one.id), None) is not None
    ]
    lately = select(Erasure.id).where(Erasure.at > utc_now() - timedelta(seconds=2 * LOOK_S)).limit(1)
    if not wanted and session.scalar(lately) is None:
        return None
    return partial(erase_due, wanted)


def erase_due(wanted: list[tuple[int, str]]) -> None:
    """Erase what is due of these questionnaires, each with what of it."""
    for questionnaire_id, extent in wanted:
        erase_each(_due_ids(reading(), questionnaire_id), extent, reason=RETENTION)
    # What was erased while somebody read may still lie in SQLite's log.
    empty_log(database())


def _due_ids(session: Session, questionnaire_id: int) -> Iterator[str]:
    """Ids of the responses that are due now, oldest first; read anew after each chunk, since the rule may have been changed."""
    while True:
        questionnaire = session.get_one(Questionnaire, questionnaire_id, populate_existing=True)
        if questionnaire.retention_days is None:
            return
        conditions = due(questionnaire, questionnaire.retention_days, questionnaire.retention_extent)
        query = select(Response.id).where(*conditions).order_by(Response.received_at, Response.id).limit(CHUNK)
        ids = list(session.scalars(query))
        yield from ids
        if len(ids) < CHUNK:
            return
