"""Groups that do not add up (A44), required groups (A52), types and names, each told with its row."""

import pytest

from tests.questionnaires.books import compile_clean, compile_markdown, node, only, place


def test_a44_a_group_without_an_end_is_named_with_its_row() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type         | name | label |
        | | text         | a    | A     |
        | | text         | b    | B     |
        | | text         | c    | C     |
        | | begin group  | hh   | House |
        | | text         | d    | D     |
    """)
    finding = only(compiled.errors, "group_not_closed")
    assert place(finding) == ("survey", 5, "type")
    assert "hh" in finding.message and "row 5" in finding.message
    assert "hh" in finding.message_zh and "5" in finding.message_zh


def test_a44_a_stray_end_is_named_with_its_row() -> None:
    rows = "\n".join(f"| | text | q{number} | Q |" for number in range(2, 12))
    compiled = compile_markdown(f"| survey |\n| | type | name | label |\n{rows}\n| | end repeat | | |")
    finding = only(compiled.errors, "group_not_opened")
    assert place(finding) == ("survey", 12, "type")
    assert "row 12" in finding.message


def test_a44_an_end_of_the_wrong_kind_names_what_is_open() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type         | name | label |
        | | begin group  | g    | G     |
        | | begin repeat | r    | R     |
        | | text         | a    | A     |
        | | end group    |      |       |
        | | end repeat   |      |       |
    """)
    finding = only(compiled.errors, "group_crossed")
    assert place(finding) == ("survey", 5, "type")
    assert "repeat r (row 3)" in finding.message


def test_a52_required_on_a_group_is_a_warning_and_has_no_effect() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type         | name | label | required |
        | | text         | a    | A     |          |
        | | text         | b    | B     |          |
        | | begin group  | g    | G     | yes      |
        | | text         | c    | C     | yes      |
        | | end group    |      |       |          |
    """)
    finding = only(compiled.warnings, "group_required")
    assert place(finding) == ("survey", 4, "required")
    assert "row 4" in finding.message and "no effect" in finding.message
    assert compiled.errors == []
    assert "required" not in (compiled.model_json or "").split('"name":"g"')[1].split("children")[0]


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("integr", "integer"),
        ("slect_one yn", "select_one"),
        ("checkbox", "select_multiple list"),
        ("begin groop", "begin group"),
    ],
)
def test_an_unknown_type_is_told_with_its_row_and_the_type_that_it_may_mean(written: str, near: str) -> None:
    compiled = compile_markdown(f"""
        | survey |
        | | type      | name | label |
        | | text      | a    | A     |
        | | {written} | b    | B     |
    """)
    finding = next(finding for finding in compiled.errors if finding.code == "type_unknown_near")
    assert place(finding) == ("survey", 3, "type")
    assert written in finding.message and near in finding.message


def test_an_unknown_type_that_resembles_none() -> None:
    compiled = compile_markdown("| survey |\n| | type | name | label |\n| | blood:type | p | P |")
    finding = only(compiled.errors, "type_unknown")
    assert place(finding) == ("survey", 2, "type")
    assert "blood:type" in finding.message


@pytest.mark.parametrize("written", ["Integer", "INTEGER", " integer", "int"])
def test_types_in_any_case(written: str) -> None:
    model = compile_clean(f"| survey |\n| | type | name | label |\n| | {written} | q | Q |")
    assert node(model, "q")["type"] == "int"


def test_a_name_given_twice_is_told_with_both_rows() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type | name | label |
        | | text | a    | A     |
        | | text | b    | B     |
        | | text | a    | C     |
    """)
    finding = only(compiled.errors, "name_twice")
    assert place(finding) == ("survey", 4, "name")
    assert "rows 2, 4" in finding.message


def test_the_same_name_in_two_groups_is_allowed() -> None:
    model = compile_clean("""
        | survey |
        | | type        | name | label |
        | | begin group | g    | G     |
        | | text        | a    | A     |
        | | end group   |      |       |
        | | begin group | h    | H     |
        | | text        | a    | A     |
        | | end group   |      |       |
    """)
    assert node(model, "g", "a")["label"] != node(model, "h", "a")["label"]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("| | text | my question | Q |", "name_invalid", "name"),
        ("| | text | 1st | Q |", "name_invalid", "name"),
        ("| | text | | Q |", "name_missing", "name"),
        ("| | | q | Q |", "type_missing", "type"),
        ("| | text | meta | Q |", "name_reserved", "name"),
        ("| | begin repeat | meta | Q |\n| | text | x | X |\n| | end repeat | | |", "name_reserved", "name"),
        ("| | select_one | q | Q |", "list_not_named", "type"),
        ("| | integer | q | |", "label_missing", "label"),
        ("| | calculate | q | |", "calculation_missing", "calculation"),
    ],
)
def test_rows_that_lack_something(row: str, code: str, column: str) -> None:
    compiled = compile_markdown(f"| survey |\n| | type | name | label |\n| | text | a | A |\n{row}")
    assert place(only(compiled.errors, code)) == ("survey", 3, column)


def test_a_question_named_data_does_not_collide_with_the_root() -> None:
    model = compile_clean("""
        | survey |
        | | type      | name | label | calculation |
        | | text      | data | D     |             |
        | | calculate | c    |       | ${data}     |
    """)
    assert model["root"]["name"] == "form"
    assert node(model, "c")["calculate"] == "/form/data"


def test_disabled_rows_and_remarks_are_passed_over_without_moving_the_row_numbers() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type  | name | label | disabled |
        | | text  | a    | A     | yes      |
        | |       |      |       |          |
        | | texts | b    | B     |          |
    """)
    assert place(only(compiled.errors, "type_unknown_near")) == ("survey", 4, "type")


def test_all_errors_are_told_at_once_in_the_order_of_the_sheet() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type          | name | label | relevant   |
        | | texts         | a    | A     |            |
        | | text          | b    | B     | ${nothing} |
        | | select_one yn | c    | C     |            |
        | | end group     |      |       |            |
    """)
    assert [finding.row for finding in compiled.errors] == [2, 3, 4, 5]
