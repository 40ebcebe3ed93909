"""What the settings sheet may say: a form_id stands in addresses and file names, and everything fits its column."""

import pytest

from collector.questionnaires.compile import Compiled, compile_workbook
from tests.questionnaires.books import make_book, only, place

SURVEY = [["type", "name", "label"], ["text", "q", "Question"]]


def compile_settings(**settings: str) -> Compiled:
    """The result for a small workbook with these settings."""
    return compile_workbook(make_book(survey=SURVEY, settings=[list(settings), list(settings.values())]), "form.xlsx")


@pytest.mark.parametrize("form_id", ["../../etc/passwd", "a/b", "..", ".", ".hidden", "a%2Fb", "a?b", "a#b", "a\\b"])
def test_a_form_id_that_breaks_addresses_or_leads_out_of_the_folder_is_refused(form_id: str) -> None:
    finding = only(compile_settings(form_id=form_id).errors, "form_id_invalid")
    assert place(finding) == ("settings", 2, "form_id")


@pytest.mark.parametrize("form_id", ["household", "名字", "my form", "v1.2-b_c", "<b>", 'a"b', "😀"])
def test_any_other_form_id_is_taken(form_id: str) -> None:
    compiled = compile_settings(form_id=form_id)
    assert (compiled.form_id, compiled.errors) == (form_id, [])


@pytest.mark.parametrize(("column", "limit"), [("form_id", 64), ("version", 255), ("form_title", 500)])
def test_a_setting_that_is_longer_than_its_column_is_refused(column: str, limit: int) -> None:
    settings = {"form_id": "f", "version": "1", "form_title": "F"}
    assert compile_settings(**settings | {column: "x" * limit}).errors == []
    finding = only(compile_settings(**settings | {column: "x" * (limit + 1)}).errors, "setting_too_long")
    assert place(finding) == ("settings", 2, column)


def test_a_form_id_from_a_long_file_name_is_cut() -> None:
    compiled = compile_workbook(make_book(survey=SURVEY), "long" * 60 + ".xlsx")
    assert (len(compiled.form_id), compiled.errors) == (64, [])
