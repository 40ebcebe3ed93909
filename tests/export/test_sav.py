"""SPSS system files, read back."""

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.export.sheets.sheet import Cell, Variable
from collector.export.writers.statistics.bundle import suffix_of
from collector.export.writers.statistics.sav import write_sav
from tests.export.sheets import dataset, ignore, one_sheet, sheet, variable
from tests.export.statistics_reading import entries_of, read_sav

TEXTS = st.text(st.characters(exclude_characters="\0"), max_size=20) | st.sampled_from(["", "王" * 90, "é" * 400])
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1).map(str)
DAYS = st.dates(datetime.date(1582, 10, 15)).map(str)
CELLS = {
    "string": TEXTS,
    "int": WHOLE | st.integers(-120, 170).map(str),
    "decimal": st.floats(-1e15, 1e15).map("{:.3f}".format) | WHOLE,
    "date": DAYS,
    "indicator": st.sampled_from("01"),
}


def test_dates_are_days_without_a_shift__A65(tmp_path: Path) -> None:
    made = one_sheet([variable("day", "date")], [["2025-05-15"], [""], ["1900-01-01"]])
    columns, about = read_sav(made, tmp_path)
    assert columns["day"] == [datetime.date(2025, 5, 15), None, datetime.date(1900, 1, 1)]
    assert about.original_variable_types["day"] == "SDATE10"


def test_moments_keep_their_offset_or_are_numbers_of_one_zone__A66(tmp_path: Path) -> None:
    offset = [["2022-07-17T09:43:10.266-04:00"]]
    columns, _ = read_sav(one_sheet([variable("start", "dateTime")], offset), tmp_path)
    assert columns["start"] == ["2022-07-17T09:43:10.266-04:00"]
    utc = one_sheet([variable("start_utc", "dateTime")], [["2022-07-17T13:43:10.266Z"], [""]], times="utc")
    columns, _ = read_sav(utc, tmp_path)
    assert columns["start_utc"][0].isoformat(timespec="milliseconds") == "2022-07-17T13:43:10.266"
    assert columns["start_utc"][1] is None


def test_labels_and_names_keep_the_limits_of_spss__A67(tmp_path: Path) -> None:
    long = [variable("名" + "x" * 70), variable("名" + "x" * 71)]
    asked = variable("q", choices={"a": "王" * 60, "b": "x" + "王" * 60}, label="é" * 400)
    coded = variable("n", choices={"1": "王" * 60, "2": "😀" * 60})
    columns, about = read_sav(one_sheet([*long, asked, coded], [["x", "y", "a", "1"]]), tmp_path)
    assert list(columns) == ["名" + "x" * 61, "名" + "x" * 59 + "_2", "q", "n"]
    assert about.variable_value_labels["q"] == {"a": "王" * 40, "b": "x" + "王" * 39}
    assert about.variable_value_labels["n"] == {1.0: "王" * 40, 2.0: "😀" * 30}
    assert about.column_names_to_labels["q"] == "é" * 127


