"""How quickly responses come in, and when the target is reached at that pace. Plain values in and out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

#: Days over which the pace is taken, today included.
PACE_DAYS = 7
#: A forecast further away than this says nothing.
FURTHEST = timedelta(days=3650)
#: Days that a chart shows at most, the latest.
CHART_DAYS = 92


@dataclass(frozen=True)
class Pace:
    """Responses a day, and when what is missing would be in: `reached_on` None where it never would, or nothing is asked for."""

    a_day: float
    missing: int | None
    reached_on: date | None

    @property
    def is_reached(self) -> bool:
        """Whether nothing is missing any more."""
        return self.missing == 0


def reckon(recent: int, first_day: date | None, missing: int | None, today: date) -> Pace:
    """The pace of the last week: `recent` responses in it. A survey that began within it has had only its own days."""
    days = min(PACE_DAYS, (today - first_day).days + 1) if first_day and first_day <= today else PACE_DAYS
    a_day = recent / days
    if not missing or a_day <= 0:
        return Pace(a_day, missing, None)
    ahead = timedelta(days=min(ceil(missing / a_day), FURTHEST.days + 1))
    return Pace(a_day, missing, today + ahead if ahead <= FURTHEST else None)


def each_day(numbers: Mapping[date, int], first: date | None, last: date) -> Sequence[tuple[date, int]]:
    """Every day from `first` (the first with a number by default) to `last`, days without any included; the latest CHART_DAYS."""
    begin = first or min(numbers, default=last)
    begin = max(min(begin, last), last - timedelta(days=CHART_DAYS - 1))
    return [(day, numbers.get(day, 0)) for day in (begin + timedelta(days=at) for at in range((last - begin).days + 1))]
