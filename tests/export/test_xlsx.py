"""Workbooks, read back with openpyxl."""

import re
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.workbook.workbook import Workbook as Read

from collector.errors import CollectorError
from collector.export.sheets.sheet import INDICATOR, Cell, Dataset
from collector.export.writers import xlsx
from collector.export.writers.xlsx import write_xlsx
from collector.export.writers.xlsx_cells import Cells, as_xml
from collector.export.writers.xlsx_names import SheetNames
from tests.export.sheets import dataset, ignore, one_sheet, sheet, variable


def written(content: Dataset, folder: Path) -> Read:
    write_xlsx(content, folder / "out.xlsx", ignore)
    return load_workbook(folder / "out.xlsx")


def cells_of(kind: str, texts: list[Cell], folder: Path, **more: Any) -> list[Any]:
    book = written(one_sheet([variable("n"), variable("q", kind)], [["x", text] for text in texts], **more), folder)
    return [book.active.cell(row, 2) for row in range(2, len(texts) + 2)]


def test_a58_texts_of_digits_stay_texts_and_whole_numbers_are_numbers(tmp_path: Path) -> None:
    cells = cells_of("string", ["06932169358293", "0123", "5", "1e5"], tmp_path)
    assert [cell.value for cell in cells] == ["06932169358293", "0123", "5", "1e5"]
    assert {cell.data_type for cell in cells} == {"s"}
    numbers = cells_of("int", ["5", "-5", "0", "999999999999999"], tmp_path)
    assert [cell.value for cell in numbers] == [5, -5, 0, 999999999999999]
    assert {cell.data_type for cell in numbers} == {"n"}


def test_a58_numbers_that_excel_would_change_stay_texts(tmp_path: Path) -> None:
    texts: list[Cell] = ["6932169358293123", "0123", "+5", "5.0", "five"]
    assert [cell.value for cell in cells_of("int", texts, tmp_path)] == texts
    decimals: list[Cell] = ["12345678901234567.5", "0.12345678901234567890", "007.5", "1e3"]
    assert [cell.value for cell in cells_of("decimal", decimals, tmp_path)] == decimals


def test_a59_a_text_with_an_equals_sign_is_no_formula(tmp_path: Path) -> None:
    texts: list[Cell] = ["=1+1", "+1", "-1+2", "@SUM(A1)", "http://example.org", "\t=1"]
    cells = cells_of("string", texts, tmp_path)
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells_of("int", ["-5"], tmp_path)[0].value == -5


def test_decimals_and_indicators_are_numbers_and_truths_are_truths(tmp_path: Path) -> None:
    assert [
        cell.value for cell in cells_of("decimal", ["2.50", "-0.1", ".5", "-.5", "5.", "114.05785993125482"], tmp_path)
    ] == [
        2.5,
        -0.1,
        0.5,
        -0.5,
        5,
        114.05785993125482,
    ]
    assert [cell.value for cell in cells_of(INDICATOR, ["1", "0", ""], tmp_path)] == [1, 0, None]
    assert [cell.value for cell in cells_of("boolean", ["true", "false"], tmp_path)] == [True, False]


def test_a65_a_date_is_that_day_and_what_excel_has_no_number_for_is_a_text(tmp_path: Path) -> None:
    cells = cells_of(
        "date", ["2025-05-15", "1900-03-01", "1900-02-28", "1899-12-31", "2025-02-30", "9999-12-31"], tmp_path
    )
    assert [cell.value for cell in cells] == [
        datetime(2025, 5, 15),
        datetime(1900, 3, 1),
        "1900-02-28",
        "1899-12-31",
        "2025-02-30",
        datetime(9999, 12, 31),
    ]
    assert cells[0].is_date
    assert re.sub(r"\\", "", cells[0].number_format) == "yyyy-mm-dd"


def test_moments_keep_their_offset_as_texts_and_are_moments_where_all_are_in_one_zone(tmp_path: Path) -> None:
    assert cells_of("dateTime", ["2022-07-17T09:43:10.266-04:00"], tmp_path)[0].value == "2022-07-17T09:43:10.266-04:00"
    texts: list[Cell] = ["2022-07-17T13:43:10.266Z", "2022-07-17T13:43:10.266", "2022-13-17T13:43:10Z"]
    cells = cells_of("dateTime", texts, tmp_path, times="utc")
    assert [cell.value for cell in cells] == [datetime(2022, 7, 17, 13, 43, 10, 266000), *texts[1:]]
    district = cells_of("dateTime", ["2022-07-17T21:43:10.266+08:00"], tmp_path, times="district")
    assert district[0].value == datetime(2022, 7, 17, 21, 43, 10, 266000)
    assert cells_of("time", ["09:43:10.000+08:00"], tmp_path)[0].value == "09:43:10.000+08:00"


