"""GeoJSON (RFC 7946): a feature for each response, for programs that draw maps.

Its geometry is the first answer in the main table that is a place on earth, null without one; its properties are the cells of the main
table. Heights stay in the properties: programs take a layer for flat or not by its first feature.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

from collector.export.sheets.sheet import Cell, Dataset, Progress, Sheet
from collector.export.writers.json_values import flat_value, points_of

#: Features that are written at a time.
FEATURES_A_PIECE = 50
PLACES_ON_EARTH = ("geopoint", "geotrace", "geoshape")

Position = list[float]


def write_geojson(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write the main table of `dataset` to `path`."""
    sheet = dataset.sheets[0]
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[\n')
        features: list[bytes] = []
        between = b""
        for row in sheet.rows():
            features.append(orjson.dumps(_feature(sheet, row)))
            if len(features) == FEATURES_A_PIECE:
                file.write(between + b",\n".join(features))
                between = b",\n"
                on_rows(len(features))
                features.clear()
        if features:
            file.write(between + b",\n".join(features))
            on_rows(len(features))
        file.write(b"\n]}\n")
    # Nobody reads the rows of repeats, and who watches waits for them all the same.
    on_rows(sum(other.row_count for other in dataset.sheets[1:]))


def geometry_of(type: str, text: str) -> dict[str, Any] | None:
    """The geometry of a geopoint, geotrace or geoshape; None for what is none."""
    points = points_of(text)
    if points is None:
        return None
    # Longitude first (section 3.1.1).
    positions = [[point[1], point[0]] for point in points]
    if len(positions) == 1:
        return {"type": "Point", "coordinates": positions[0]}
    if type == "geoshape":
        ring = _closed(positions)
        if len(ring) >= 4:
            return {"type": "Polygon", "coordinates": [ring]}
    return {"type": "LineString", "coordinates": positions}


def _feature(sheet: Sheet, row: Sequence[Cell]) -> dict[str, Any]:
    geometry = None
    properties: dict[str, Any] = {}
    for variable, text in zip(sheet.variables, row, strict=True):
        if text is None:
            continue
        properties[variable.name] = flat_value(variable, text)
        if geometry is None and text and variable.type in PLACES_ON_EARTH:
            geometry = geometry_of(variable.type, text)
    return {"type": "Feature", "id": row[0], "geometry": geometry, "properties": properties}


def _closed(positions: list[Position]) -> list[Position]:
    """A ring that ends where it begins and runs counterclockwise (section 3.1.6)."""
    ring = positions if positions[0] == positions[-1] else [*positions, positions[0]]
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return ring[::-1] if area < 0 else ring
