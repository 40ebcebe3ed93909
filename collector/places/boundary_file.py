"""A GeoJSON file of boundaries (RFC 7946) -> geometries by the text that names their place. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from collector.errors import CollectorError
from collector.places.tables import Fault

#: Properties that name the place, in the order in which they are asked.
NAMING = ("code", "id", "name")
SHAPES = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class BoundaryFile:
    """Boundaries by the texts that may name their place, and what is wrong with others; a fault's row is the feature's number."""

    shapes: list[tuple[Sequence[str], Mapping[str, Any]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_boundaries(content: bytes) -> BoundaryFile:
    """Read a FeatureCollection. Raises CollectorError `boundaries_unreadable` for what is none."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise CollectorError("boundaries_unreadable") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise CollectorError("boundaries_unreadable")
    found = BoundaryFile()
    for number, feature in enumerate(features, 1):
        geometry: Any = feature.get("geometry") if isinstance(feature, dict) else None
        fault = fault_of(geometry)
        if fault is not None:
            found.faults.append(Fault(number, fault))
        else:
            found.shapes.append((names_of(feature), {"type": geometry["type"], "coordinates": geometry["coordinates"]}))
    return found


def names_of(feature: Mapping[str, Any]) -> list[str]:
    """The texts by which a feature may name its place: its properties code, id, name, and its own id."""
    properties = feature.get("properties")
    values = [properties.get(name) for name in NAMING] if isinstance(properties, dict) else []
    return [
        str(value).strip()
        for value in [*values, feature.get("id")]
        if isinstance(value, (str, int)) and str(value).strip()
    ]


def fault_of(geometry: Any) -> Any:
    """What is wrong with a geometry, in words; None if nothing is."""
    if not isinstance(geometry, dict) or geometry.get("type") not in SHAPES:
        return _l("This is neither a Polygon nor a MultiPolygon. Points and lines bound nothing; leave them out.")
    coordinates: Any = geometry.get("coordinates")
    polygons: Any = [coordinates] if geometry["type"] == "Polygon" else coordinates
    rings = (
        [ring for polygon in polygons for ring in polygon]
        if _is_list(polygons) and all(map(_is_list, polygons))
        else []
    )
    if not rings or not all(_is_ring(ring) for ring in rings):
        return _l("The coordinates are broken: a ring is at least four pairs of numbers, the last like the first.")
    positions = [position for ring in rings for position in ring]
    if all(-180 <= longitude <= 180 and -90 <= latitude <= 90 for longitude, latitude, *_height in positions):
        return None
    if all(-180 <= latitude <= 180 and -90 <= longitude <= 90 for longitude, latitude, *_height in positions):
        return _l(
            "Longitude and latitude are swapped. GeoJSON has the longitude first: export the file again that way."
        )
    return _l("The coordinates are no degrees. Export the file in WGS 84 (EPSG:4326), not in metres of a local grid.")


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _is_ring(ring: Any) -> bool:
    return _is_list(ring) and len(ring) >= 4 and all(map(_is_position, ring)) and ring[0] == ring[-1]


def _is_position(value: Any) -> bool:
    return _is_list(value) and len(value) >= 2 and all(type(number) in (int, float) for number in value)
