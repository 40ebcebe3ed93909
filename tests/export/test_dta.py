"""Stata datasets, read back."""

import datetime
import struct
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from collector.errors import CollectorError
from collector.export.sheets.sheet import Cell, Variable
from collector.export.writers.statistics import dta, dta_data
from collector.export.writers.statistics.dta import write_dta
from collector.export.writers.statistics.dta_parts import MAPPED
from tests.export.sheets import dataset, ignore, one_sheet, sheet, variable
from tests.export.statistics_reading import entries_of, read_dta
from tests.export.test_sav import tables


def test_dates_are_days_without_a_shift__A65(tmp_path: Path) -> None:
    columns, about = read_dta(one_sheet([variable("day", "date")], [["2025-05-15"], [""], ["1900-01-01"]]), tmp_path)
    assert columns["day"] == [datetime.date(2025, 5, 15), None, datetime.date(1900, 1, 1)]
    assert about.original_variable_types["day"] == "%td"


def test_moments_keep_their_offset_or_are_numbers_of_one_zone__A66(tmp_path: Path) -> None:
    offset = [["2022-07-17T09:43:10.266-04:00"]]
    columns, _ = read_dta(one_sheet([variable("start", "dateTime")], offset), tmp_path)
    assert columns["start"] == ["2022-07-17T09:43:10.266-04:00"]
    utc = one_sheet([variable("start_utc", "dateTime")], [["2022-07-17T13:43:10.266Z"], [""]], times="utc")
    columns, about = read_dta(utc, tmp_path)
    assert columns["start_utc"] == [datetime.datetime(2022, 7, 17, 13, 43, 10, 266000), None]
    assert about.original_variable_types["start_utc"] == "%tc"


def test_times_of_the_day_stay_as_they_are_written(tmp_path: Path) -> None:
    columns, _ = read_dta(one_sheet([variable("t", "time")], [["09:43:10.000+08:00"], [None]]), tmp_path)
    assert columns["t"] == ["09:43:10.000+08:00", ""]


def test_labels_and_names_keep_the_limits_of_stata__A67(tmp_path: Path) -> None:
    coded = variable("n", choices={"1": "王" * 60, "2": "😀" * 9_000, "3000000000": "far"}, label="é" * 400)
    columns, about = read_dta(one_sheet([variable("名" * 70), variable("名" * 71), coded], [["x", "y", "1"]]), tmp_path)
    assert list(columns) == ["名" * 32, "名" * 30 + "_2", "n"]
    assert about.column_names_to_labels["n"] == "é" * 80
    assert about.variable_value_labels["n"] == {1: "王" * 60, 2: "😀" * 8_000}


