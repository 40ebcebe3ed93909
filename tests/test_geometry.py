"""Points and boundaries: inside, outside, holes, islands, and metres."""

import pytest

from collector.geometry import contains, distance_m, point_distance_m

#: A square of about 1 km around 32.05 N 118.80 E, with a hole in its middle.
SQUARE = [[118.795, 32.045], [118.805, 32.045], [118.805, 32.055], [118.795, 32.055], [118.795, 32.045]]
HOLE = [[118.799, 32.049], [118.801, 32.049], [118.801, 32.051], [118.799, 32.051], [118.799, 32.049]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}
WITH_HOLE = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
ISLAND = [[118.9, 32.0], [118.91, 32.0], [118.91, 32.01], [118.9, 32.01], [118.9, 32.0]]
TWO_PARTS = {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [ISLAND]]}


@pytest.mark.parametrize(
    ("geometry", "latitude", "longitude", "is_inside"),
    [
        (POLYGON, 32.05, 118.80, True),
        (POLYGON, 32.05, 118.81, False),
        # Longitude and latitude are not mixed up.
        (POLYGON, 118.80, 32.05, False),
        (WITH_HOLE, 32.05, 118.80, False),
        (WITH_HOLE, 32.046, 118.80, True),
        (TWO_PARTS, 32.005, 118.905, True),
        (TWO_PARTS, 32.05, 118.80, False),
        (TWO_PARTS, 32.02, 118.85, False),
    ],
)
def test_inside(geometry: dict[str, object], latitude: float, longitude: float, is_inside: bool) -> None:
    assert contains(geometry, latitude, longitude) is is_inside
    assert (distance_m(geometry, latitude, longitude) == 0) is is_inside


def test_distance_is_in_metres_to_the_nearest_edge() -> None:
    # A hundredth of a degree of latitude is 1,112 m; of longitude, there, 942 m.
    assert distance_m(POLYGON, 32.065, 118.80) == pytest.approx(1112, abs=1)
    assert distance_m(POLYGON, 32.05, 118.815) == pytest.approx(942, abs=1)
    # Beyond a corner: as the crow flies to the corner itself.
    assert distance_m(POLYGON, 32.065, 118.815) == pytest.approx(
        point_distance_m(32.065, 118.815, 32.055, 118.805), abs=2
    )
    # From the middle of the hole to its edge.
    assert distance_m(WITH_HOLE, 32.05, 118.80) == pytest.approx(94, abs=1)


def test_distance_across_the_date_line() -> None:
    ring = [[179.9, 0.0], [179.99, 0.0], [179.99, 0.1], [179.9, 0.1], [179.9, 0.0]]
    assert distance_m({"type": "Polygon", "coordinates": [ring]}, 0.05, -179.99) == pytest.approx(2224, abs=3)


def test_distance_between_two_points() -> None:
    # Nanjing's and Beijing's city halls, about 900 km.
    assert point_distance_m(32.06, 118.797, 39.904, 116.407) == pytest.approx(899_000, rel=0.01)
    assert point_distance_m(32.06, 118.797, 32.06, 118.797) == 0
