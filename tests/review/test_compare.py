"""Revisions side by side, without a database."""

import pytest

from collector.review.answers import Item
from collector.review.compare import Line, compare, heads


@pytest.mark.parametrize(
    ("bases", "current", "expected"),
    [
        ({1: None, 2: 1}, 2, [2]),
        ({1: None, 2: None}, 1, [1, 2]),
        ({1: None, 2: 1, 3: 1}, 2, [2, 3]),
        # What was made from a revision in conflict stands for it.
        ({1: None, 2: 1, 3: 1, 4: 3}, 2, [2, 4]),
        ({1: None, 2: 1, 3: 1, 4: 1}, 2, [2, 4, 3]),
        # Bases that lead nowhere or in a circle.
        ({1: None, 2: 9, 3: 3}, 1, [1, 2]),
        ({1: 2, 2: 1}, 2, [2]),
    ],
)
def test_heads(bases: dict[int, int | None], current: int, expected: list[int]) -> None:
    assert heads(bases, current) == expected


def question(name: str, text: str) -> Item:
    return Item("question", name.title(), f"/data/{name}", text)


def test_lines_follow_the_form_and_tell_what_differs() -> None:
    row = Item("row", "1", "/data/members", children=[question("members/age", "30")])
    first = [question("a", "1"), question("c", "3"), Item("repeat", "Members", "/data/members", children=[row])]
    second = [question("a", "1"), question("b", "2"), question("c", "4")]
    lines = compare([first, second])
    assert [(line.label, line.texts, line.differs) for line in lines] == [
        ("A", ("1", "1"), False),
        ("B", ("", "2"), True),
        ("C", ("3", "4"), True),
        ("Members · 1 · Members/Age", ("30", ""), True),
    ]
    assert compare([[], []]) == []
    assert compare([[question("a", "1")]]) == [Line("A", ("1",))]


def test_an_answer_stands_against_the_reason_for_none() -> None:
    answered, missing = question("age", "30"), Item("missing", "Age", "/data/age", "Does not know")
    [line] = compare([[answered], [missing]])
    assert (line.texts, line.differs) == (("30", "Does not know"), True)
