"""A small drawing of the points of a response: shapes in the numbers of an SVG. Pure."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.review.answers import Item

#: Width and height of the drawing, and the room around what is drawn.
SIDE, MARGIN = 300, 20
#: Metres that the drawing shows at least, so that one point is not spread over it.
LEAST_METRES = 100
METRES_PER_DEGREE = 111_320
#: Lengths that a scale may have, metres.
SCALES = tuple(step * 10**power for power in range(7) for step in (1, 2, 5))
GEO_TYPES = ("geopoint", "geotrace", "geoshape")


@dataclass(frozen=True)
class Spot:
    """Points of one answer, WGS 84 degrees as (latitude, longitude); several are a line, or an area if `is_area`."""

    label: str
    points: Sequence[tuple[float, float]]
    is_area: bool = False
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Drawing:
    """Shapes for an SVG of `SIDE` by `SIDE`: `dots` as (x, y, number of the spot), `lines` and `areas` as lists of "x,y".

    `scale` is its length in the drawing, `scale_m` in metres.
    """

    dots: Sequence[tuple[float, float, int]]
    lines: Sequence[str]
    areas: Sequence[str]
    boundary: Sequence[str]
    scale: float
    scale_m: int


def find_spots(items: Iterable[Item], above: str = "") -> Iterator[Spot]:
    """The places among the answers, in form order."""
    for item in items:
        label = f"{above} · {item.label}" if above else item.label
        if item.kind == "question" and item.type in GEO_TYPES:
            points = [point for part in item.value.split(";") if (point := read_point(part))]
            if points:
                spots = [(latitude, longitude) for latitude, longitude, _ in points]
                yield Spot(label, spots, item.type == "geoshape", points[0][2] if len(points) == 1 else None)
        # A group's name helps nobody who looks for a point; a row's number does.
        yield from find_spots(item.children, label if item.kind in ("repeat", "row") else above)


def read_point(text: str) -> tuple[float, float, float | None] | None:
    """Latitude, longitude and accuracy of `latitude longitude altitude accuracy`; None for what is no place on earth."""
    numbers = text.split()
    try:
        latitude, longitude = float(numbers[0]), float(numbers[1])
        accuracy = float(numbers[3]) if len(numbers) > 3 else None
    except (ValueError, IndexError):
        return None
    return (latitude, longitude, accuracy) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def draw(spots: Sequence[Spot], boundary: Mapping[str, Any] | None = None) -> Drawing | None:
    """Draw the spots, and the boundary of the community (GeoJSON) where there is one; None without spots."""
    if not spots:
        return None
    rings = list(_rings(boundary)) if boundary else []
    every = [point for spot in spots for point in spot.points] + [point for ring in rings for point in ring]
    south, north = min(lat for lat, _ in every), max(lat for lat, _ in every)
    west, east = min(lon for _, lon in every), max(lon for _, lon in every)
    middle = ((south + north) / 2, (west + east) / 2)
    # Near enough to what a map shows, over a community.
    shrink = max(math.cos(math.radians(middle[0])), 0.01)
    metres = max((north - south) * METRES_PER_DEGREE, (east - west) * METRES_PER_DEGREE * shrink, LEAST_METRES)
    per_metre = (SIDE - 2 * MARGIN) / metres

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x = SIDE / 2 + (point[1] - middle[1]) * METRES_PER_DEGREE * shrink * per_metre
        y = SIDE / 2 - (point[0] - middle[0]) * METRES_PER_DEGREE * per_metre
        return round(x, 1), round(y, 1)

    def path(points: Iterable[tuple[float, float]]) -> str:
        return " ".join(f"{x},{y}" for x, y in map(place, points))

    scale_m = max((length for length in SCALES if length * per_metre <= SIDE / 3), default=1)
    return Drawing(
        dots=[(*place(spot.points[0]), number) for number, spot in enumerate(spots, 1) if len(spot.points) == 1],
        lines=[path(spot.points) for spot in spots if len(spot.points) > 1 and not spot.is_area],
        areas=[path(spot.points) for spot in spots if len(spot.points) > 1 and spot.is_area],
        boundary=[path(ring) for ring in rings],
        scale=round(scale_m * per_metre, 1),
        scale_m=scale_m,
    )


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """The outlines of a Polygon or MultiPolygon as (latitude, longitude)."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [(position[1], position[0]) for position in ring]
