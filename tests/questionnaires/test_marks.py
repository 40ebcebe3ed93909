"""Labels without their Markdown and HTML."""

import pytest

from collector.questionnaires.marks import without_marks


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1. Which village?", "1. Which village?"),
        ("# Title ##\nSome **bold**, *em*, __b__ and _i_ words", "Title\nSome bold, em, b and i words"),
        ("***All*** **of it**", "All of it"),
        ('<span style="color:red">Red</span> H<sub>2</sub>O<br/>x', "Red H2O\nx"),
        ("[The office](https://example.org) is open", "The office is open"),
        ("my_first_name, ____, 2 * 3 * 4, #1, a < b", "my_first_name, ____, 2 * 3 * 4, #1, a < b"),
        ("\\*no\\* \\# mark", "*no* # mark"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    ],
)
def test_labels_are_shown_without_their_marks(text: str, plain: str) -> None:
    assert without_marks(text) == plain
