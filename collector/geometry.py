"""Boundaries on the ground: whether a point lies inside one, and how far it is from it. Plain numbers, WGS 84 degrees.

A geometry is a GeoJSON Polygon or MultiPolygon (RFC 7946): longitude before latitude, the outer ring of a polygon first, holes after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt
from typing import Any

#: Mean radius of the Earth, metres (IUGG R1).
EARTH_RADIUS_M = 6_371_008.8

Ring = Sequence[Sequence[float]]


def contains(geometry: Mapping[str, Any], latitude: float, longitude: float) -> bool:
    """Tell whether a point lies inside a geometry: in an outer ring and in none of its holes. On the line itself it may be either."""
    return any(
        _in_ring(polygon[0], latitude, longitude)
        and not any(_in_ring(hole, latitude, longitude) for hole in polygon[1:])
        for polygon in polygons(geometry)
    )


def distance_m(geometry: Mapping[str, Any], latitude: float, longitude: float) -> int:
    """Metres from a point to the nearest edge of a geometry, rounded; 0 inside.

    Each edge is looked at on a plane around the point. At the size of a district that is exact to far less than a phone's own error.
    """
    if contains(geometry, latitude, longitude):
        return 0
    east = radians(1) * EARTH_RADIUS_M * cos(radians(latitude))
    north = radians(1) * EARTH_RADIUS_M
    nearest = min(
        _to_origin(
            _turn(start[0] - longitude) * east,
            (start[1] - latitude) * north,
            _turn(end[0] - longitude) * east,
            (end[1] - latitude) * north,
        )
        for polygon in polygons(geometry)
        for ring in polygon
        for start, end in edges(ring)
    )
    return round(nearest)


def point_distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """Metres between two points over the Earth's surface, rounded (haversine formula)."""
    half_north = sin(radians(other_latitude - latitude) / 2)
    half_east = sin(radians(other_longitude - longitude) / 2)
    share = half_north**2 + cos(radians(latitude)) * cos(radians(other_latitude)) * half_east**2
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(share))))


def polygons(geometry: Mapping[str, Any]) -> Sequence[Sequence[Ring]]:
    """The polygons of a Polygon or MultiPolygon, each as its rings."""
    coordinates: Sequence[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def edges(ring: Ring) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """The edges of a ring, each from one position to the next."""
    return pairwise(ring)


def _in_ring(ring: Ring, latitude: float, longitude: float) -> bool:
    """Count how many edges a line eastward from the point crosses: an odd number means inside."""
    is_inside = False
    for start, end in edges(ring):
        if (start[1] > latitude) != (end[1] > latitude):
            crossing = start[0] + (latitude - start[1]) / (end[1] - start[1]) * (end[0] - start[0])
            if longitude < crossing:
                is_inside = not is_inside
    return is_inside


def _to_origin(x1: float, y1: float, x2: float, y2: float) -> float:
    """Distance from the origin to the segment between two points of a plane."""
    along_x, along_y = x2 - x1, y2 - y1
    length_squared = along_x**2 + along_y**2
    share = 0.0 if length_squared == 0 else max(0.0, min(1.0, -(x1 * along_x + y1 * along_y) / length_squared))
    return hypot(x1 + share * along_x, y1 + share * along_y)


def _turn(degrees: float) -> float:
    """A difference of longitudes as the shorter way round the Earth."""
    return (degrees + 180) % 360 - 180
