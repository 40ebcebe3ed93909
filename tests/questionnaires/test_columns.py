"""Headers: other spellings, invisible blanks (A45), languages, and columns that repeat each other."""

import pytest

from collector.questionnaires.compile import compile_workbook
from tests.questionnaires.books import make_book, model_of, node, only, place


def test_a45_invisible_blanks_in_headers_do_no_harm() -> None:
    headers = [" Type", "name ", "\u200blabel:: English (en)", "label::English\u00a0(en) ", "hint::English(en)"]
    headers[3] = "hint ::English\u00a0 (en)\ufeff"
    book = make_book(survey=[headers[:4], ["text", "q", "What?", "Help"]])
    model = model_of(compile_workbook(book, "form.xlsx"))
    assert model["form"]["languages"] == [{"name": "English (en)", "code": "en"}]
    assert model["texts"]["English (en)"] == {"/data/q:label": "What?", "/data/q:hint": "Help"}


def test_a45_one_language_spelled_two_ways_is_one_language() -> None:
    book = make_book(
        survey=[["type", "name", "label::English (en)", "hint::English(en)"], ["select_one l", "q", "Q", "H"]],
        choices=[["list_name", "name", "label::english (en)"], ["l", "a", "A"]],
        settings=[["form_id", "default_language"], ["f", "English(en)"]],
    )
    model = model_of(compile_workbook(book, "form.xlsx"))
    assert [language["code"] for language in model["form"]["languages"]] == ["en"]
    assert len(model["texts"]) == 1


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("relevance", "relevant"),
        ("Relevant", "relevant"),
        ("bind::relevant", "relevant"),
        ("bind:relevant", "relevant"),
        ("read_only", "readonly"),
        ("calculate", "calculate"),
        ("bind::constraint", "constraint"),
    ],
)
def test_other_names_of_a_column(header: str, key: str) -> None:
    book = make_book(survey=[["type", "name", "label", header], ["text", "q", "Q", "1 = 1"]])
    assert node(model_of(compile_workbook(book, "form.xlsx")), "q")[key] == "1 = 1"


def test_columns_that_mean_the_same_are_one_where_they_agree() -> None:
    survey = [
        ["type", "name", "label", "relevance", "relevant"],
        ["text", "a", "A", "1", None],
        ["text", "b", "B", "1", "1"],
    ]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    assert node(model_of(compiled), "a")["relevant"] == "1"
    assert place(only(compiled.warnings, "columns_merged")) == ("survey", 1, "relevant")


def test_columns_that_contradict_are_an_error_with_both_values() -> None:
    survey = [["type", "name", "label", "relevance", "relevant"], ["text", "a", "A", "1", "2"]]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    finding = only(compiled.errors, "columns_conflict")
    assert place(finding) == ("survey", 2, "relevant")
    assert "1 and 2" in finding.message


def test_a_header_that_names_two_languages_is_left_out_with_a_warning() -> None:
    survey = [
        ["type", "name", "label::Français (fr)label::English (en)", "label::English (en)"],
        ["text", "q", "?", "Q"],
    ]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    assert [language["code"] for language in model_of(compiled)["form"]["languages"]] == ["en"]
    only(compiled.warnings, "column_ignored")


def test_columns_of_remarks_do_not_matter() -> None:
    survey = [["type", "name", "label", "remarks"], ["text", "q", "Q", "see ${nothing}"]]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    assert compiled.errors == []
