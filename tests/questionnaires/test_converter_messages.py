"""What only pyxform finds is told in both languages, with its place."""

import pytest

from tests.questionnaires.books import compile_markdown, only

CHOICES = """
    | choices |
    | | list_name | name | label |
    | | yn        | y    | Yes   |
    | | ab        | a    | A     |
"""


@pytest.mark.parametrize(
    ("rows", "code", "row", "words"),
    [
        ("| | image | a | A | max-pixels | | |", "parameters_malformed", 2, "name=value"),
        ("| | image | a | A | max_pixels=3 | | |", "parameters_unknown", 2, "max-pixels"),
        ("| | image | a | A | max-pixels=x | | |", "parameters_number", None, "max-pixels"),
        ("| | range | a | A | start=x | | |", "parameters_range", 2, "number"),
        ("| | csv-external | yn | | | | |\n| | select_one yn | a | A | | | |", "list_id_twice", None, "yn"),
        ("| | text | a | A | | | |\n| | text | b | B | | | |\n| | text | c | C | | ${a} ${b} | |", "trigger_comma", 4, "comma"),
        ("| | select_one yn | a | A | | | search('f') |\n| | select_one yn | b | B | | | |", "search_mixed", None, "yn"),
        ("| | begin group | g | G | | | table-list |\n| | select_one yn | a | A | | | |\n| | select_one ab | b | B | | | |\n"
         "| | end group | | | | | |", "table_list_mixed", 4, "yn and ab"),
        ("| | begin repeat | r | R | | | |\n| | text | a | A | | | |\n| | end repeat | | | | | |\n| | begin group | g | G | | | |\n"
         "| | begin repeat | r | R | | | |\n| | text | a | A | | | |\n| | end repeat | | | | | |\n| | end group | | | | | |",
         "repeat_twice", 6, "r"),
    ],
)  # fmt: skip
def test_a_sentence_of_pyxform_in_our_words(rows: str, code: str, row: int | None, words: str) -> None:
    compiled = compile_markdown(
        f"| survey |\n| | type | name | label | parameters | trigger | appearance |\n{rows}{CHOICES}"
    )
    finding = only(compiled.errors, code)
    assert finding.row == row
    assert words in finding.message and finding.message_zh != finding.message
