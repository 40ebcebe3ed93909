"""How a door stands after the visits that were noted there. Pure, over plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from collector.store.visits import CALL_AGAIN, DONE, MOVED, NOBODY_HOME, OPEN, REFUSED

#: What a visit may end with; `open` takes back what the same person noted before.
OUTCOMES = frozenset({OPEN, DONE, NOBODY_HOME, REFUSED, MOVED, CALL_AGAIN})


@dataclass(frozen=True)
class Noted:
    """One visit: whose, when by the phone's clock, how it ended, when to call again, and the response that was begun there."""

    user_id: str
    at: datetime
    outcome: str
    call_at: datetime | None = None
    response_id: str | None = None


@dataclass(frozen=True)
class Standing:
    """The outcome of the latest visit that holds, how many hold, and what the latest says besides."""

    state: str = OPEN
    attempts: int = 0
    last_visit_at: datetime | None = None
    call_at: datetime | None = None
    response_id: str | None = None


def standing(visits: Iterable[Noted]) -> Standing:
    """How a door stands, whatever the order in which its visits arrived: they count by their own time.

    `visits` of the same moment are given in the order of their arrival.
    """
    held: list[Noted] = []
    for visit in sorted(visits, key=lambda visit: visit.at):
        if visit.outcome == OPEN:
            own = [index for index, earlier in enumerate(held) if earlier.user_id == visit.user_id]
            if own:
                held.pop(own[-1])
        else:
            held.append(visit)
    if not held:
        return Standing()
    last = held[-1]
    call_at = last.call_at if last.outcome == CALL_AGAIN else None
    return Standing(last.outcome, len(held), last.at, call_at, last.response_id)
