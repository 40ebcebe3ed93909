"""An answer -> a value of OData's JSON: numbers, dates and moments as such, places as GeoJSON or WKT. Pure.

What is no value of its type gives None: with one such value a client that trusts `$metadata` would read nothing at all. The exports of
files give answers as they were written.

Source: docs/form-model.md, "Answers"; OData JSON Format Version 4.0, section 7.1.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

_INTEGER = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)\d*(?:(Z)|([+-]\d\d)(?::?(\d\d))?)", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
LARGEST = 2**63 - 1

Reader = Callable[[str], Any]


def read_integer(text: str) -> int | None:
    """A whole number of 64 bits."""
    found = int(text) if _INTEGER.fullmatch(text) else None
    return found if found is not None and -LARGEST - 1 <= found <= LARGEST else None


def read_decimal(text: str) -> Any:
    """A number with the digits that it was written with."""
    return orjson.Fragment(format(Decimal(text), "f")) if _DECIMAL.fullmatch(text) else None


def read_boolean(text: str) -> bool | None:
    """True or false."""
    return _BOOLEANS.get(text)


def read_date(text: str) -> str | None:
    """A day of the calendar."""
    return text if _DATE.fullmatch(text) and _exists(date.fromisoformat, text) else None


def read_moment(text: str) -> str | None:
    """A moment with its offset; one that names none is known nowhere."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    moment, utc, hours, minutes = found.groups()
    whole = moment + (utc or f"{hours}:{minutes or '00'}")
    return whole if _exists(datetime.fromisoformat, whole) else None


def _exists(parse: Callable[[str], Any], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _points(text: str) -> list[list[float]]:
    """Points as latitude, longitude, altitude, accuracy; what is no point is passed over."""
    found = []
    for part in text.split(";"):
        numbers = part.split()
        if 2 <= len(numbers) <= 4 and all(_DECIMAL.fullmatch(number) for number in numbers):
            point = [float(number) for number in numbers]
            if abs(point[0]) <= 90 and abs(point[1]) <= 180:
                found.append(point)
    return found


def _position(point: list[float]) -> list[float]:
    """Longitude, latitude, altitude (RFC 7946, section 3.1.1)."""
    return [point[1], point[0], *point[2:3]]


def _words(points: list[list[float]]) -> str:
    return ",".join(" ".join(format(Decimal(repr(number)), "f") for number in _position(point)) for point in points)


def read_point(text: str) -> dict[str, Any] | None:
    """A place as GeoJSON, with its accuracy in metres where that is known."""
    points = _points(text)
    if len(points) != 1:
        return None
    shape: dict[str, Any] = {"type": "Point", "coordinates": _position(points[0])}
    return shape | ({"properties": {"accuracy": points[0][3]}} if len(points[0]) == 4 else {})


def read_line(text: str) -> dict[str, Any] | None:
    """A line as GeoJSON."""
    points = _points(text)
    return _shape("LineString", points, [_position(point) for point in points]) if len(points) >= 2 else None


def read_area(text: str) -> dict[str, Any] | None:
    """An area as GeoJSON; its ring is closed where it was not."""
    points = _closed(_points(text))
    return _shape("Polygon", points, [[_position(point) for point in points]]) if len(points) >= 4 else None


def _closed(points: list[list[float]]) -> list[list[float]]:
    return [*points, points[0]] if points and points[0][:2] != points[-1][:2] else points


def _shape(kind: str, points: list[list[float]], coordinates: list[Any]) -> dict[str, Any]:
    accuracies = [point[3] if len(point) == 4 else None for point in points]
    properties = {"properties": {"accuracies": accuracies}} if any(accuracies) else {}
    return {"type": kind, "coordinates": coordinates} | properties


def point_words(text: str) -> str | None:
    """A place as WKT."""
    points = _points(text)
    return f"POINT ({_words(points)})" if len(points) == 1 else None


def line_words(text: str) -> str | None:
    """A line as WKT."""
    points = _points(text)
    return f"LINESTRING ({_words(points)})" if len(points) >= 2 else None


def area_words(text: str) -> str | None:
    """An area as WKT."""
    points = _closed(_points(text))
    return f"POLYGON (({_words(points)}))" if len(points) >= 4 else None


_PLAIN: Mapping[str, Reader] = {
    "int": read_integer,
    "decimal": read_decimal,
    "boolean": read_boolean,
    "date": read_date,
    "dateTime": read_moment,
}
#: Readers by data type; what is in neither stays a text.
AS_GEOJSON: Mapping[str, Reader] = {**_PLAIN, "geopoint": read_point, "geotrace": read_line, "geoshape": read_area}
AS_WKT: Mapping[str, Reader] = {**_PLAIN, "geopoint": point_words, "geotrace": line_words, "geoshape": area_words}


def typed(value: Any, reader: Reader | None) -> Any:
    """An answer as a value; None where there is none."""
    if not isinstance(value, str) or value == "":
        return None
    return value if reader is None else reader(value)
