"""Cells as other servers write them, and the answers that they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.export.writers.csv_format import defuse
from collector.importing.cells import cell_text
from collector.importing.questions import Question, questions_of
from collector.importing.values import Fitted, fit, join_choices, join_point, moment_text, without_apostrophe
from tests.importing.forms import question


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("int", "12", "12"), ("int", "-3", "-3"), ("int", "12.0", "12"), ("int", "007", "007"), ("int", "12.5", None),
        ("int", "twelve", None), ("decimal", "2.50", "2.50"), ("decimal", "1e-3", "1e-3"), ("decimal", "2,5", None),
        ("date", "2025-05-15", "2025-05-15"), ("date", "2025-05-15T23:59:00.000-05:00", "2025-05-15"),
        ("date", "2025-05-15 00:00:00", "2025-05-15"), ("date", "2025/5/3", "2025-05-03"), ("date", "2025年5月3日", "2025-05-03"),
        ("date", "May 3, 2025", "2025-05-03"), ("date", "May 3, 2025 4:05:06 PM", "2025-05-03"), ("date", "3/5/2025", None),
        ("date", "2025-02-30", None), ("time", "9:43:10", "09:43:10"), ("time", "09:43:10.000+08:00", "09:43:10.000+08:00"),
        ("time", "25:00", None), ("dateTime", "2022-07-17T09:43:10.266-04:00", "2022-07-17T09:43:10.266-04:00"),
        ("dateTime", "2022-07-17 09:43:10", "2022-07-17T09:43:10"), ("dateTime", "Nov 29, 2026 8:38:57 PM", "2026-11-29T20:38:57"),
        ("dateTime", "2022-07-17", None), ("boolean", "TRUE", "true"), ("boolean", "0", "false"), ("boolean", "maybe", None),
        ("geopoint", "32.05  118.78 0 0", "32.05 118.78 0 0"), ("geopoint", "32.05,118.78", None), ("string", " as typed ", " as typed "),
        ("barcode", "0012", "0012"), ("geotrace", "1 2 0 0; 3 4 0 0", "1 2 0 0; 3 4 0 0"), ("binary", "media/1.jpg", "1.jpg"),
    ],
)  # fmt: skip
def test_a_cell_by_its_type(type_: str, text: str, value: str | None) -> None:
    """A65, A66: days stay days, and moments keep their offset. What does not fit stays as it was written."""
    assert fit(Question(("q",), (), type_), text) == (Fitted(text, fits=False) if value is None else Fitted(value))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("farm/organic", "yes", "yes"),
        ("farm/organic", "Yes", "yes"),
        ("farm/organic", "是", "yes"),
        ("farm/organic", "perhaps", None),
        ("farm/crops", "rice tea", "rice tea"),
        ("farm/crops", " rice  tea ", "rice tea"),
        ("farm/crops", "Green tea", "tea"),
        ("farm/crops", "Rice, Green tea", "rice tea"),
        ("farm/crops", "水稻、绿茶", "rice tea"),
        ("farm/crops", "Rice Green tea", None),
    ],
)
def test_a_cell_of_choices(name: str, text: str, value: str | None) -> None:
    assert fit(question(name), text) == (Fitted(text, fits=False) if value is None else Fitted(value))


def test_columns_of_choices() -> None:
    """A60: one column for each; without any, the question was not answered."""
    crops = question("farm/crops")
    assert join_choices(crops, {"rice": "1", "tea": "0", "other": "True"}) == Fitted("rice other")
    assert join_choices(crops, {"tea": "Green tea"}) == Fitted("tea")
    assert join_choices(crops, {"rice": "0", "tea": "", "other": "0.0"}) is None
    assert join_choices(crops, {"rice": "2", "tea": "1"}) == Fitted("tea", fits=False)


def test_columns_of_a_point() -> None:
    assert join_point({"0": "32.05", "1": "118.78", "2": "", "3": "4.9"}) == Fitted("32.05 118.78 0 4.9")
    assert join_point({"0": "32.05", "1": "118.78"}) == Fitted("32.05 118.78")
    assert join_point({"0": "", "1": ""}) is None
    assert join_point({"1": "118.78"}) == Fitted("0 118.78", fits=False)


def test_the_apostrophe_of_a_spreadsheet_safe_file() -> None:
    """A59."""
    assert [without_apostrophe(text) for text in ("'=1+1", "'-5 apples", "'s", "-5")] == [
        "=1+1",
        "-5 apples",
        "'s",
        "-5",
    ]


@given(st.text("'=+-@\ta", max_size=6))
def test_texts_that_have_an_apostrophe_already_come_back_too__A59(typed: str) -> None:
    assert without_apostrophe(defuse(typed)) == typed


def test_a_blank_cell_is_no_choice_that_is_a_picture() -> None:
    """Its label has no words. A question without an answer would have all such choices otherwise."""
    itemset = {"nodeset": "instance('l')/root/item", "value": "name", "label": "label"}
    children = [{"name": "q", "kind": "question", "type": "string", "control": "select", "itemset": itemset}]
    form = {"languages": [{"name": "default", "code": ""}], "default_language": "default"}
    lists = {"l": {"columns": ["name", "label"], "rows": [["happy", ""], ["sad", " "]]}}
    model = {"form": form, "root": {"name": "data", "children": children}, "texts": {}, "lists": lists}
    faces = questions_of([model]).by_path[("q",)]
    assert join_choices(faces, {"happy": "", "sad": ""}) is None
    assert join_choices(faces, {"happy": "", "sad": "1"}) == Fitted("sad")


def test_characters_that_a_workbook_cannot_hold() -> None:
    assert [cell_text(text) for text in ("a_x0007_b", "_x005F_x0041_", "a_x000D_\nb", "_xyz_")] == [
        "a\x07b",
        "_x0041_",
        "a\r\nb",
        "_xyz_",
    ]


def test_moments() -> None:
    assert moment_text("2025-05-15T10:00:00.000Z") == "2025-05-15T10:00:00.000Z"
    assert moment_text("") is None
