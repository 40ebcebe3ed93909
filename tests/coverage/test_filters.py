"""What the board shows, from the address and back."""

from datetime import date

import pytest

from collector.coverage.filters import Filters, read_filters
from collector.languages import read_day

TODAY = date(2026, 3, 28)


def test_an_address_comes_back_as_it_was() -> None:
    arguments = {
        "questionnaire": "household",
        "from": "2026-03-01",
        "to": "2026-03-05",
        "state": "approved",
        "on": "2026-01-01",
        "under": "S1",
        "view": "table",
        "sort": "behind",
    }
    assert read_filters(arguments, TODAY).as_arguments() == arguments
    assert read_filters({}, TODAY) == Filters()
    assert read_filters({"period": "7"}, TODAY).as_arguments() == {"period": "7"}


def test_today_and_the_last_week_are_days() -> None:
    today, week = read_filters({"period": "today"}, TODAY), read_filters({"period": "7"}, TODAY)
    assert (today.from_day, today.to_day) == (TODAY, TODAY)
    assert (week.from_day, week.to_day) == (date(2026, 3, 22), TODAY)


def test_what_makes_no_sense_filters_nothing() -> None:
    wrong = {"state": "lost", "view": "globe", "sort": "x", "from": "soon", "on": "2026-03-29", "period": "never"}
    assert read_filters(wrong, TODAY) == Filters()


@pytest.mark.parametrize("text", ["", "x", "2025-13-01", "20250515", "2025-05-15T00:00:00Z", "2025-W20-4"])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text) is None


def test_a65_a_day_is_the_day_that_was_written() -> None:
    """A65: it goes through the address unchanged, whatever zone the server or the reader is in."""
    filters = read_filters({"from": "2025-05-15", "to": "2025-05-15"}, TODAY)
    assert filters.from_day == filters.to_day == date(2025, 5, 15)
    assert filters.for_responses() == {"from": "2025-05-15", "to": "2025-05-15"}
