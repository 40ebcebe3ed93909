"""GeoJSON, read back with json and held against RFC 7946."""

import json
from pathlib import Path
from typing import Any

import pytest

from collector.export.sheets.sheet import Dataset
from collector.export.writers.geojson import geometry_of, write_geojson
from tests.export.sheets import dataset, ignore, one_sheet, sheet, variable


def features(content: Dataset, folder: Path) -> list[dict[str, Any]]:
    write_geojson(content, folder / "out.geojson", ignore)
    read = json.loads((folder / "out.geojson").read_bytes())
    assert set(read) == {"type", "features"}
    assert read["type"] == "FeatureCollection"
    return list(read["features"])


def test_each_response_is_a_feature_at_its_first_place(tmp_path: Path) -> None:
    variables = [
        variable("response_id", path=""),
        variable("size", "int"),
        variable("home", "geopoint"),
        variable("way", "geotrace"),
    ]
    rows: list[list[str | None]] = [
        ["r1", "3", "22.5 114.1 10 5", "1 2; 3 4"],
        ["r2", "", "", "1 2; 3 4"],
        ["r3", None, "north", ""],
    ]
    first, second, third = features(one_sheet(variables, rows), tmp_path)
    assert first == {
        "type": "Feature",
        "id": "r1",
        "geometry": {"type": "Point", "coordinates": [114.1, 22.5]},
        "properties": {"response_id": "r1", "size": 3, "home": "22.5 114.1 10 5", "way": "1 2; 3 4"},
    }
    assert second["geometry"] == {"type": "LineString", "coordinates": [[2, 1], [4, 3]]}
    assert second["properties"] == {"response_id": "r2", "size": None, "home": None, "way": "1 2; 3 4"}
    assert third["geometry"] is None
    assert "size" not in third["properties"]


def test_texts_of_digits_and_lists_stay_texts(tmp_path: Path) -> None:
    variables = [variable("response_id", path=""), variable("id"), variable("likes", is_multiple=True)]
    [feature] = features(one_sheet(variables, [["r1", "0123", "rice bread"]]), tmp_path)
    assert feature["properties"]["id"] == "0123"
    assert feature["properties"]["likes"] == "rice bread"


def test_a_shape_is_a_closed_ring_that_runs_counterclockwise() -> None:
    clockwise = "0 0 0 0; 1 0 0 0; 1 1 0 0; 0 1 0 0; 0 0 0 0"
    open_ring = "0 0; 0 1; 1 1; 1 0"
    wanted = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    assert geometry_of("geoshape", clockwise) == wanted
    assert geometry_of("geoshape", open_ring) == wanted


def test_a_shape_of_two_points_is_a_line_and_a_line_of_one_is_a_point() -> None:
    assert geometry_of("geoshape", "0 0; 1 1") == {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    assert geometry_of("geotrace", "1 2;") == {"type": "Point", "coordinates": [2, 1]}


@pytest.mark.parametrize("text", ["", "1", "x y", "91 0", "0 181", "nan 1", "inf 1", "1 2 3 4 5", "1 2; 3", ";"])
def test_what_is_no_place_on_earth_has_no_geometry(text: str) -> None:
    assert geometry_of("geopoint", text) is None


def test_many_features_are_one_collection_and_repeats_are_not_in_it(tmp_path: Path) -> None:
    seen: list[int] = []
    main = sheet([variable("response_id", path="")], [[f"r{number}"] for number in range(401)])
    content = dataset(main, sheet([variable("x")], [["1"]], "members"))
    assert [feature["id"] for feature in features(content, tmp_path)] == [f"r{number}" for number in range(401)]
    write_geojson(content, tmp_path / "again", seen.append)
    assert sum(seen) == 402
    assert (tmp_path / "again").read_bytes() == (tmp_path / "out.geojson").read_bytes()


def test_no_responses_are_an_empty_collection(tmp_path: Path) -> None:
    assert features(one_sheet([variable("response_id", path="")], []), tmp_path) == []
    write_geojson(one_sheet([], []), tmp_path / "none", ignore)
