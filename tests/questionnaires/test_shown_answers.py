"""What somebody sees of answers who must not see those that tell who a person is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.questionnaires.shown_answers import shown_answers

MODEL: dict[str, Any] = {
    "root": {
        "name": "data",
        "children": [
            {"kind": "question", "name": "place", "type": "string", "control": "input"},
            {"kind": "question", "name": "note", "type": "string", "control": "input", "readonly": "true()"},
            {
                "kind": "group",
                "name": "head",
                "children": [
                    {"kind": "question", "name": "name", "type": "string", "control": "input"},
                    {"kind": "question", "name": "age", "type": "int", "control": "input"},
                ],
            },
            {
                "kind": "repeat",
                "name": "members",
                "children": [
                    {"kind": "question", "name": "name", "type": "string", "control": "input"},
                    {"kind": "question", "name": "job", "type": "string", "control": "input"},
                    {
                        "kind": "repeat",
                        "name": "visits",
                        "children": [{"kind": "question", "name": "who", "type": "string", "control": "input"}],
                    },
                ],
            },
            {
                "kind": "group",
                "name": "meta",
                "children": [
                    {"kind": "question", "name": "instanceName", "type": "string", "calculate": "/data/head/name"}
                ],
            },
        ],
    }
}
HIDDEN = {"head/name", "members/name", "members/visits/who"}


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"place": "C01"}, {"place": "C01"}),
        ({"head": {"name": "Hua", "age": "41"}}, {"head": {"age": "41"}}),
        ({"head": {"name@missing": "declined", "age@missing": "declined"}}, {"head": {"age@missing": "declined"}}),
        (
            {"members": [{"name": "Hua", "job": "farmer", "visits": [{"who": "Ming"}, {}]}, "Hua", {}]},
            {"members": [{"job": "farmer", "visits": [{}, {}]}, {}, {}]},
        ),
        ({"meta": {"instanceName": "Hua"}, "unknown": "Hua", "note": "Hua"}, {}),
        # A shape that is not the form's.
        ({"place": {"name": "Hua"}, "head": ["Hua"], "members": {"name": "Hua"}}, {}),
        ({"place": ["Hua"], "head": "Hua", "members": "Hua"}, {}),
    ],
)
def test_shown(answers: dict[str, Any], shown: dict[str, Any]) -> None:
    assert shown_answers(answers, [MODEL], HIDDEN) == shown


def test_a_hidden_group_hides_what_is_in_it() -> None:
    assert shown_answers({"head": {"age": "41"}, "place": "C01"}, [MODEL], {"head"}) == {"place": "C01"}


def test_what_any_version_asks_for_is_known() -> None:
    later: dict[str, Any] = {"root": {"children": [{"kind": "question", "name": "new", "type": "string"}]}}
    assert shown_answers({"new": "1", "place": "C01"}, [MODEL, later], ()) == {"new": "1", "place": "C01"}


NAMES = st.sampled_from(
    ["place", "head", "members", "name", "age", "job", "visits", "who", "meta", "instanceName", "x", "name@missing"]
)
VALUES = st.recursive(
    st.just("Hua"), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_whatever_the_shape_hidden_paths_hold_nothing(answers: dict[str, Any]) -> None:
    shown = shown_answers(answers, [MODEL], HIDDEN)

    def paths(value: Any, path: str) -> set[str]:
        if isinstance(value, dict):
            return {found for name, inner in value.items() for found in paths(inner, f"{path}/{name}".lstrip("/"))}
        if isinstance(value, list):
            return {found for inner in value for found in paths(inner, path)}
        return {path}

    allowed = {"place", "head/age", "members/job"}
    assert paths(json.loads(json.dumps(shown)), "") <= allowed
