"""Every code that the server writes has words for the supervisor."""

import re
from pathlib import Path

import pytest

from collector.intake import quarantine
from collector.review import words
from collector.review.answers import plain_text

ROOT = Path(__file__).parent.parent.parent


def test_every_reason_of_the_quarantine_has_words() -> None:
    assert set(words.REASONS) == set(quarantine.REASONS)


def test_every_flag_has_words() -> None:
    documented = re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs/engine.md").read_text(), re.MULTILINE)
    ours = re.findall(
        r"flag\(\"([a-z_]+)\"", "".join(path.read_text() for path in (ROOT / "collector/intake").glob("*.py"))
    )
    assert {"bad_type", "unknown_choice", *ours} <= set(words.FLAGS)
    assert {code for code in documented if code in words.FLAGS} >= {"required_missing", "constraint_broken"}


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
    assert words.without_marks(text) == plain


def test_a_value_in_a_label_is_never_taken_for_a_mark() -> None:
    text = ["**Hello** ", {"value": " /data/name "}, ", _you_"]
    assert plain_text(text, {"name": "**Li** <b>"}) == "Hello **Li** <b>, you"
