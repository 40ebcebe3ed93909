"""Writes to targets."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.journal import record
from collector.store import Target


def set_targets(session: Session, questionnaire_id: int, targets: Mapping[int, int | None], *, by: str | None) -> None:
    """Set targets of a questionnaire by place id; None takes a place's target away. Places not named keep theirs."""
    session.execute(delete(Target).where(Target.questionnaire_id == questionnaire_id, Target.place_id.in_(targets)))
    session.add_all(
        Target(questionnaire_id=questionnaire_id, place_id=place_id, expected=expected)
        for place_id, expected in targets.items()
        if expected is not None
    )
    session.flush()
    record(session, "targets.set", str(questionnaire_id), user_id=by, places=len(targets))