@pytest.mark.parametrize("size", [1, 255, 2_044, 2_045, 2_046, 40_000])
def test_a_text_of_any_length_is_one_variable__A68(size: int, tmp_path: Path) -> None:
    text = ("王" * (size // 3)).ljust(size - 2 * (size // 3), "x")
    assert len(text.encode()) == size
    rows: list[list[Cell]] = [["before", text, "1", text], ["", "", "", ""], ["x", None, "2", "z"]]
    variables = [variable("a"), variable("one"), variable("n", "int"), variable("two")]
    columns, about = read_dta(one_sheet(variables, rows), tmp_path)
    assert (about.variable_storage_width["one"] == 0) == (size > 2_045), "is in a block of its own"
    assert columns == {"a": ["before", "", "x"], "one": [text, "", ""], "n": [1.0, None, 2.0], "two": [text, "", "z"]}


def test_long_texts_stand_in_the_order_of_the_observations(tmp_path: Path) -> None:
    long = "x" * 3_000
    write_dta(one_sheet([variable("a"), variable("b")], [[long, long], [long, long]]), tmp_path / "file.dta", ignore)
    blocks = (tmp_path / "file.dta").read_bytes().partition(b"<strls>")[2].split(b"GSO")[1:]
    assert [struct.unpack_from("<IQ", block) for block in blocks] == [(1, 1), (2, 1), (1, 2), (2, 2)]


def test_the_map_tells_where_each_part_begins(tmp_path: Path) -> None:
    made = one_sheet([variable("a", choices={"x": "X"}), variable("n", choices={"1": "one"})], [["x" * 3_000, "1"]])
    write_dta(made, tmp_path / "file.dta", ignore)
    content = (tmp_path / "file.dta").read_bytes()
    places = struct.unpack_from("<14Q", content, content.index(b"<map>") + 5)
    names = ["stata_dta", "map", *MAPPED, "/stata_dta"]
    assert [content[place : place + len(name) + 2] for place, name in zip(places, names, strict=False)] == [
        f"<{name}>".encode() for name in names
    ]
    assert places[-1] == len(content)


def test_texts_that_look_like_numbers_stay_texts__A58(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["06932169358293", "5"], ["0123", "-5"]]
    columns, _ = read_dta(one_sheet([variable("id"), variable("n", "int")], rows), tmp_path)
    assert columns == {"id": ["06932169358293", "0123"], "n": [5.0, -5.0]}


def test_numbers_that_do_not_fit_make_the_column_a_text(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["1", "2"], ["9007199254740993", "two"]]
    columns, _ = read_dta(one_sheet([variable("size", "int"), variable("odd", "decimal")], rows), tmp_path)
    assert columns == {"size": ["1", "9007199254740993"], "odd": ["2", "two"]}


def test_missing_answers_are_told_apart(tmp_path: Path) -> None:
    variables = [variable("age", "int", reason=1), variable("age_missing", path="")]
    rows: list[list[Cell]] = [["5", ""], ["", "declined"], ["", "dont_know"], [None, None], ["", ""]]
    made = one_sheet(variables, rows, language="English (en)")
    columns, about = read_dta(made, tmp_path, user_missing=True)
    assert columns["age"] == [5.0, "b", "a", "c", None]
    assert about.variable_value_labels["age"] == {"a": "Does not know", "b": "Declined", "c": "Not asked"}
    columns, _ = read_dta(made, tmp_path)
    assert columns["age"] == [5.0, None, None, None, None]


def test_values_that_are_texts_have_their_labels_in_a_note(tmp_path: Path) -> None:
    asked = variable("q", choices={"yes": "是", "no": "否"})
    columns, _ = read_dta(one_sheet([asked], [["yes"]]), tmp_path)
    assert columns["q"] == ["yes"]
    content = (tmp_path / "file.dta").read_bytes().partition(b"<characteristics>")[2]
    assert content.count(b"<ch>") == 2
    assert "yes = 是; no = 否".encode() in content


def test_zero_bytes_and_half_characters_do_not_break_the_file(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["a\0b", "\0" + "x" * 3_000], ["\ud83d!", "y"]]
    columns, _ = read_dta(one_sheet([variable("short"), variable("longer")], rows), tmp_path)
    assert columns == {"short": ["ab", "?!"], "longer": ["x" * 3_000, "y"]}


def test_several_tables_are_a_zip_of_files_and_the_same_each_time(tmp_path: Path) -> None:
    made = dataset(
        sheet([variable("id")], [["r1"]]), sheet([variable("q")], [["x" * 3_000]], "members"), title="住户" * 50
    )
    write_dta(made, tmp_path / "one", ignore)
    write_dta(made, tmp_path / "two", ignore)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["one", "two"]
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert list(entries_of(tmp_path / "one")) == ["hh.dta", "hh-members.dta"]


def test_tables_without_rows_or_columns(tmp_path: Path) -> None:
    assert read_dta(one_sheet([variable("a"), variable("b", "int")], []), tmp_path)[0] == {"a": [], "b": []}
    write_dta(one_sheet([], [[], []]), tmp_path / "file.dta", ignore)
    assert b"<K>\0\0</K>" in (tmp_path / "file.dta").read_bytes()


def test_more_variables_than_stata_takes_are_refused_with_the_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dta, "MOST_VARIABLES", 2)
    with pytest.raises(CollectorError) as refused:
        write_dta(one_sheet([variable(f"q{number}") for number in range(3)], []), tmp_path / "file.dta", ignore)
    assert refused.value.code == "export_too_wide"
    assert refused.value.details == {"table": "hh", "columns": 3, "limit": 2}


def test_observations_that_would_be_too_long_keep_their_texts_in_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[list[Cell]] = [["x" * 100, "y" * 101, "z"]]
    made = one_sheet([variable("a"), variable("b"), variable("c")], rows)
    assert read_dta(made, tmp_path)[1].variable_storage_width["b"] > 0
    monkeypatch.setattr(dta, "MOST_OBSERVATION", 200)
    columns, about = read_dta(made, tmp_path)
    assert [column[0] for column in columns.values()] == rows[0]
    assert [about.variable_storage_width[name] for name in "abc"] == [101, 0, 2]


def test_many_rows_with_few_and_many_different_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dta_data, "MOST_KEPT", 100)
    rows: list[list[Cell]] = [[f"id {number}", str(number * 7)] for number in range(1_203)]
    columns, about = read_dta(one_sheet([variable("id"), variable("n", "int")], rows), tmp_path)
    assert columns == {"id": [row[0] for row in rows], "n": [float(row[1] or "") for row in rows]}
    assert about.number_rows == 1_203


@settings(max_examples=150, deadline=None)
@given(tables())
def test_what_is_read_back_is_what_was_put_in(table: tuple[list[Variable], list[list[Cell]]]) -> None:
    variables, rows = table
    with tempfile.TemporaryDirectory() as folder:
        columns, _ = read_dta(one_sheet(variables, rows), Path(folder))
    for variable_, column, cells in zip(variables, columns.values(), zip(*rows, strict=True), strict=False):
        assert column == [expected(variable_.type, cell) for cell in cells]


def expected(type: str, cell: Cell) -> object:
    if type == "string":
        return cell or ""
    if not cell:
        return None
    return datetime.date.fromisoformat(cell) if type == "date" else float(cell)