def test_no_answer_is_a_blank_cell_and_what_was_not_asked_is_what_was_wished(tmp_path: Path) -> None:
    assert [cell.value for cell in cells_of("int", ["", None, "3"], tmp_path)] == [None, None, 3]
    assert [cell.value for cell in cells_of("int", ["", None, "3"], tmp_path, not_asked="n/a")] == [None, "n/a", 3]


def test_chinese_and_characters_that_xml_cannot_hold_come_back(tmp_path: Path) -> None:
    texts: list[Cell] = [
        "王小明，60岁 👵🏽",
        "a\x00b\x1fc",
        "line\r\nline",
        " blanks ",
        "_x0041_",
        "<&>\"'",
        "\ufffe",
        "\n",
    ]
    cells = cells_of("string", texts, tmp_path)
    assert [unescape(cell.value) for cell in cells] == texts
    assert as_xml("half \ud83d of it") == "half \ufffd of it"


def test_a64_all_of_50000_responses_are_in_the_sheet(tmp_path: Path) -> None:
    seen: list[int] = []
    rows: list[list[Cell]] = [[str(number)] for number in range(50_000)]
    write_xlsx(one_sheet([variable("n", "int")], rows), tmp_path / "out.xlsx", seen.append)
    book = load_workbook(tmp_path / "out.xlsx", read_only=True)
    values = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert values == list(range(50_000))
    assert sum(seen) == 50_000
    assert len(seen) > 100


def test_a64_more_rows_than_a_sheet_holds_go_on_in_a_further_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert xlsx.MAX_ROWS == 1_048_576
    monkeypatch.setattr(xlsx, "MAX_ROWS", 251)
    rows: list[list[Cell]] = [[str(number)] for number in range(701)]
    book = written(one_sheet([variable("n", "int")], rows), tmp_path)
    assert book.sheetnames == ["hh", "hh (2)", "hh (3)", "hh (4)"]
    found = [[row[0] for row in part.iter_rows(values_only=True)] for part in book.worksheets]
    assert {part[0] for part in found} == {"n"}
    assert [number for part in found for number in part[1:]] == list(range(701))
    assert max(len(part) for part in found) <= 251


def test_a64_a_sheet_that_is_full_to_its_last_row_has_no_empty_one_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 201)
    book = written(one_sheet([variable("n", "int")], [[str(number)] for number in range(200)]), tmp_path)
    assert book.sheetnames == ["hh"]


def test_a_sheet_of_too_many_bytes_goes_on_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_SHEET_BYTES", 10_000)
    book = written(one_sheet([variable("n")], [["x" * 100] for _ in range(300)]), tmp_path)
    assert book.sheetnames == ["hh", "hh (2)", "hh (3)"]


def test_a64_more_columns_than_a_sheet_holds_are_refused_in_words(tmp_path: Path) -> None:
    variables = [variable(f"q{number}") for number in range(16_385)]
    with pytest.raises(CollectorError) as caught:
        write_xlsx(one_sheet(variables, []), tmp_path / "out.xlsx", ignore)
    assert caught.value.code == "export_too_wide"
    assert caught.value.details == {"table": "hh", "columns": 16_385, "limit": 16_384}
    write_xlsx(one_sheet(variables[1:], [["x"] * 16_384]), tmp_path / "out.xlsx", ignore)
    assert load_workbook(tmp_path / "out.xlsx").active["XFD2"].value == "x"


def test_a_text_that_no_cell_holds_is_whole_in_a_sheet_of_its_own(tmp_path: Path) -> None:
    whole = "岁" * 20_000 + "👵" * 15_000
    fits = "x" * 32_767
    content = one_sheet(
        [variable("response_id", path=""), variable("story")], [["r1", "short"], ["r2", whole], ["r3", fits]]
    )
    book = written(content, tmp_path)
    assert book.sheetnames == ["hh", "long texts"]
    cut = book["hh"]["B3"].value
    assert cut.endswith("[cut: the whole text is in the sheet “long texts”]")
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert book["hh"]["B4"].value == fits
    head, *parts = book["long texts"].iter_rows(values_only=True)
    assert head == ("sheet", "cell", "key", "column", "part", "text")
    assert [part[:5] for part in parts] == [("hh", "B3", "r2", "story", 1), ("hh", "B3", "r2", "story", 2)]
    assert "".join(str(part[5]) for part in parts) == whole


