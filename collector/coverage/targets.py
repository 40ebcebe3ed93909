"""What is expected of a place, and how much of it by a day. Plain values in and out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Goal:
    """A number of responses, the first and last day on which they are to come in, and whether it comes first (`priority` 1)."""

    expected: int
    starts_on: date | None = None
    ends_on: date | None = None
    priority: int = 0

    @property
    def days(self) -> int | None:
        """Days of its period, None without a beginning and an end."""
        return (self.ends_on - self.starts_on).days + 1 if self.starts_on and self.ends_on else None

    def expected_by(self, day: date) -> int | None:
        """How many should be in at the end of `day`, growing evenly over the period; None where no period says so."""
        if self.ends_on and day >= self.ends_on:
            return self.expected
        if self.starts_on and day < self.starts_on:
            return 0
        if self.starts_on is None or self.days is None or self.days <= 0:
            return None
        return self.expected * ((day - self.starts_on).days + 1) // self.days

    def expected_on(self, day: date) -> float | None:
        """How many should come in on `day` alone; None where no period says so."""
        if self.starts_on is None or self.ends_on is None or self.days is None or self.days <= 0:
            return None
        return self.expected / self.days if self.starts_on <= day <= self.ends_on else 0


def sum_expected(goals: Iterable[Goal]) -> int | None:
    """All that is expected; None without a goal."""
    numbers = [goal.expected for goal in goals]
    return sum(numbers) if numbers else None


def sum_expected_by(goals: Iterable[Goal], day: date) -> int | None:
    """What should be in by the end of `day`; None where no goal has a period."""
    numbers = [number for goal in goals if (number := goal.expected_by(day)) is not None]
    return sum(numbers) if numbers else None


def sum_expected_on(goals: Iterable[Goal], day: date) -> float | None:
    """What should come in on `day` alone; None where no goal has a period."""
    numbers = [number for goal in goals if (number := goal.expected_on(day)) is not None]
    return sum(numbers) if numbers else None
