"""Charts as markup: sizes follow the values, and what is written is text."""

import re
from xml.etree import ElementTree

import pytest

from collector.charts import Bar, Point, bars, line, scale

EVIL = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (21, [0, 10, 20, 30]),
        (4661, [0, 2000, 4000, 6000]),
    ],
)
def test_a_scale_has_round_steps_that_reach_the_most(most: float, steps: list[float]) -> None:
    assert scale(most) == steps


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bars([Bar("a", 4), Bar("b", 1, "1 · 25 %", "soft"), Bar("c", 0)], title="Answers")
    assert re.findall(r'fill" width="([\d.]+)"', drawn) == ["100", "25", "0"]
    assert "1 · 25 %" in drawn and "chart-bars__row--soft" in drawn


def test_no_values_are_no_error() -> None:
    assert "<ul" in bars([], title="Nothing")
    assert bars([Bar("a", 0)], title="Zero").count('width="0"') == 1
    ElementTree.fromstring(line([], title="Nothing"))


def test_a_line_goes_through_its_points_and_breaks_where_nothing_is_asked_for() -> None:
    drawn = line([Point("1", 0), Point("2", 2), Point("3", 4)], title="Days", reference=[None, 2, 2])
    paths = dict(re.findall(r'class="(chart-line__\w+)" d="([^"]+)"', drawn))
    assert paths["chart-line__line"].count("L") == 2
    assert paths["chart-line__reference"].startswith("M") and paths["chart-line__reference"].count("L") == 1
    heights = [float(y) for y in re.findall(r'cy="([\d.]+)%"', drawn)]
    assert heights == sorted(heights, reverse=True)


def test_a82_labels_are_text() -> None:
    """A82: what comes from answers never becomes markup, in attributes either."""
    for drawn in (
        bars([Bar(EVIL, 1, EVIL, '"><script>')], title=f'"{EVIL}'),
        line([Point(EVIL, 1)], title=EVIL, description=EVIL),
    ):
        ElementTree.fromstring(drawn)
        assert "<img" not in drawn and "<script" not in drawn


def test_no_style_attribute_is_used() -> None:
    """The content security policy would drop it."""
    assert "style=" not in bars([Bar("a", 1)], title="x") + line([Point("a", 1)], title="x")
