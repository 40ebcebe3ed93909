"""What happened at the doors of the lists of a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.coverage.words import OUTCOMES
from collector.store import ListEntry, VisitList


@dataclass(frozen=True)
class Doors:
    """Doors with one outcome: its words, how many they are, and visits made to them."""

    state: str
    words: Any
    number: int
    attempts: int


def count_doors(session: Session, place_ids: frozenset[int] | None) -> Sequence[Doors]:
    """Doors of the lists in use in these places (None: all), by outcome; outcomes without a door are left out."""
    query = (
        select(ListEntry.state, func.count(), func.sum(ListEntry.attempts))
        .join(VisitList, VisitList.id == ListEntry.list_id)
        .where(VisitList.archived_at.is_(None))
        .group_by(ListEntry.state)
    )
    if place_ids is not None:
        query = query.where(ListEntry.place_id.in_(place_ids))
    found = {state: (number, int(attempts or 0)) for state, number, attempts in session.execute(query)}
    return [Doors(state, words, *found[state]) for state, words in OUTCOMES.items() if state in found]