@pytest.mark.parametrize("size", [1, 7, 8, 9, 252, 253, 254, 255, 256, 257, 504, 505, 1_000, 32_767])
def test_a_text_of_any_length_is_one_variable__A68(size: int, tmp_path: Path) -> None:
    text = "abcdefgh" * (size // 8) + "ijklmnop"[: size % 8]
    rows: list[list[Cell]] = [["before", text, "1"], ["", "", ""], ["x", "王" * (size // 3), "2"]]
    columns, about = read_sav(one_sheet([variable("a"), variable("text"), variable("n", "int")], rows), tmp_path)
    assert columns == {"a": ["before", "", "x"], "text": [text, "", "王" * (size // 3)], "n": [1.0, None, 2.0]}
    assert about.original_variable_types["text"] == f"A{size}"


@pytest.mark.parametrize("text", ["x" * 40_000, "王" * 14_000, "é" + "😀" * 16_382 + "x", "x" + "😀" * 24_576])
def test_a_text_longer_than_a_variable_goes_on_in_a_further_one(text: str, tmp_path: Path) -> None:
    made = one_sheet([variable("text"), variable("text_2"), variable("z")], [[text, "b", "c"], ["short", "", ""]])
    columns, _ = read_sav(made, tmp_path)
    assert columns.pop("z") == ["c", ""]
    assert columns.pop("text_2") == ["b", ""]
    assert "".join(parts[0] for parts in columns.values()) == text
    assert [parts[1] for parts in columns.values()] == ["short", *[""] * (len(columns) - 1)]


def test_texts_that_look_like_numbers_stay_texts__A58(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["06932169358293", "01", "5"], ["0123", "2", "-5"]]
    choices = {"01": "one", "2": "two"}
    columns, about = read_sav(
        one_sheet([variable("id"), variable("q", choices=choices), variable("n", "int")], rows), tmp_path
    )
    assert columns == {"id": ["06932169358293", "0123"], "q": ["01", "2"], "n": [5.0, -5.0]}
    assert about.variable_value_labels["q"] == choices


def test_numbers_that_do_not_fit_make_the_column_a_text(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["1", "2"], ["9007199254740993", "two"]]
    columns, _ = read_sav(one_sheet([variable("size", "int"), variable("odd", "decimal")], rows), tmp_path)
    assert columns == {"size": ["1", "9007199254740993"], "odd": ["2", "two"]}


def test_missing_answers_are_told_apart(tmp_path: Path) -> None:
    variables = [variable("age", "int", reason=1), variable("age_missing", path=""), variable("day", "date")]
    rows: list[list[Cell]] = [
        ["5", "", "2006-03-28"], ["", "declined", None], ["", "dont_know", ""], [None, None, ""], ["", "", ""],
    ]  # fmt: skip
    made = one_sheet(variables, rows, language="English (en)")
    columns, about = read_sav(made, tmp_path, user_missing=True)
    assert columns["age"] == [5.0, -99.0, -98.0, -97.0, None]
    assert columns["age_missing"] == ["", "declined", "dont_know", "", ""]
    assert about.variable_value_labels["age"] == {-97.0: "Not asked", -98.0: "Does not know", -99.0: "Declined"}
    assert [entry["lo"] for entry in about.missing_ranges["age"]] == [-98.0, -99.0, -97.0]
    columns, _ = read_sav(made, tmp_path)
    assert columns["age"] == [5.0, None, None, None, None]
    assert columns["day"] == [datetime.date(2006, 3, 28), None, None, None, None]


def test_a_code_that_is_an_answer_gives_way_to_one_that_is_none(tmp_path: Path) -> None:
    made = one_sheet([variable("t", "int")], [["-97"], [None], ["150"]])
    columns, _ = read_sav(made, tmp_path, user_missing=True)
    assert columns["t"] == [-97.0, -997.0, 150.0]
    assert read_sav(made, tmp_path)[0]["t"] == [-97.0, None, 150.0]


def test_values_have_the_labels_of_their_choices(tmp_path: Path) -> None:
    variables = [
        variable("short", choices={"a": "A", "b": ""}),
        variable("longer", choices={"a_long_value": "甲", "b": "乙"}),
        variable("likes/rice", "indicator"),
        variable("likes", choices={"rice": "Rice"}, is_multiple=True),
        variable("too_long", choices={"v" * 121: "V", "w": "W"}),
        variable("edge", choices={"v" * 120: "V", "w": "W"}),
    ]
    rows: list[list[Cell]] = [["a", "b", "1", "rice", "w", "w"], ["", "other", "0", "", "v" * 121, ""]]
    columns, about = read_sav(one_sheet(variables, rows, language="en"), tmp_path)
    labels = about.variable_value_labels
    assert columns["longer"] == ["b", "other"]
    assert labels["short"] == {"a": "A", "b": "b"}
    assert labels["longer"] == {"a_long_value": "甲", "b": "乙"}
    assert labels["likes_rice"] == {1.0: "Yes", 0.0: "No"}
    assert labels["edge"] == {"v" * 120: "V", "w": "W"}
    assert "likes" not in labels and "too_long" not in labels
    assert about.variable_measure["likes_rice"] == "nominal"


def test_times_of_the_day_are_shown_as_the_clock_showed_them(tmp_path: Path) -> None:
    columns, _ = read_sav(one_sheet([variable("t", "time")], [["09:43:10.000+08:00"], [""]]), tmp_path)
    assert columns["t"] == [datetime.time(9, 43, 10), None]


def test_several_tables_are_a_zip_of_files(tmp_path: Path) -> None:
    made = dataset(
        sheet([variable("response_id", path="")], [["r1"]]),
        sheet([variable("name")], [["王"], ["Eva"]], "hh.members"),
    )
    path, counted = tmp_path / "out", []
    write_sav(made, path, counted.append)
    assert suffix_of(made, ".sav") == ".zip" and suffix_of(one_sheet([], []), ".sav") == ".sav"
    assert [item.name for item in tmp_path.iterdir()] == ["out"]
    assert sum(counted) == 3
    entries = entries_of(path)
    assert list(entries) == ["hh.sav", "hh-hh.members.sav"]
    assert entries["hh.sav"].startswith(b"$FL2@(#) SPSS DATA FILE")


def test_two_files_of_the_same_data_are_the_same(tmp_path: Path) -> None:
    made = one_sheet([variable("a", choices={"x": "X"}), variable("b", "int")], [["x", "5"], [None, None]])
    for name in ("one", "two"):
        write_sav(made, tmp_path / name, ignore)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_tables_without_rows_and_wide_ones(tmp_path: Path) -> None:
    assert read_sav(one_sheet([variable("a"), variable("b", "int")], []), tmp_path)[0] == {"a": [], "b": []}
    wide = [variable(f"q{number}", "int" if number % 3 else "string") for number in range(300)]
    columns, about = read_sav(one_sheet(wide, [[str(number) for number in range(300)]] * 3), tmp_path)
    assert columns["q299"] == [299.0] * 3 and columns["q297"] == ["297"] * 3
    assert (about.number_rows, about.number_columns) == (3, 300)


def test_a_table_without_columns_is_a_file_without_variables(tmp_path: Path) -> None:
    write_sav(one_sheet([], [[], []]), tmp_path / "file.sav", ignore)
    assert (tmp_path / "file.sav").read_bytes().startswith(b"$FL2")


def test_many_rows_with_few_and_many_different_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.export.writers.statistics.sav_cases._Coder.most_kept", 100)
    variables = [variable("id"), variable("n", "int"), variable("q", choices={"a": "A", "b": "B"})]
    rows: list[list[Cell]] = [[f"id {number}", str(number * 7), "ab"[number % 2]] for number in range(1_203)]
    columns, _ = read_sav(one_sheet(variables, rows), tmp_path)
    assert columns["id"] == [row[0] for row in rows]
    assert columns["n"] == [float(row[1] or "") for row in rows]
    assert columns["q"] == [row[2] for row in rows]


def test_zero_bytes_and_half_characters_do_not_break_the_file(tmp_path: Path) -> None:
    columns, _ = read_sav(one_sheet([variable("q")], [["a\0b"], ["\ud83d!"], ["a\nb\tc"]]), tmp_path)
    assert columns["q"] == ["ab", "?!", "a\nb\tc"]
    assert b"ab    " in (tmp_path / "file.sav").read_bytes()


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Variable], list[list[Cell]]]:
    types = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=6))
    cells = [CELLS[type] | st.sampled_from(["", None]) for type in types]
    rows = draw(st.lists(st.tuples(*cells).map(list), max_size=6))
    return [variable(f"q{number}", type) for number, type in enumerate(types)], rows


@settings(max_examples=150, deadline=None)
@given(tables())
def test_what_is_read_back_is_what_was_put_in(table: tuple[list[Variable], list[list[Cell]]]) -> None:
    variables, rows = table
    with tempfile.TemporaryDirectory() as folder:
        columns, _ = read_sav(one_sheet(variables, rows), Path(folder))
    for variable_, column, cells in zip(variables, columns.values(), zip(*rows, strict=True), strict=False):
        assert column == [expected(variable_.type, cell) for cell in cells]


def expected(type: str, cell: Cell) -> object:
    if type == "string":
        return (cell or "").rstrip(" ")
    if not cell:
        return None
    return datetime.date.fromisoformat(cell) if type == "date" else float(cell)
