"""From workbook to model: what it is named by, what it carries, and the engine's faults with their place."""

import hashlib
import json
import re
import string
from pathlib import Path

import pytest

from collector.questionnaires import convert
from collector.questionnaires.assemble import check_file
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.findings import Finding
from collector.questionnaires.messages import MESSAGES
from tests.questionnaires.books import compile_clean, compile_markdown, make_book, node, only, place
from tests.workbooks import make_workbook

FORM = """
    | survey |
    | | type          | name  | label |
    | | select_one up | up    | Up    |
    | | text          | name  | 姓名   |
    | choices |
    | | list_name | name | label |
    | | up        | a    | A     |
    | settings |
    | | form_id | form_title | version | attribute::place_path | attribute::title_en |
    | | f       | 问卷        | 7       | up name               | Questionnaire       |
"""


def test_the_model_is_named_by_the_hash_of_its_bytes_and_always_the_same() -> None:
    first, second = compile_markdown(FORM), compile_markdown(FORM)
    assert first.model_json is not None
    assert first.model_hash == hashlib.sha256(first.model_json.encode()).hexdigest() == second.model_hash
    assert '"姓名"' in first.model_json and '": ' not in first.model_json


def test_what_the_settings_say() -> None:
    compiled = compile_markdown(FORM)
    assert (compiled.form_id, compiled.version, compiled.title) == ("f", "7", "问卷")
    assert compiled.titles == {"en": "Questionnaire"}
    assert json.loads(compiled.model_json or "")["form"]["place_path"] == ["up", "name"]
    assert compiled.xform.startswith("<?xml")


def test_a_place_path_that_names_no_question_is_an_error() -> None:
    compiled = compile_markdown(FORM.replace("up name ", "up town "))
    finding = only(compiled.errors, "place_path_unknown")
    assert place(finding) == ("settings", 2, "attribute::place_path")
    assert "town" in finding.message


def test_without_a_form_id_the_files_name_serves_and_the_author_is_told() -> None:
    book = make_book(survey=[["type", "name", "label"], ["text", "q", "Q"]])
    compiled = compile_workbook(book, "2006 members (final).xlsx")
    assert compiled.form_id == "form_2006_members_final"
    only(compiled.warnings, "form_id_missing")


@pytest.mark.parametrize(
    ("relevant", "code"),
    [
        ("${a} = = 1", "expression_syntax"),
        ("frobnicate(${a})", "expression_function"),
        ("selected(${a})", "expression_function"),
    ],
)
def test_what_the_engine_cannot_read_is_told_with_its_place(relevant: str, code: str) -> None:
    survey = [["type", "name", "label", "relevance"], ["text", "a", "A", None], ["text", "b", "B", relevant]]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    assert compiled.model_json is None
    finding = only(compiled.errors, code)
    assert place(finding) == ("survey", 3, "relevance")
    assert relevant in finding.message


def test_a_circle_of_calculations_is_told() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type      | name | label | calculation |
        | | calculate | a    |       | ${b} + 1    |
        | | calculate | b    |       | ${a} + 1    |
    """)
    finding = only(compiled.errors, "expression_circle")
    assert finding.sheet == "survey" and finding.row in (2, 3) and finding.column == "calculation"


def test_a_name_that_is_no_question_is_a_doubt_and_no_error() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type      | name | label | calculation       |
        | | integer   | a    | A     |                   |
        | | calculate | b    |       | if(${a}, 1, null) |
    """)
    assert compiled.errors == []
    assert place(only(compiled.warnings, "expression_path")) == ("survey", 3, "calculation")


@pytest.mark.parametrize("message", ["TypeError: node() got multiple values", "KeyError: 'x'"])
def test_a_fault_of_the_converter_is_a_sentence_and_no_trace(monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    monkeypatch.setattr(convert, "convert_here", lambda **_: {"error": message, "is_expected": False})
    finding = only(compile_markdown(FORM).errors, "conversion_failed")
    assert "Traceback" not in finding.message


def test_the_converters_own_errors_carry_their_place() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type  | name | label | parameters         |
        | | text  | a    | A     |                    |
        | | range | b    | B     | start=1 end=2 foo=3 |
    """)
    assert place(only(compiled.errors, "parameters_unknown")) == ("survey", 3, "parameters")


def big_form() -> bytes:
    rows = [["text", f"q{number}", f"Q {number}"] for number in range(convert.ROWS_CONVERTED_HERE + 1)]
    return make_book(survey=[["type", "name", "label"], *rows])


def test_a_large_form_is_converted_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "convert_here", lambda **_: pytest.fail("converted in the server's process"))
    compiled = compile_workbook(big_form(), "big.xlsx")
    assert compiled.errors == []
    assert len(json.loads(compiled.model_json or "")["root"]["children"]) == convert.ROWS_CONVERTED_HERE + 2


def test_a_conversion_that_takes_too_long_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "TIME_LIMIT_SECONDS", 0.05)
    compiled = compile_workbook(big_form(), "big.xlsx")
    assert [finding.code for finding in compiled.errors] == ["conversion_slow"]


def test_a_conversion_that_computes_too_long_is_ended_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "COMPUTING_LIMIT_SECONDS", 0)
    finding = only(compile_workbook(big_form(), "big.xlsx").errors, "conversion_slow")
    assert "CSV" in finding.message and "CSV" in finding.message_zh


def test_a_misnamed_settings_sheet_is_a_warning() -> None:
    compiled = compile_markdown(FORM.replace("| settings |", "| setting |"))
    assert only(compiled.warnings, "sheet_similar").sheet == "setting"


def test_formulas_give_their_last_value_and_dates_their_iso_form() -> None:
    import datetime

    survey = [["type", "name", "label", "default"], ["date", "d", "D", datetime.datetime(2006, 3, 28)]]
    book = make_book(survey=survey, settings=[["form_id", "version"], ["f", 20060328.0]])
    compiled = compile_workbook(book, "f.xlsx")
    assert node(json.loads(compiled.model_json or ""), "d")["default"] == "2006-03-28"
    assert compiled.version == "20060328"


def test_check_file_gives_plain_values(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(make_workbook(FORM))
    bad.write_bytes(make_workbook(FORM.replace("| text   ", "| texts  ")))
    assert check_file(good) == {"file": str(good), "ok": True, "errors": [], "warnings": []}
    result = check_file(bad)
    assert not result["ok"]
    assert result["errors"][0] | {"message": ""} == {"sheet": "survey", "row": 3, "column": "type", "message": ""}
    assert "不是题目类型" in check_file(bad, "zh")["errors"][0]["message"]
    json.dumps(result)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_is_there_in_both_languages_with_values_that_the_english_has(code: str) -> None:
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    english, chinese = MESSAGES[code]
    assert fields(chinese) <= fields(english)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_a_finding_in_either_language() -> None:
    finding = Finding("type_unknown", {"type": "x"})
    assert finding.text("zh-CN").startswith("x 不是") and finding.text("en") == finding.message


def test_the_model_of_a_small_form_is_whole() -> None:
    model = compile_clean(FORM)
    assert list(model) == ["model", "form", "root", "texts", "lists", "media", "actions"]
