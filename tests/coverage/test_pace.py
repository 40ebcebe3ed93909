"""Pace, forecast, and what a period asks for by a day."""

from datetime import date

import pytest

from collector.coverage.pace import Pace, each_day, reckon
from collector.coverage.targets import Goal

TODAY = date(2026, 3, 28)


@pytest.mark.parametrize(
    ("recent", "first", "missing", "pace"),
    [
        (14, date(2026, 1, 1), 10, Pace(2.0, 10, date(2026, 4, 2))),
        # Half a day over is a day more.
        (14, date(2026, 1, 1), 11, Pace(2.0, 11, date(2026, 4, 3))),
        (0, date(2026, 1, 1), 10, Pace(0.0, 10, None)),
        (14, date(2026, 1, 1), 0, Pace(2.0, 0, None)),
        (14, date(2026, 1, 1), None, Pace(2.0, None, None)),
        # Begun the day before yesterday: three days, not seven.
        (12, date(2026, 3, 26), 4, Pace(4.0, 4, date(2026, 3, 29))),
        (12, TODAY, 12, Pace(12.0, 12, date(2026, 3, 29))),
        (0, None, 5, Pace(0.0, 5, None)),
        # In more than ten years is not at this pace.
        (1, date(2026, 1, 1), 1_000_000, Pace(1 / 7, 1_000_000, None)),
    ],
)
def test_pace_and_forecast(recent: int, first: date | None, missing: int | None, pace: Pace) -> None:
    assert reckon(recent, first, missing, TODAY) == pace


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 2, 28), 0),
        (date(2026, 3, 1), 1),
        (date(2026, 3, 15), 15),
        (date(2026, 3, 31), 31),
        (date(2026, 9, 1), 31),
    ],
)
def test_a_target_grows_evenly_over_its_period(day: date, due: int) -> None:
    assert Goal(31, date(2026, 3, 1), date(2026, 3, 31)).expected_by(day) == due


def test_without_a_whole_period_only_its_ends_say_something() -> None:
    assert Goal(10).expected_by(TODAY) is None
    assert Goal(10, starts_on=date(2026, 4, 1)).expected_by(TODAY) == 0
    assert Goal(10, starts_on=date(2026, 3, 1)).expected_by(TODAY) is None
    assert Goal(10, ends_on=TODAY).expected_by(TODAY) == 10
    assert Goal(10, ends_on=date(2026, 4, 1)).expected_by(TODAY) is None


def test_days_without_a_response_are_days_too() -> None:
    numbers = {date(2026, 3, 26): 2, TODAY: 1}
    assert each_day(numbers, None, TODAY) == [(date(2026, 3, 26), 2), (date(2026, 3, 27), 0), (TODAY, 1)]
    assert each_day({}, None, TODAY) == [(TODAY, 0)]
    assert len(each_day({date(2020, 1, 1): 1}, None, TODAY)) == 92
