"""Charts drawn on the server: plain values in, markup out. Colours come from classes (static/css/office-charts.css), text is escaped.

Sizes that follow the data are SVG attributes, since the content security policy allows no inline style. Words stand in their own size
however wide the chart is: a chart is as readable on a phone as on a desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup, escape

#: Lines of the scale at most, and words under the chart at most.
MOST_STEPS = 4
MOST_WORDS = 4
#: Share of the width, in percent, that the numbers of the scale have to the left; and of the height above and below the drawing.
LEFT, ABOVE, BELOW = 9, 8, 14


@dataclass(frozen=True)
class Bar:
    """A bar: `value` as its length, `words` after it (the number by default). `kind` picks a look: "", "soft" or "warning"."""

    label: str
    value: float
    words: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Point:
    """A point of a line: what stands under it, and how high it is."""

    label: str
    value: float


def bars(rows: Sequence[Bar], *, title: str, most: float | None = None) -> Markup:
    """Horizontal bars as a list, one under the other; `most` is the value of a full bar, the largest of the rows by default."""
    full = most if most is not None else max((row.value for row in rows), default=0)
    return Markup('<ul class="chart-bars" aria-label="{}">{}</ul>').format(
        title, Markup("").join(_bar(row, full) for row in rows)
    )


def _bar(row: Bar, full: float) -> Markup:
    width = _number(min(100.0, row.value * 100 / full) if full > 0 else 0)
    kind = Markup(" chart-bars__row--{}").format(row.kind) if row.kind else ""
    return Markup(
        '<li class="chart-bars__row{}"><span class="chart-bars__label">{}</span>'
        '<svg class="chart-bars__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="chart-bars__track" width="100" height="10"/><rect class="chart-bars__fill" width="{}" height="10"/></svg>'
        '<span class="chart-bars__value">{}</span></li>'
    ).format(kind, row.label, width, row.words or _number(row.value))


def line(
    points: Sequence[Point], *, title: str, description: str = "", reference: Sequence[float | None] | None = None
) -> Markup:
    """A line from left to right, with the scale at its left and some of the labels under it.

    `reference` is a second line, dashed: a value for each point, None where it has none. Without points there is only the scale.
    """
    marks = [value for value in reference or () if value is not None]
    steps = scale(max([*(point.value for point in points), *marks], default=0))
    top = steps[-1]
    places = [_across(at, len(points)) for at in range(len(points))]
    values: list[float | None] = [point.value for point in points]
    parts = [
        Markup("<title>{}</title><desc>{}</desc>").format(title, description),
        *(_scale_line(step, top) for step in steps),
        *(_under(points[at].label, places[at], at, len(points)) for at in _spread(len(points))),
        Markup('<svg class="chart-line__drawing" viewBox="0 0 100 100" preserveAspectRatio="none">{}{}</svg>').format(
            _path(reference, places, top, "chart-line__reference") if reference else "",
            _path(values, places, top, "chart-line__line"),
        ),
        *(_dot(point, place, top) for point, place in zip(points, places, strict=True)),
    ]
    return Markup('<svg class="chart-line" role="img" width="100%" height="220" focusable="false">{}</svg>').format(
        Markup("").join(parts)
    )


def scale(most: float) -> list[float]:
    """Round values from 0 up to at least `most`: the lines of a scale. Whole numbers, as responses are."""
    if most <= 1:
        return [0.0, 1.0]
    rough = most / MOST_STEPS
    power = 10.0 ** floor(log10(rough))
    step = max(1.0, next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough))
    return [step * count for count in range(ceil(most / step) + 1)]


def _across(at: int, count: int) -> float:
    """Percent of the width at which a point stands."""
    return LEFT + (100 - LEFT - 1.5) * (at / (count - 1) if count > 1 else 0.5)


def _height(value: float, top: float) -> float:
    """Percent of the height, from above, at which a value stands."""
    return ABOVE + (100 - ABOVE - BELOW) * (1 - value / top)


def _scale_line(value: float, top: float) -> Markup:
    return Markup(
        '<line class="chart-line__grid" x1="{x}%" x2="100%" y1="{y}%" y2="{y}%"/>'
        '<text class="chart-line__number" x="{left}%" y="{y}%" dy="0.35em" text-anchor="end">{value}</text>'
    ).format(x=LEFT, left=LEFT - 1.5, y=_number(_height(value, top)), value=_number(value))


def _under(label: str, place: float, at: int, count: int) -> Markup:
    anchor = "middle" if count == 1 else "start" if at == 0 else "end" if at == count - 1 else "middle"
    return Markup('<text class="chart-line__label" x="{}%" y="99%" text-anchor="{}">{}</text>').format(
        _number(place), anchor, label
    )


def _path(values: Sequence[float | None], places: Sequence[float], top: float, look: str) -> Markup:
    """A line through the values that are there; it breaks where one is missing."""
    commands, is_drawing = [], False
    for value, place in zip(values, places, strict=True):
        if value is not None:
            commands.append(f"{'L' if is_drawing else 'M'}{_number(place)} {_number(_height(value, top))}")
        is_drawing = value is not None
    return Markup('<path class="{}" d="{}"/>').format(look, " ".join(commands))


def _dot(point: Point, place: float, top: float) -> Markup:
    return Markup('<circle class="chart-line__dot" cx="{}%" cy="{}%" r="3.5"><title>{}: {}</title></circle>').format(
        _number(place), _number(_height(point.value, top)), point.label, _number(point.value)
    )


def _spread(count: int) -> list[int]:
    """Which of `count` points have their label written: the first, the last and some between."""
    if count <= MOST_WORDS:
        return list(range(count))
    return sorted({round(at * (count - 1) / (MOST_WORDS - 1)) for at in range(MOST_WORDS)})


def _number(value: float) -> str:
    """A number without needless digits."""
    return str(escape(f"{value:.2f}".rstrip("0").rstrip(".")))
