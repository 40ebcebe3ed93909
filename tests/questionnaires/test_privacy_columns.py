"""The columns `personal` and `consent` of the survey sheet."""

import json
from typing import Any

import pytest

from collector.questionnaires.privacy_columns import consent_of
from tests.questionnaires.books import compile_clean, compile_markdown

CHOICES = """
| choices | | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
"""


def form(*rows: str) -> str:
    """A workbook with these rows of the survey sheet: type, name, personal, consent, calculation."""
    lines = "\n".join(f"| | {row} | Words |" for row in rows)
    return f"| survey | | | | | |\n| | type | name | personal | consent | calculation | label |\n{lines}\n{CHOICES}"


def personal_of(*rows: str) -> list[str]:
    paths: list[str] = compile_clean(form(*rows))["form"].get("personal", [])
    return paths


@pytest.mark.parametrize("word", ["yes", "TRUE", "1", "是"])
def test_a_question_is_marked(word: str) -> None:
    assert personal_of(f"text | nick | {word} | | ", "integer | age | | | ") == ["nick"]


def test_a_group_marks_all_in_it_but_what_says_no() -> None:
    rows = ("begin group | who | yes | | ", "text | nick | | | ", "integer | age | no | | ", "end group | | | | ")
    assert personal_of(*rows) == ["who/nick"]


def test_a_repeat_and_what_is_written_beside_other_are_marked() -> None:
    rows = ("begin repeat | m | yes | | ", "select_one yn or_other | q | | | ", "end repeat | | | | ")
    assert personal_of(*rows) == ["m/q", "m/q_other"]
    assert personal_of("select_one yn or_other | q | yes | | ") == ["q", "q_other"]


def test_what_is_calculated_from_a_marked_answer_tells_as_much() -> None:
    rows = ("text | nick | yes | | ", "calculate | hi | | | concat('Hi ', ${nick})", "calculate | ho | | | ${hi}")
    assert personal_of(*rows) == ["nick", "hi", "ho"]
    assert personal_of("text | nick | yes | | ", "calculate | length | no | | string-length(${nick})") == ["nick"]


def test_the_header_may_have_capitals_and_the_columns_make_no_warning() -> None:
    compiled = compile_markdown(form("text | nick | yes | | ").replace("personal", "Personal"))
    assert (compiled.errors, compiled.personal) == ([], ["nick"])
    assert [warning for warning in compiled.warnings if warning.sheet == "survey"] == []
    assert "personal" not in compiled.xform


def test_a_form_without_the_columns_is_as_it_was() -> None:
    assert {"personal", "consent"}.isdisjoint(compile_clean(form("text | nick | | | "))["form"])


def test_the_question_about_consent() -> None:
    model = compile_clean(form("select_one yn | agree | | yes | ", "text | nick | | | "))
    assert model["form"]["consent"] == {"path": "agree", "given": ["yes"]}
    assert compile_clean(form("acknowledge | ok | | ok | "))["form"]["consent"] == {"path": "ok", "given": ["OK"]}


@pytest.mark.parametrize(
    ("rows", "code", "row", "column"),
    [
        (["text | nick | perhaps | | "], "personal_unclear", 2, "personal"),
        (["select_one yn | a | | yes | ", "select_one yn | b | | yes | "], "consent_twice", 3, "consent"),
        (["text | a | | yes | "], "consent_type", 2, "consent"),
        (["select_multiple yn | a | | yes | "], "consent_type", 2, "consent"),
        (["select_one yn | a | | ja | "], "consent_choice", 2, "consent"),
        (["acknowledge | a | | yes | "], "consent_choice", 2, "consent"),
        (
            ["begin repeat | m | | | ", "select_one yn | a | | yes | ", "end repeat | | | | "],
            "consent_repeat",
            3,
            "consent",
        ),
    ],
)
def test_a_cell_that_makes_no_sense_is_told_with_its_place(rows: list[str], code: str, row: int, column: str) -> None:
    errors = compile_markdown(form(*rows)).errors
    assert [(one.code, one.sheet, one.row, one.column) for one in errors] == [(code, "survey", row, column)]
    assert errors[0].message and errors[0].message_zh


def test_marks_make_another_version() -> None:
    plain, marked = (compile_markdown(form(f"text | nick | {word} | | ")) for word in ("", "yes"))
    assert plain.model_hash != marked.model_hash


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"g": {"agree": "yes"}}, "given"),
        ({"g": {"agree": "no"}}, "refused"),
        ({"g": {"agree@missing": "declined"}}, "refused"),
        ({"g": {"agree": ""}}, None),
        ({"g": {}}, None),
        ({}, None),
        ({"g": "odd"}, None),
    ],
)
def test_what_was_said(answers: dict[str, Any], said: str | None) -> None:
    model = {"form": {"consent": {"path": "g/agree", "given": ["yes"]}}}
    assert consent_of(model, answers) == said
    assert consent_of(json.loads('{"form": {}}'), answers) is None
