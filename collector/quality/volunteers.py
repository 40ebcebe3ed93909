"""Volunteers beside each other: what is usual among them, and who stands apart. Pure, over plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from flask_babel import lazy_gettext as _l

#: Responses from which a volunteer is compared, and volunteers from which there is something to compare with.
ENOUGH_RESPONSES, ENOUGH_VOLUNTEERS = 5, 3
#: How far apart somebody must stand: twice or half of what is usual, and for shares this many percent besides.
TIMES, POINTS = 2, 10


@dataclass(frozen=True)
class Row:
    """A response as the comparison needs it."""

    author_id: str | None
    received_on: date
    duration_s: int | None
    answered: int
    unanswered_by_choice: int
    flag_count: int


@dataclass(frozen=True)
class Figures:
    """Responses summed up: their number, the median of minutes, percent flagged, percent "don't know" of answers, number a day that
    had any. None where nothing can be said."""

    responses: int
    minutes: float | None
    flagged: float | None
    dont_know: float | None
    a_day: float | None


@dataclass(frozen=True)
class Compared:
    """A volunteer with their figures, and in words where they stand apart from the others."""

    author_id: str | None
    figures: Figures
    remarks: Sequence[Any]


FASTER = _l("Takes less than half as long as the others.")
SLOWER = _l("Takes more than twice as long as the others.")
FLAGGED = _l("Has far more flagged responses than the others.")
UNKNOWING = _l('Notes "don\'t know" far more often than the others.')
MANY = _l("Sends more than twice as many a day as the others.")


def sum_up(rows: Iterable[Row]) -> Figures:
    """The figures of some responses."""
    rows = list(rows)
    durations = [row.duration_s for row in rows if row.duration_s is not None and row.duration_s >= 0]
    answered = sum(row.answered for row in rows)
    days = {row.received_on for row in rows}
    return Figures(
        responses=len(rows),
        minutes=median(durations) / 60 if durations else None,
        flagged=100 * sum(row.flag_count > 0 for row in rows) / len(rows) if rows else None,
        dont_know=100 * sum(row.unanswered_by_choice for row in rows) / answered if answered else None,
        a_day=len(rows) / len(days) if days else None,
    )


def compare(rows: Iterable[Row]) -> list[Compared]:
    """Each volunteer against the medians of all the others: those who stand apart first, then those with most flags."""
    by_author: dict[str | None, list[Row]] = {}
    for row in rows:
        by_author.setdefault(row.author_id, []).append(row)
    figures = {author: sum_up(of_author) for author, of_author in by_author.items()}
    compared = [Compared(author, own, remarks(own, usual(figures, author))) for author, own in figures.items()]
    return sorted(
        compared,
        key=lambda one: (-len(one.remarks), -(one.figures.flagged or 0), -one.figures.responses, one.author_id or ""),
    )


def usual(figures: Mapping[str | None, Figures], without: str | None) -> Figures | None:
    """What is usual: the medians of the figures of all but one; None where there are too few who sent enough."""
    others = [
        own for author, own in figures.items() if author != without and own.responses >= ENOUGH_RESPONSES and author
    ]
    if len(others) < ENOUGH_VOLUNTEERS - 1:
        return None

    def middle(name: str) -> float | None:
        values = [value for own in others if (value := getattr(own, name)) is not None]
        return median(values) if values else None

    return Figures(
        round(median(own.responses for own in others)),
        middle("minutes"),
        middle("flagged"),
        middle("dont_know"),
        middle("a_day"),
    )


def remarks(own: Figures, others: Figures | None) -> list[Any]:
    """In words how somebody stands apart from the others; nothing for who sent too little to tell."""
    if others is None or own.responses < ENOUGH_RESPONSES:
        return []
    found = []
    if own.minutes is not None and others.minutes:
        if own.minutes * TIMES < others.minutes:
            found.append(FASTER)
        elif own.minutes > others.minutes * TIMES:
            found.append(SLOWER)
    if _is_apart(own.flagged, others.flagged):
        found.append(FLAGGED)
    if _is_apart(own.dont_know, others.dont_know):
        found.append(UNKNOWING)
    if own.a_day is not None and others.a_day and own.a_day > others.a_day * TIMES:
        found.append(MANY)
    return found


def _is_apart(own: float | None, others: float | None) -> bool:
    return own is not None and others is not None and own > others * TIMES and own > others + POINTS


def by_day(rows: Iterable[Row]) -> list[tuple[date, Figures]]:
    """The figures of each day that had responses, latest day first."""
    days: dict[date, list[Row]] = {}
    for row in rows:
        days.setdefault(row.received_on, []).append(row)
    return [(day, sum_up(days[day])) for day in sorted(days, reverse=True)]
