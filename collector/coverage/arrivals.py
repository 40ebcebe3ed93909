"""The two charts of a board: responses a day, and all so far, each with what the targets ask for."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from collector.charts import Point, line
from collector.coverage.pace import each_day
from collector.coverage.targets import Goal, sum_expected, sum_expected_by, sum_expected_on


def draw_arrivals(
    numbers: Mapping[date, int], goals: Sequence[Goal], first: date | None, last: date
) -> Sequence[tuple[str, Markup, bool]]:
    """Title, drawing, and whether it has a line of the target, of each chart; none while nothing has arrived."""
    if not numbers:
        return []
    days = each_day(numbers, first, last)
    total = sum(numbers.values())
    a_day = [Point(label(day), number) for day, number in days]
    needed = [sum_expected_on(goals, day) for day, _number in days]
    so_far, before = [], total - sum(number for _day, number in days)
    for day, number in days:
        before += number
        so_far.append(Point(label(day), before))
    expected: list[float | None] = [sum_expected_by(goals, day) for day, _number in days]
    if all(value is None for value in expected):
        expected = [sum_expected(goals)] * len(days)
    told = {"first": days[0][0].isoformat(), "last": days[-1][0].isoformat()}
    return [
        chart(_("Responses a day"), _("From %(first)s to %(last)s.", **told), a_day, needed),
        chart(
            _("Responses in all"),
            _("From %(first)s to %(last)s, %(total)s in the end.", total=so_far[-1].value, **told),
            so_far,
            expected,
        ),
    ]


def chart(
    title: str, description: str, points: Sequence[Point], reference: Sequence[float | None]
) -> tuple[str, Markup, bool]:
    """One chart with its title, and whether anything is asked for in it."""
    has_reference = any(value is not None for value in reference)
    drawing = line(points, title=title, description=description, reference=reference if has_reference else None)
    return title, drawing, has_reference


def label(day: date) -> str:
    """A day as it stands under a chart: month and day."""
    return day.isoformat()[5:]
