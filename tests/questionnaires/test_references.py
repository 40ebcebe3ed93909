"""References to questions that there are not (A43), and quotes that a word processor made curly (A46)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.spelling import carry_quotes, nearest, restore_quotes, straighten
from tests.questionnaires.books import compile_clean, compile_markdown, make_book, model_of, node, only, place


def test_a43_a_wrong_reference_is_told_with_sheet_row_column_and_value() -> None:
    fill = [["text", f"q{number}", "Q", None] for number in range(2, 29)]
    survey = [["type", "name", "label", "calculation"], *fill, ["calculate", "sum", None, "${FOO}+1"]]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    finding = only(compiled.errors, "reference_unknown")
    assert place(finding) == ("survey", 29, "calculation")
    assert "${FOO}" in finding.message and "${FOO}+1" in finding.message
    assert "no question has that name" in finding.message
    assert "没有题目叫这个名称" in finding.message_zh
    assert "Traceback" not in finding.message


def test_a43_the_settings_sheet_is_checked_too() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type | name | label |
        | | text | a    | A     |
        | settings |
        | | form_id | instance_name     |
        | | f       | concat(${FOO}, 1) |
    """)
    assert place(only(compiled.errors, "reference_unknown")) == ("settings", 2, "instance_name")


@pytest.mark.parametrize(
    "column", ["relevant", "constraint", "label", "hint", "choice_filter", "default", "constraint_message"]
)
def test_a43_in_every_column(column: str) -> None:
    headers = ["type", "name", "label", column]
    survey = (
        [headers, ["text", "a", "A", "see ${FOO}"]] if column != "label" else [headers[:3], ["text", "a", "see ${FOO}"]]
    )
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    assert place(only(compiled.errors, "reference_unknown")) == ("survey", 2, column)


def test_a43_in_a_choice() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type         | name | label |
        | | select_one l | a    | A     |
        | choices |
        | | list_name | name | label      |
        | | l         | x    | Hi ${FOO} |
    """)
    assert place(only(compiled.errors, "reference_unknown")) == ("choices", 2, "label")


def test_a43_a_near_name_is_offered() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type | name       | label | relevant            |
        | | text | birth_year | A     |                     |
        | | text | b          | B     | ${birthyear} > 1900 |
    """)
    finding = only(compiled.errors, "reference_unknown_near")
    assert place(finding) == ("survey", 3, "relevant")
    assert "Did you mean ${birth_year}?" in finding.message


def test_a_reference_that_could_mean_two_questions_names_both_rows() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type        | name | label | relevant |
        | | begin group | g    | G     |          |
        | | text        | a    | A     |          |
        | | end group   |      |       |          |
        | | text        | a    | A     |          |
        | | text        | b    | B     | ${a} = 1 |
    """)
    finding = only(compiled.errors, "reference_ambiguous")
    assert place(finding) == ("survey", 6, "relevant")
    assert "rows 3, 5" in finding.message


@pytest.mark.parametrize("written", ["${a = 1", "${} = 1"])
def test_a_malformed_reference(written: str) -> None:
    survey = [["type", "name", "label", "relevant"], ["text", "a", "A", None], ["text", "b", "B", written]]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    assert place(only(compiled.errors, "reference_malformed")) == ("survey", 3, "relevant")


def test_the_responses_own_id_can_be_referred_to() -> None:
    model = compile_clean("""
        | survey |
        | | type      | name | label | calculation   |
        | | text      | a    | A     |               |
        | | calculate | b    |       | ${instanceID} |
    """)
    assert node(model, "b")["calculate"] == "/data/meta/instanceID"


def test_references_to_groups_and_with_blanks_inside_are_fine() -> None:
    model = compile_clean("""
        | survey |
        | | type         | name | label | relevant                       |
        | | integer      | n    | N     |                                |
        | | begin repeat | r    | R     |                                |
        | | text         | t    | T     |                                |
        | | end repeat   |      |       |                                |
        | | note         | y    | Y     | count(${r}) > 1 and ${ n } > 0 |
    """)
    assert node(model, "y")["relevant"].split() == ["count(", "/data/r", ")", ">", "1", "and", "/data/n", ">", "0"]


CURLY = "selected(${b}, \u2018o\u2019)"


def test_a46_curly_quotes_in_an_expression_act_as_straight_ones() -> None:
    def relevant(expression: str) -> str:
        survey = [
            ["type", "name", "label", "relevant"],
            ["select_multiple l", "b", "B", None],
            ["text", "c", "C", expression],
        ]
        book = make_book(survey=survey, choices=[["list_name", "name", "label"], ["l", "o", "O"]])
        return str(node(model_of(compile_workbook(book, "form.xlsx")), "c")["relevant"])

    assert relevant(CURLY) == relevant("selected(${b}, 'o')")


def test_a46_curly_quotes_in_labels_stay_as_typed() -> None:
    label = "Say \u201chello\u201d, don\u2019t \u2018whisper\u2019"
    survey = [["type", "name", "label", "hint"], ["select_one l", "b", label, label]]
    book = make_book(survey=survey, choices=[["list_name", "name", "label"], ["l", "o", label]])
    model = model_of(compile_workbook(book, "form.xlsx"))
    assert set(model["texts"]["default"].values()) == {label}
    assert model["lists"]["l"]["rows"][0][model["lists"]["l"]["columns"].index("label")] == label


def test_a46_the_author_is_told() -> None:
    survey = [
        ["type", "name", "label", "relevant"],
        ["text", "b", "B", None],
        ["text", "c", "C", "${b} = \u201co\u201d"],
    ]
    compiled = compile_workbook(make_book(survey=survey), "form.xlsx")
    assert place(only(compiled.warnings, "quotes_straightened")) == ("survey", 3, "relevant")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("${a} = \u2018x\u2019", "${a} = 'x'"),
        ("${a} = \u201cx\u201d", '${a} = "x"'),
        ("${a} = \u2019x\u2019", "${a} = 'x'"),
        ("${a} = 'x\u2019", "${a} = 'x'"),
        ("${a} = \u2018x'", "${a} = 'x'"),
        ("concat('don\u2019t', \u2018x\u2019)", "concat('don\u2019t', 'x')"),
        ('concat("it\u2019s", 1)', 'concat("it\u2019s", 1)'),
        ("if\uff08${a} \uff1d 1\uff0c 2\uff0c 3\uff09", "if(${a} = 1, 2, 3)"),
        ("${a} = '\uff0c'", "${a} = '\uff0c'"),
        ("${a} \u2265 3 and ${a}\u00a0\u2260 5", "${a} >= 3 and ${a} != 5"),
        ("${a} \u2212 1", "${a} - 1"),
        ("not(${a} = 1) \u201d", "not(${a} = 1) "),
        ("", ""),
    ],
)
def test_what_is_straightened(written: str, read: str) -> None:
    assert straighten(written) == read


@given(st.text(alphabet="ab ${}()'\"\u2018\u2019\u201c\u201d,=", max_size=30))
def test_straightening_twice_is_straightening_once(text: str) -> None:
    once = straighten(text)
    assert straighten(once) == once or "'" in once or '"' in once


@given(st.text(max_size=40).filter(lambda text: not any(0xE000 <= ord(character) <= 0xE0FF for character in text)))
def test_carried_quotes_come_back(text: str) -> None:
    assert restore_quotes(carry_quotes(text)) == text


def test_the_nearest_name() -> None:
    assert nearest("Age", ["name", "age"]) == "age"
    assert nearest("birth_yaer", ["birth_year", "death_year"]) == "birth_year"
    assert nearest("zzz", ["name", "age"]) is None
