"""Writes to targets."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.coverage.targets import Goal
from collector.journal import record
from collector.store import Target


def set_targets(
    session: Session,
    questionnaire_id: int,
    targets: Mapping[int, Goal | None],
    *,
    by: str | None,
    former: Iterable[int] = (),
) -> None:
    """Set targets of a questionnaire by place id; None takes a place's target away. Places not named keep theirs.

    `former` are places that have ended and count for one of these: what was expected of them is in the new number, and goes.
    """
    replaced = {*targets, *former}
    session.execute(delete(Target).where(Target.questionnaire_id == questionnaire_id, Target.place_id.in_(replaced)))
    session.add_all(
        Target(
            questionnaire_id=questionnaire_id,
            place_id=place_id,
            expected=goal.expected,
            starts_on=goal.starts_on,
            ends_on=goal.ends_on,
            priority=goal.priority,
        )
        for place_id, goal in targets.items()
        if goal is not None
    )
    session.flush()
    record(session, "targets.set", str(questionnaire_id), user_id=by, places=len(targets))
