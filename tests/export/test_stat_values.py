"""How columns are kept in SPSS and Stata."""

import pytest

from collector.export.options import Options
from collector.export.sheets.sheet import Cell, Variable
from collector.export.writers.statistics import missing_codes
from collector.export.writers.statistics.cut import cut_bytes, pieces
from collector.export.writers.statistics.plan import NOT_OF_TYPE, TEXT, Plan, wanted
from collector.export.writers.statistics.reading import MOST_BYTES, column_pieces, plan_sheet
from tests.export.sheets import sheet, variable


def plan(asked: Variable, *cells: Cell, times: str = "offset") -> Plan:
    return plan_sheet(sheet([asked], [[cell] for cell in cells]), times)[0]


@pytest.mark.parametrize(
    ("type", "cells", "kind"),
    [
        ("int", ["5", "-5", "007", "+3", ""], "number"),
        ("int", ["9007199254740991"], "number"),
        ("int", ["9007199254740993"], "text"),
        ("int", ["5", "five"], "text"),
        ("int", ["1_000"], "text"),
        ("int", ["٣"], "text"),
        ("decimal", ["2.5", "-.5", "1e3", None], "number"),
        ("decimal", ["nan"], "text"),
        ("decimal", ["12345678901234567890.5"], "text"),
        ("string", ["0123", "06932169358293", "5"], "text"),
        ("boolean", ["true", "false", "1", "0"], "number"),
        ("boolean", ["yes"], "text"),
        ("indicator", ["1", "0", "", None], "number"),
        ("date", ["2006-03-28", "9999-12-31"], "day"),
        ("date", ["1582-10-14"], "text"),
        ("date", ["2006-02-30"], "text"),
        ("time", ["09:43:10.000+08:00", "09:43"], "time"),
        ("time", ["25:00"], "text"),
        ("geopoint", ["1 2 3 4"], "text"),
        ("barcode", ["123"], "text"),
    ],
)
def test_a_column_is_kept_by_its_type_where_all_cells_are_of_it(type: str, cells: list[Cell], kind: str) -> None:
    made = plan(variable("q", type), *cells)
    assert made.kind == kind
    assert made.why_text == (NOT_OF_TYPE if kind == "text" and type not in ("string", "geopoint", "barcode") else "")


def test_moments_are_numbers_only_where_all_are_in_one_zone__A66() -> None:
    asked = variable("start", "dateTime")
    assert plan(asked, "2022-07-17T09:43:10.266-04:00").kind == "text"
    assert plan(asked, "2022-07-17T13:43:10.266Z", times="utc").kind == "moment"
    assert plan(asked, "2022-07-17T21:43:10.266+08:00", times="district").kind == "moment"
    assert plan(asked, "2022-07-17T21:43:10.266+08:00", "2022-07-17T21:43:10", times="utc").kind == "text"


def test_choices_whose_values_are_whole_numbers_make_a_number() -> None:
    assert plan(variable("q", choices={"1": "one", "-97": "other"}), "1").kind == "number"
    assert plan(variable("q", choices={"01": "one", "2": "two"}), "2").kind == "text"
    assert plan(variable("q", choices={"1": "one", "two": "two"}), "1").kind == "text"
    assert plan(variable("q", choices={"1": "one"}), "1", "something else").kind == "text"
    assert plan(variable("q", choices={"1": "one", "2": "two"}, is_multiple=True), "1 2").kind == "text"


def test_codes_for_missing_answers_are_no_answers() -> None:
    asked = variable("q", "int")
    assert plan(asked, "5", None).codes == {"not_asked": -97}
    assert plan(asked, "-98", None).codes == {"not_asked": -997}
    assert plan(asked, "-98.0", None).codes == {"not_asked": -997}
    assert plan(variable("q", choices={"-99": "declined"}), None).codes == {"not_asked": -997}
    assert plan(asked, "-9", "-970", None).codes == {"not_asked": -97}
    assert plan(asked, "5", "").codes == {}


def test_a_column_that_uses_up_all_codes_is_kept_as_text() -> None:
    cells = [str(-(10**digits - 3)) for digits in range(2, 15)]
    assert plan(variable("q", "int"), *cells, None).why_text == "no_codes"
    assert missing_codes.choose_codes({"declined"}, set(map(float, cells[:3]))) == {"declined": -99999}


def test_only_reasons_that_occur_have_codes() -> None:
    rows: list[list[Cell]] = [["5", ""], ["", "declined"], ["", "dont_know"], ["7", "declined"]]
    made = plan_sheet(sheet([variable("q", "int", reason=1), variable("q_missing")], rows))
    assert made[0].codes == {"dont_know": -98, "declined": -99}
    assert plan_sheet(sheet([variable("q", "int", reason=1), variable("q_missing")], rows[:1]))[0].codes == {}


def test_options_are_those_that_keep_the_most() -> None:
    chosen = wanted(Options(format="sav", choices="labels", headers="label", multiple="both"))
    assert (chosen.choices, chosen.headers, chosen.multiple) == ("values", "path", "both")
    assert wanted(Options(headers="name")).headers == "name"


def test_words_for_missing_answers_are_in_the_language_of_the_data() -> None:
    assert missing_codes.words("中文 (zh)", "Household")["declined"] == "拒绝回答"
    assert missing_codes.words("default", "住户调查")["declined"] == "拒绝回答"
    assert missing_codes.words("English (en)", "住户调查")["declined"] == "Declined"
    assert missing_codes.words("default", "Household")["declined"] == "Declined"


def test_texts_are_cut_between_characters__A67() -> None:
    assert cut_bytes("王" * 60, 120) == "王" * 40
    assert cut_bytes("a" + "王" * 60, 120) == "a" + "王" * 39
    assert cut_bytes("x😀", 4) == "x"
    assert cut_bytes("short", 120) == "short"
    assert [piece.decode() for piece in pieces("é😀王".encode(), 5)] == ["é", "😀", "王"]
    assert pieces(b"", 5) == []


@pytest.mark.parametrize(
    ("widths", "counts"),
    [([20, 20], [500, 500, 3]), ([MOST_BYTES // 400, 8], [399, 399, 205]), ([MOST_BYTES * 2], [1] * 1003)],
)
def test_as_many_rows_are_looked_at_as_fit_in_memory(widths: list[int], counts: list[int]) -> None:
    rows: list[list[Cell]] = [["x"] * len(widths)] * 1003
    assert [count for count, _ in column_pieces(iter(rows), [Plan(TEXT, width=width) for width in widths])] == counts
