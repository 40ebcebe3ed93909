"""Answers as values of OData's JSON."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.central.values import AS_GEOJSON, AS_WKT, typed

LINE = "39.9 116.4 50 5; 39.8 116.5;"
RING = "0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 0 0"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "12", 12),
        ("int", "-012", -12),
        ("int", "9223372036854775807", 9223372036854775807),
        ("int", "9223372036854775808", None),
        ("int", "12.5", None),
        ("int", "twelve", None),
        ("int", "１２", None),
        ("decimal", "2.50", 2.5),
        ("decimal", ".5", 0.5),
        ("decimal", "5.", 5),
        ("decimal", "-3", -3),
        ("decimal", "NaN", None),
        ("decimal", "1e9", None),
        ("boolean", "true", True),
        ("boolean", "0", False),
        ("boolean", "perhaps", None),
        ("date", "2026-02-28", "2026-02-28"),
        ("date", "2026-02-30", None),
        ("date", "28.2.2026", None),
        ("dateTime", "2026-03-28T09:43:10.000+08:00", "2026-03-28T09:43:10.000+08:00"),
        ("dateTime", "2026-03-28T09:43:10+08", "2026-03-28T09:43:10+08:00"),
        ("dateTime", "2026-03-28T09:43:10.5+0530", "2026-03-28T09:43:10.5+05:30"),
        ("dateTime", "2026-03-28T09:43:10Z", "2026-03-28T09:43:10Z"),
        ("dateTime", "2026-03-28T09:43:10", None),
        ("dateTime", "2026-03-28T25:43:10Z", None),
        ("time", "09:43:10.000+08:00", "09:43:10.000+08:00"),
        ("string", "=1+1", "=1+1"),
        ("string", "007", "007"),
        ("string", "", None),
        ("geopoint", "39.9 116.4", {"type": "Point", "coordinates": [116.4, 39.9]}),
        ("geopoint", "99 116.4", None),
        ("geopoint", "here", None),
        ("geotrace", "39.9 116.4", None),
    ],
)  # fmt: skip
def test_values_by_type(kind: str, text: str, value: Any) -> None:
    found = typed(text, AS_GEOJSON.get(kind))
    assert orjson.loads(orjson.dumps(found)) == value


def test_digits_stay() -> None:
    assert (
        orjson.dumps(typed("12345678901234567890.123456789", AS_GEOJSON["decimal"]))
        == b"12345678901234567890.123456789"
    )


def test_what_is_no_text_is_no_value() -> None:
    assert [typed(value, None) for value in (None, {}, [], 5)] == [None] * 4


def test_lines_and_areas() -> None:
    assert typed(LINE, AS_GEOJSON["geotrace"]) == {
        "type": "LineString",
        "coordinates": [[116.4, 39.9, 50.0], [116.5, 39.8]],
        "properties": {"accuracies": [5.0, None]},
    }
    assert typed(LINE, AS_WKT["geotrace"]) == "LINESTRING (116.4 39.9 50.0,116.5 39.8)"
    assert typed(RING, AS_WKT["geoshape"]) == "POLYGON ((0.0 0.0 0.0,1.0 0.0 0.0,1.0 1.0 0.0,0.0 0.0 0.0))"
    assert typed(RING, AS_GEOJSON["geoshape"])["coordinates"][0][0] == [0.0, 0.0, 0.0]


@given(st.sampled_from([*AS_GEOJSON, "string"]), st.text() | st.text("0123456789-+.:TZ ;e", max_size=30), st.booleans())
def test_any_text_gives_something_that_json_can_hold(kind: str, text: str, is_wkt: bool) -> None:
    value: Any = typed(text, (AS_WKT if is_wkt else AS_GEOJSON).get(kind))
    assert value is None or orjson.dumps(value)
