"""A16: whether a response was finished while its questionnaire was open, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from collector.intake.windows import AFTER_CLOSE, BEFORE_OPEN, LATE, Window, corrected, judge


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 25, hour, minute, tzinfo=UTC)


DAY = Window(at(8), at(10))


@pytest.mark.parametrize(
    ("window", "finished", "received", "verdict"),
    [
        (Window(), at(9), at(11), None),
        (DAY, at(9), at(9, 30), None),
        (DAY, at(9, 50), at(11), LATE),
        (DAY, at(10), at(11), LATE),
        (DAY, at(10, 30), at(11), AFTER_CLOSE),
        (DAY, at(7, 59), at(9), BEFORE_OPEN),
        (DAY, at(8), at(8), None),
        (Window(None, at(10)), at(1), at(9), None),
        (Window(at(8), None), at(23), at(23), None),
        # Nothing proves that it was finished outside: it is kept as a response.
        (DAY, None, at(9), None),
        (DAY, None, at(11), LATE),
    ],
)
def test_a16_judge(window: Window, finished: datetime | None, received: datetime, verdict: str | None) -> None:
    assert judge(window, finished, received) == verdict


def test_a15_a_phone_that_is_ahead_finished_earlier_than_it_says() -> None:
    assert corrected(at(10, 30), 3_600_000) == at(9, 30)
    assert corrected(at(9, 30), -3_600_000) == at(10, 30)
    assert corrected(at(9), None) == at(9)
    assert corrected(None, 5) is None


def test_the_ends_of_the_calendar_are_no_moment() -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    assert corrected(first, round(timedelta(days=24).total_seconds() * 1000)) is None
