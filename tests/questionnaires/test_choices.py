"""Choice lists: names given twice (A47), numbers (A48), blanks (A49), a misnamed sheet (A50), missing lists."""

import pytest

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.engine import shared_engine
from tests.questionnaires.books import compile_clean, compile_markdown, make_book, model_of, only, place

TWICE = """
    | survey |
    | | type          | name | label |
    | | select_one yn | q    | Q     |
    | choices |
    | | list_name | name | label |
    | | other     | x    | X     |
    | | yn        | yes  | Yes   |
    | | yn        | no   | No    |
    | | other     | y    | Y     |
    | | other     | z    | Z     |
    | | yn        | yes  | Oui   |
"""


def test_a47_a_name_given_twice_leads_the_message_and_tells_how_to_allow_it() -> None:
    compiled = compile_markdown(TWICE)
    finding = only(compiled.errors, "choice_twice")
    assert finding.message.startswith("list yn has the name yes twice (rows 3, 7)")
    assert "allow_choice_duplicates" in finding.message
    assert place(finding) == ("choices", 7, "name")
    assert "allow_choice_duplicates" in finding.message_zh and "3, 7" in finding.message_zh


def test_a47_it_is_allowed_where_the_settings_say_so() -> None:
    model = compile_clean(TWICE + "| settings |\n| | form_id | allow_choice_duplicates |\n| | f | yes |")
    assert len(model["lists"]["yn"]["rows"]) == 3


def column(model: dict, list_name: str, name: str) -> list[str]:
    at = model["lists"][list_name]["columns"].index(name)
    return [row[at] for row in model["lists"][list_name]["rows"]]


NUMBERS = make_book(
    survey=[
        ["type", "name", "label", "choice_filter"],
        ["select_one code", "x", "X", None],
        ["select_one town", "y", "Y", "code=${x}"],
        ["select_one_external ward", "z", "Z", "code=${x}"],
    ],
    choices=[
        ["list_name", "name", "label", "code"],
        ["code", 1, "One", None],
        ["code", 2.0, "Two", None],
        ["town", 11, "T", 1],
    ],
    external_choices=[["list_name", "name", "label", "code"], ["ward", 7, "W7", 1], ["ward", 8.0, "W8", 2]],
)


def test_a48_a_number_in_a_cell_is_the_name_without_a_decimal_point() -> None:
    model = model_of(compile_workbook(NUMBERS, "form.xlsx"))
    assert column(model, "code", "name") == ["1", "2"]
    assert column(model, "town", "code") == ["1"]
    assert column(model, "ward", "name") == ["7", "8"]
    assert column(model, "ward", "code") == ["1", "2"]


@pytest.mark.parametrize(
    ("answers", "flagged"), [({"x": "1", "y": "11", "z": "7"}, []), ({"x": "2", "y": "11", "z": "7"}, ["y", "z"])]
)
def test_a48_the_choice_filter_matches_it(answers: dict[str, str], flagged: list[str]) -> None:
    compiled = compile_workbook(NUMBERS, "form.xlsx")
    assert compiled.model_json is not None
    flags = shared_engine().check(compiled.model_hash, compiled.model_json, answers, now_ms=0, tz="UTC").flags
    assert [(flag["code"], flag["path"]) for flag in flags] == [("unknown_choice", f"/data/{name}") for name in flagged]


def test_a49_a_blank_in_the_name_is_an_error_where_several_can_be_chosen() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type                 | name | label |
        | | select_multiple vote | q    | Q     |
        | choices |
        | | list_name | name    | label |
        | | vote      | yes     | Yes   |
        | | vote      | no vote | None  |
    """)
    finding = only(compiled.errors, "choice_space_multiple")
    assert place(finding) == ("choices", 3, "name")
    assert "list vote" in finding.message and "row 3" in finding.message and "no vote" in finding.message
    assert "no_vote" in finding.message


def test_a49_it_is_a_warning_where_one_is_chosen_and_works() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type            | name | label |
        | | select_one vote | q    | Q     |
        | choices |
        | | list_name | name    | label |
        | | vote      | no vote | None  |
    """)
    assert place(only(compiled.warnings, "choice_space_single")) == ("choices", 2, "name")
    assert column(model_of(compiled), "vote", "name") == ["no vote"]


def test_a50_a_misnamed_choices_sheet_is_named() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type            | name | label |
        | | select_one vote | q    | Q     |
        | | select_one vote | r    | R     |
        | choice |
        | | list_name | name | label |
        | | vote      | yes  | Yes   |
    """)
    finding = only(compiled.errors, "sheet_missing")
    assert "The sheet choices is missing" in finding.message and "choice looks like it" in finding.message
    assert finding.sheet == "choices"


def test_a50_without_any_such_sheet_the_question_is_named() -> None:
    compiled = compile_markdown("| survey |\n| | type | name | label |\n| | select_one vote | q | Q |")
    assert place(only(compiled.errors, "choices_missing")) == ("survey", 2, "type")


@pytest.mark.parametrize("name", ["Choices", " choices ", "CHOICES"])
def test_the_sheets_name_in_any_case(name: str) -> None:
    book = make_book(
        **{
            "Survey": [["type", "name", "label"], ["select_one l", "q", "Q"]],
            name: [["list name", "value", "label"], ["l", "a", "A"]],
        }
    )
    assert column(model_of(compile_workbook(book, "form.xlsx")), "l", "name") == ["a"]


def test_a_list_that_is_not_there_is_told_with_the_near_one() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type               | name | label |
        | | select_one comunity | q    | Q     |
        | choices |
        | | list_name | name | label |
        | | community | yes  | Yes   |
    """)
    finding = only(compiled.errors, "list_missing_near")
    assert place(finding) == ("survey", 2, "type")
    assert "Did you mean community?" in finding.message


@pytest.mark.parametrize(("row", "code"), [("| | l | | A |", "choice_name_missing")])
def test_choices_that_lack_a_name(row: str, code: str) -> None:
    compiled = compile_markdown(f"""
        | survey |
        | | type         | name | label |
        | | select_one l | q    | Q     |
        | choices |
        | | list_name | name | label |
        | | l         | b    | B     |
        {row}
    """)
    assert place(only(compiled.errors, code)) == ("choices", 3, "name")


def test_a_choice_without_a_label_shows_its_name() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type         | name | label |
        | | select_one l | q    | Q     |
        | choices |
        | | list_name | name | label |
        | | l         | a    |       |
    """)
    assert place(only(compiled.warnings, "choice_label_missing")) == ("choices", 2, "label")
    assert column(model_of(compiled), "l", "label") == ["a"]
