"""Erasing answers of many responses, one after the other: nobody who sends waits for more than one of them."""

import logging
from collections.abc import Callable, Iterable

from collector.accounts.scope import WHOLE, Scope
from collector.export.jobs.operations import drop_exports
from collector.intake.deletion import erase_bytes
from collector.intake.erasure import erasable_of, erase_answers
from collector.intake.stripping import Erasable
from collector.store import Response
from collector.store.overwriting import empty_log
from collector.store.session import database, writing

log = logging.getLogger(__name__)


def erase_each(
    response_ids: Iterable[str],
    extent: str,
    *,
    reason: str,
    note: str = "",
    by: str | None = None,
    scope: Scope = WHOLE,
    say: Callable[[int], None] = lambda done: None,
) -> int:
    """Erase answers of responses, each in a transaction of its own, and give of how many. What is not there, or not theirs, is passed over.

    `say` is told how many are done. Afterwards no file of an export has them any more, nor SQLite's log.
    """
    erasable: dict[int, Erasable] = {}
    done = 0
    try:
        for response_id in response_ids:
            with writing() as session:
                found = session.get(Response, response_id)
                if found is None or not scope.covers(found.place_id):
                    continue
                number = found.questionnaire_id
                if number not in erasable:
                    erasable[number] = erasable_of(session, number)
                leftover = erase_answers(
                    session, response_id, extent, reason=reason, note=note, by=by, erasable=erasable[number]
                )
            if leftover is None:
                continue
            done += 1
            if leftover.sha256s or leftover.uploads:
                # Bytes go only when the rows are gone for good.
                with writing() as session:
                    erase_bytes(session, leftover)
            say(done)
    finally:
        # Also where one of many could not be erased: the others were.
        if done:
            forget_copies(erasable)
    return done


def forget_copies(questionnaire_ids: Iterable[int]) -> None:
    """Drop the files of exports that may hold what was erased, and what SQLite keeps beside its file."""
    with writing() as session:
        for questionnaire_id in questionnaire_ids:
            drop_exports(session, questionnaire_id)
    if not empty_log(database()):
        log.warning(
            "the database's log still holds what was erased, since somebody reads it; it is emptied within the hour"
        )