def test_a70_long_names_of_repeats_become_legal_names_that_differ(tmp_path: Path) -> None:
    names = [
        "household_members_details_section_one",
        "household_members_details_section_two",
        "A/b:c*d?[e]\\f",
        "History",
    ]
    content = dataset(*(sheet([variable("n")], [["1"]], name) for name in ("", *names, "a_b_c_d__e__F")))
    book = written(content, tmp_path)
    assert len(book.sheetnames) == 6
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)
    assert book.sheetnames[1].endswith("section_one")
    assert book.sheetnames[2].endswith("section_two")
    assert len({name.lower() for name in book.sheetnames} | {"history"}) == 7


@given(st.lists(st.text(max_size=50), max_size=20))
def test_names_of_sheets_are_legal_whatever_is_wished(wished: list[str]) -> None:
    names = SheetNames()
    given_names = [names.add(name) for name in wished]
    assert len({name.lower() for name in given_names}) == len(wished)
    for name in given_names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name[0] != "'" != name[-1]


def test_the_header_stays_in_sight_and_filters(tmp_path: Path) -> None:
    book = written(one_sheet([variable("a"), variable("b")], [["1", "2"], ["3", "4"]]), tmp_path)
    page = book.active
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B3"
    assert page["A1"].font.bold
    assert not page["A2"].font.bold
    assert page.column_dimensions["A"].width >= 8
    assert book.properties.title == "Household 住户"


def test_every_part_is_well_formed_and_of_its_content_type(tmp_path: Path) -> None:
    written(dataset(sheet([variable("a&b")], [["1"]]), sheet([variable("c")], [], "m&m's <x>")), tmp_path)
    with ZipFile(tmp_path / "out.xlsx") as archive:
        parts = archive.namelist()
        for name in parts:
            etree.fromstring(archive.read(name))
        types = archive.read("[Content_Types].xml").decode()
    for name in parts:
        assert name == "[Content_Types].xml" or f'"/{name}"' in types or name.endswith(".rels")


def test_the_same_responses_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = one_sheet([variable("n"), variable("d", "date")], [["x" * 40_000, "2025-05-15"]])
    write_xlsx(content, tmp_path / "one.xlsx", ignore)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    write_xlsx(content, tmp_path / "two.xlsx", ignore)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.xlsx", "two.xlsx"]


def test_a_column_remembers_no_more_texts_than_it_may() -> None:
    """Or memory would grow with the number of responses."""
    cells = Cells("A", "n", None, [], "", remembered=2)
    for text in ("one", "two", "three", "x" * 100):
        assert f">{text}<" in cells[text]
    assert len(cells) == 2


def test_no_columns_and_no_rows_are_a_workbook_too(tmp_path: Path) -> None:
    assert written(one_sheet([], []), tmp_path).active.max_row == 1
    assert written(one_sheet([variable("n")], []), tmp_path).active["A1"].value == "n"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CELL = {
    "string": TEXT,
    "int": st.integers(-(10**17), 10**17).map(str) | TEXT,
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**14), max_value=10**14).map(
        str
    ),
    "date": st.dates().map(date.isoformat) | TEXT,
    "boolean": st.sampled_from(["true", "false"]),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[Cell]]]:
    kinds = draw(st.lists(st.sampled_from(sorted(CELL)), min_size=1, max_size=6))
    row = st.tuples(*(st.just("") | st.none() | CELL[kind] for kind in kinds)).map(list)
    return kinds, draw(st.lists(row, max_size=8))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(tables())
def test_what_was_put_in_comes_out(tmp_path: Path, table: tuple[list[str], list[list[Cell]]]) -> None:
    kinds, rows = table
    book = written(one_sheet([variable(f"q{index}", kind) for index, kind in enumerate(kinds)], rows), tmp_path)
    for line, row in enumerate(rows, start=2):
        for column, (kind, text) in enumerate(zip(kinds, row, strict=True), start=1):
            assert means(kind, book.active.cell(line, column).value, text), (kind, text)


def means(kind: str, value: Any, text: Cell) -> bool:
    if isinstance(value, str):
        return unescape(value) == text
    if value is None:
        return not text
    assert text is not None
    if isinstance(value, datetime):
        return kind == "date" and value == datetime.fromisoformat(text)
    if isinstance(value, bool):
        return kind == "boolean" and value == (text == "true")
    return kind in {"int", "decimal"} and value == (int(text) if kind == "int" else float(text))
