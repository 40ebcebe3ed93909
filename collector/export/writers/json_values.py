"""Cells as JSON has values: numbers, truths, lists and points where the text says just that, else the text. Pure."""

import math
from collections.abc import Callable
from typing import Any

from collector.export.sheets.sheet import INDICATOR, Variable
from collector.export.writers import typed

#: Largest whole number that every reader of JSON keeps, since many hold doubles (RFC 8259, section 6).
LARGEST = 2**53 - 1
#: Parts of a geopoint in the order in which they are written: degrees, degrees, metres, metres.
POINT_PARTS = ("latitude", "longitude", "altitude", "accuracy")


def json_value(variable: Variable, text: str) -> Any:
    """The value of a cell that is not None: null for "", the text itself where the type would not keep all of it."""
    if not text:
        return None
    if variable.is_multiple:
        return text.split()
    read = READERS.get(variable.type)
    value = read(text) if read else None
    return text if value is None else value


def flat_value(variable: Variable, text: str) -> Any:
    """The same without lists and objects, which programs for maps do not show."""
    value = json_value(variable, text)
    return text if isinstance(value, list | dict) else value


def points_of(text: str) -> list[list[float]] | None:
    """The points of a geopoint, geotrace or geoshape, each with its parts as they are written; None for what is none."""
    points = []
    for written in text.strip().strip(";").split(";"):
        try:
            point = [float(part) for part in written.split()]
        except ValueError:
            return None
        if not (2 <= len(point) <= len(POINT_PARTS) and all(map(math.isfinite, point))):
            return None
        if abs(point[0]) > 90 or abs(point[1]) > 180:
            return None
        points.append(point)
    return points


def _whole(text: str) -> int | None:
    number = typed.whole_number(text)
    return number if number is not None and abs(number) <= LARGEST else None


def _point(text: str) -> dict[str, float] | None:
    points = points_of(text)
    return _as_object(points[0]) if points and len(points) == 1 else None


def _points(text: str) -> list[dict[str, float]] | None:
    points = points_of(text)
    return None if points is None else [_as_object(point) for point in points]


def _as_object(point: list[float]) -> dict[str, float]:
    return dict(zip(POINT_PARTS, point, strict=False))


READERS: dict[str, Callable[[str], Any]] = {
    "int": _whole,
    INDICATOR: _whole,
    "decimal": typed.decimal_number,
    "boolean": typed.truth,
    "geopoint": _point,
    "geotrace": _points,
    "geoshape": _points,
}
