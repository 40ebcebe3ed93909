"""Volunteers beside each other."""

from datetime import date

from collector.quality.volunteers import FASTER, FLAGGED, MANY, SLOWER, UNKNOWING, Row, by_day, compare, sum_up


def rows(
    author: str, number: int = 6, *, minutes: int = 10, flags: int = 0, unknown: int = 0, days: int = 3
) -> list[Row]:
    return [
        Row(author, date(2026, 3, 1 + at % days), minutes * 60, 20, unknown, int(at < flags)) for at in range(number)
    ]


def remarks_of(*groups: list[Row]) -> dict[str | None, list[str]]:
    return {
        one.author_id: [str(remark) for remark in one.remarks]
        for one in compare(row for group in groups for row in group)
    }


def test_who_stands_apart_is_said_in_words() -> None:
    usual = [*rows("a"), *rows("b"), *rows("c")]
    assert remarks_of(usual, rows("fast", minutes=4))["fast"] == [FASTER]
    assert remarks_of(usual, rows("slow", minutes=21))["slow"] == [SLOWER]
    assert remarks_of(usual, rows("x", flags=3))["x"] == [FLAGGED]
    assert remarks_of(usual, rows("x", unknown=5))["x"] == [UNKNOWING]
    assert remarks_of(usual, rows("x", days=1))["x"] == [MANY]
    assert remarks_of(usual, rows("same", minutes=11))["same"] == []


def test_who_stands_apart_comes_first() -> None:
    assert compare([*rows("a"), *rows("b"), *rows("z", minutes=1)])[0].author_id == "z"


def test_too_few_say_nothing() -> None:
    assert remarks_of(rows("a"), rows("fast", minutes=1))["fast"] == [], "one other is nobody to compare with"
    assert remarks_of(rows("a"), rows("b"), rows("fast", 4, minutes=1))["fast"] == [], "four responses say little"


def test_figures() -> None:
    figures = sum_up([*rows("a", 2, minutes=10, flags=1), *rows("a", 1, minutes=30, unknown=6)])
    assert (figures.responses, figures.minutes, figures.dont_know, figures.a_day) == (3, 10, 10, 1.5)
    assert round(figures.flagged or 0) == 33
    nothing = sum_up([])
    assert (nothing.responses, nothing.minutes, nothing.flagged) == (0, None, None)


def test_days_latest_first() -> None:
    assert [(day.day, figures.responses) for day, figures in by_day(rows("a", 5))] == [(3, 1), (2, 2), (1, 2)]
