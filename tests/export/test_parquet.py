"""Parquet files, read back with pyarrow."""

import io
import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet as reader

from collector.export.sheets.sheet import INDICATOR, Cell, Dataset
from collector.export.writers import parquet
from collector.export.writers.parquet import write_parquet
from tests.export.sheets import dataset, ignore, one_sheet, sheet, variable


def written(content: Dataset, folder: Path) -> pyarrow.Table:
    write_parquet(content, folder / "out.parquet", ignore)
    return reader.read_table(folder / "out.parquet")


def column(kind: str, texts: list[Cell], folder: Path, **more: Any) -> tuple[str, list[Any]]:
    """Type and values of a column of `kind` with these cells."""
    table = written(one_sheet([variable("q", kind)], [[text] for text in texts], **more), folder)
    return str(table.schema.field("q").type), table.column("q").to_pylist()


def test_columns_have_the_types_of_their_questions(tmp_path: Path) -> None:
    assert column("int", ["5", "-5", "", None], tmp_path) == ("int64", [5, -5, None, None])
    assert column(INDICATOR, ["1", "0", ""], tmp_path) == ("int64", [1, 0, None])
    assert column("decimal", ["2.50", "-0.1"], tmp_path) == ("double", [2.5, -0.1])
    assert column("boolean", ["true", "false", ""], tmp_path) == ("bool", [True, False, None])
    assert column("time", ["09:43:10.000+08:00"], tmp_path) == ("string", ["09:43:10.000+08:00"])
    assert column("geopoint", ["22.5 114.1 0 5"], tmp_path) == ("string", ["22.5 114.1 0 5"])


def test_a58_texts_of_digits_stay_texts(tmp_path: Path) -> None:
    texts: list[Cell] = ["06932169358293", "0123"]
    assert column("string", texts, tmp_path) == ("string", texts)


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        ("int", "0123"),
        ("int", str(2**63)),
        ("int", "2.0"),
        ("decimal", "12345678901234567.5"),
        ("decimal", "nan"),
        ("date", "2025-02-30"),
        ("boolean", "yes"),
    ],
)
def test_a58_a_column_with_a_cell_that_does_not_fit_is_text(tmp_path: Path, kind: str, odd: str) -> None:
    assert column(kind, ["1", odd, "", None], tmp_path) == ("string", ["1", odd, "", None])


def test_a65_a_date_is_that_day(tmp_path: Path) -> None:
    assert column("date", ["2025-05-15", "0001-01-01"], tmp_path) == (
        "date32[day]",
        [date(2025, 5, 15), date(1, 1, 1)],
    )


def test_moments_keep_their_offset_or_are_moments(tmp_path: Path) -> None:
    assert column("dateTime", ["2022-07-17T09:43:10.266-04:00"], tmp_path) == (
        "string",
        ["2022-07-17T09:43:10.266-04:00"],
    )
    assert column("dateTime", ["2022-07-17T13:43:10.266Z"], tmp_path, times="utc") == (
        "timestamp[us, tz=UTC]",
        [datetime(2022, 7, 17, 13, 43, 10, 266000, UTC)],
    )
    assert column("dateTime", ["2022-07-17T21:43:10.266+08:00"], tmp_path, times="district") == (
        "timestamp[us]",
        [datetime(2022, 7, 17, 21, 43, 10, 266000)],
    )
    without: list[Cell] = ["2022-07-17T13:43:10.266Z", "2022-07-17T13:43:10"]
    assert column("dateTime", without, tmp_path, times="utc") == ("string", without)


def test_no_answer_and_not_asked_are_told_apart_in_texts(tmp_path: Path) -> None:
    assert column("string", ["王", "", None], tmp_path) == ("string", ["王", "", None])


def test_labels_and_choices_are_in_the_metadata(tmp_path: Path) -> None:
    table = written(
        one_sheet([variable("sex", choices={"m": "男", "f": "女"})], [["m"]], versions=("1", "2")), tmp_path
    )
    about = table.schema.field("sex").metadata
    assert about[b"label"] == b"Question sex"
    assert about[b"path"] == b"/data/sex"
    assert json.loads(about[b"choices"])[0] == {"value": "m", "labels": {"default": "男"}}
    assert table.schema.metadata[b"title"].decode() == "Household 住户"
    assert json.loads(table.schema.metadata[b"versions"]) == ["1", "2"]


def test_several_tables_are_a_zip_with_a_file_for_each(tmp_path: Path) -> None:
    content = dataset(sheet([variable("a")], [["1"]]), sheet([variable("b", "int")], [["2"], ["3"]], "hh.members"))
    write_parquet(content, tmp_path / "out.zip", ignore)
    with ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["hh.parquet", "hh-hh.members.parquet"]
        members = reader.read_table(io.BytesIO(archive.read("hh-hh.members.parquet")))
    assert members.column("b").to_pylist() == [2, 3]


def test_rows_are_written_in_groups_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS_A_GROUP", 100)
    seen: list[int] = []
    rows: list[list[Cell]] = [[str(number)] for number in range(350)]
    write_parquet(one_sheet([variable("n", "int")], rows), tmp_path / "out.parquet", seen.append)
    assert seen == [100, 100, 100, 50]
    file = reader.ParquetFile(tmp_path / "out.parquet")
    assert file.num_row_groups == 4
    assert file.read().column("n").to_pylist() == list(range(350))


def test_the_same_responses_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = sheet([variable("n"), variable("d", "date")], [["x", "2025-05-15"]])
    for content in (dataset(table), dataset(table, sheet([variable("m")], [["y"]], "members"))):
        write_parquet(content, tmp_path / "one", ignore)
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda: 4e9)
            write_parquet(content, tmp_path / "two", ignore)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_no_rows_and_no_columns_are_a_file_too(tmp_path: Path) -> None:
    assert column("int", [], tmp_path) == ("int64", [])
    assert written(one_sheet([], []), tmp_path).num_columns == 0


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CELL: dict[str, st.SearchStrategy[str]] = {
    "string": TEXT,
    "int": st.integers(-(2**63), 2**63 - 1).map(str),
    "date": st.dates().map(date.isoformat),
    "decimal": st.floats(-1e15, 1e15, allow_nan=False).map(lambda number: f"{number:.3f}"),
}
READ: dict[str, Any] = {"string": str, "int": int, "date": date.fromisoformat, "decimal": float}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.sampled_from(sorted(CELL)).flatmap(
        lambda kind: st.tuples(st.just(kind), st.lists(st.none() | st.just("") | CELL[kind], max_size=10))
    )
)
def test_what_was_put_in_comes_out(tmp_path: Path, case: tuple[str, list[Cell]]) -> None:
    kind, texts = case
    _, values = column(kind, texts, tmp_path)
    if kind == "string":
        assert values == texts
    else:
        wanted = [READ[kind](text) if text else None for text in texts]
        assert values in (wanted, texts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(["int", "decimal", "date", "boolean", "dateTime"]), st.lists(TEXT | st.none(), max_size=5))
def test_odd_cells_are_never_lost(tmp_path: Path, kind: str, texts: list[Cell]) -> None:
    found, values = column(kind, texts, tmp_path, times="utc")
    assert values == texts or found != "string"
