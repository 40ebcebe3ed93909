"""The drawing of a response's points."""

import pytest

from collector.review.answers import Item
from collector.review.points import SIDE, Spot, draw, find_spots, read_point


def test_points_are_found_wherever_they_stand() -> None:
    """Of rows with their numbers; lines and areas as such; what is no place on earth is left out."""
    row = Item("row", "1", "/d/r", children=[Item("question", "Door", "/d/r/p", type="geopoint", value="32 118 0 5")])
    items = [
        Item("question", "Home", "/d/a", type="geopoint", value="32.1 118.2 10 4.5"),
        Item("question", "Field", "/d/b", type="geoshape", value="1 1 0 0;1 2 0 0;2 2 0 0;1 1 0 0"),
        Item("repeat", "Doors", "/d/r", children=[row]),
        Item("question", "Odd", "/d/c", type="geopoint", value="somewhere"),
        Item("question", "Far", "/d/c", type="geopoint", value="91 0 0 0"),
        Item("question", "Name", "/d/n", type="string", value="1 1 0 0"),
    ]
    spots = list(find_spots(items))
    assert [spot.label for spot in spots] == ["Home", "Field", "Doors · 1 · Door"]
    assert (spots[0].points, spots[0].accuracy_m) == ([(32.1, 118.2)], 4.5)
    assert spots[1].is_area and len(spots[1].points) == 4


@pytest.mark.parametrize("text", ["", "1", "a b c d", "200 0", "nan 1", "1 1 0 x"])
def test_no_points(text: str) -> None:
    assert read_point(text) is None


def test_the_drawing_keeps_directions_and_says_its_scale() -> None:
    """North is up, east is right, and all of it lies inside."""
    south, north = Spot("S", [(32.0, 118.0)]), Spot("N", [(32.01, 118.01)])
    boundary = {
        "type": "Polygon",
        "coordinates": [[[117.99, 31.99], [118.02, 31.99], [118.02, 32.02], [117.99, 31.99]]],
    }
    drawing = draw([south, north], boundary)
    assert drawing is not None
    (x1, y1, _), (x2, y2, _) = drawing.dots
    assert x2 > x1 and y2 < y1
    numbers = [float(part) for ring in drawing.boundary for part in ring.replace(",", " ").split()]
    assert all(0 <= number <= SIDE for number in [*numbers, x1, y1, x2, y2])
    assert 0 < drawing.scale <= SIDE / 3 and drawing.scale_m in (500, 1000)
    assert draw([]) is None
    alone = draw([south])
    assert alone is not None and alone.dots == [(SIDE / 2, SIDE / 2, 1)]
