"""Changes to answers by their paths."""

from typing import Any

import pytest

from collector.intake.answer_changes import answer_at, apply_changes, steps_of, text_paths

ANSWERS: dict[str, Any] = {
    "size": "4",
    "income@missing": "declined",
    "home": {"door": "12"},
    "members": [{"name": "Li", "kids": [{"age": "3"}, {"age": "7"}]}, {"name": "Bo"}],
}


@pytest.mark.parametrize(
    ("changes", "removed", "expected"),
    [
        ({"size": "5"}, (), {"size": "5"}),
        ({"size": ""}, (), {"size": None}),
        ({"income": "900"}, (), {"income": "900", "income@missing": None}),
        ({"income": ""}, (), {"income@missing": "declined"}),
        ({"home/door": ""}, (), {"home": None}),
        ({"yard/trees": "2"}, (), {"yard": {"trees": "2"}}),
        (
            {"members[1]/kids[2]/age": "8"},
            (),
            {"members": [{"name": "Li", "kids": [{"age": "3"}, {"age": "8"}]}, {"name": "Bo"}]},
        ),
        (
            {"members[3]/name": "Wu"},
            ("members[1]",),
            {"members": [{"name": "Bo"}, {"name": "Wu"}]},
        ),
        ({}, ("members[1]", "members[2]"), {"members": None}),
        (
            {},
            ("members[1]/kids[1]", "members[2]"),
            {"members": [{"name": "Li", "kids": [{"age": "7"}]}]},
        ),
    ],
)
def test_changes(changes: dict[str, str], removed: tuple[str, ...], expected: dict[str, Any]) -> None:
    """What is changed, and nothing else; None stands for what is gone."""
    before = repr(ANSWERS)
    wanted = {name: value for name, value in (ANSWERS | expected).items() if value is not None}
    assert apply_changes(ANSWERS, changes, removed) == wanted
    assert repr(ANSWERS) == before, "the answers that are there stay as they are"


@pytest.mark.parametrize(
    ("changes", "removed"),
    [
        ({"members[4]/name": "x"}, ()),
        ({"size/inner": "x"}, ()),
        ({"home[1]/door": "x"}, ()),
        ({"members[0]/name": "x"}, ()),
        ({"a[b]": "x"}, ()),
        ({}, ("members[9]",)),
        ({}, ("size",)),
    ],
)
def test_paths_that_these_answers_cannot_have(changes: dict[str, str], removed: tuple[str, ...]) -> None:
    with pytest.raises((ValueError, AttributeError)):
        apply_changes(ANSWERS, changes, removed)


def test_reading_by_path() -> None:
    assert steps_of("members[2]/name") == [("members", 1), ("name", None)]
    assert answer_at(ANSWERS, "members[1]/kids[2]/age") == "7"
    assert answer_at(ANSWERS, "members[5]/name") == "" and answer_at(ANSWERS, "home") == ""
    assert ("/data/members[1]/kids[1]/age", "3") in list(text_paths(ANSWERS, "/data"))
