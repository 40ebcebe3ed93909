"""One response -> rows."""

from typing import Any

import pytest

from collector.export.sheets.known import Known, known_of, only_known, other_answers
from collector.export.sheets.rows import Reader, RepeatReader
from collector.export.sheets.tables import Column, Table

MAIN = Table((), (Column(("q",), "string"), Column(("g", "a"), "int")))
MEMBERS = Table(("g/members",), (Column(("name",), "string"),))
VISITS = Table(("g/members", "visits"), (Column(("day",), "date"),))
TABLES = [MAIN, MEMBERS, VISITS]

ANSWERS: dict[str, Any] = {
    "q": "x",
    "g": {
        "a": "0123",
        "members": [
            {"name": "Ana", "visits": [{"day": "2006-03-01"}, {"day": "2006-03-02"}]},
            {"name": "Ben"},
            {"name": "Eva", "visits": [{"day": "2006-03-03"}]},
        ],
    },
}


def texts(table: Table, answers: dict[str, Any]) -> list[str]:
    return Reader([path for _, path in table.cells]).texts(answers)


def test_the_main_row() -> None:
    assert texts(MAIN, ANSWERS) == ["x", "0123"]
    assert texts(MAIN, {}) == ["", ""]


@pytest.mark.parametrize(
    ("answers", "cells"),
    [
        ({"a": "1", "b": "2", "c": "3"}, ["1", "2", "3"]),
        ({"c": "3", "b": "2", "a": "1"}, ["1", "2", "3"]),
        ({"b": "2", "x": "9", "c": "3"}, ["", "2", "3"]),
        ({"a": "1", "b": None, "c": 3}, ["1", "", "3"]),
    ],
)
def test_answers_find_their_columns_in_whatever_order_they_were_written(answers: Any, cells: list[str]) -> None:
    assert Reader([("a",), ("b",), ("c",)]).texts(answers) == cells


def test_repeat_rows_join_to_their_parents__A63() -> None:
    members = RepeatReader(MEMBERS.path).rows("r1", ANSWERS)
    assert [(keys, row["name"]) for keys, row in members] == [
        (["r1", "r1", "r1/g/members[1]", "1"], "Ana"),
        (["r1", "r1", "r1/g/members[2]", "2"], "Ben"),
        (["r1", "r1", "r1/g/members[3]", "3"], "Eva"),
    ]
    visits = [keys for keys, _ in RepeatReader(VISITS.path).rows("r1", ANSWERS)]
    assert visits == [
        ["r1", "r1/g/members[1]", "r1/g/members[1]/visits[1]", "1"],
        ["r1", "r1/g/members[1]", "r1/g/members[1]/visits[2]", "2"],
        ["r1", "r1/g/members[3]", "r1/g/members[3]/visits[1]", "1"],
    ]


def test_what_is_no_row_of_a_repeat_leaves_the_others_their_numbers__A63() -> None:
    rows = RepeatReader(("m",)).rows("r1", {"m": [{"a": "1"}, "odd", {"a": "3"}]})
    assert [keys[2] for keys, _ in rows] == ["r1/m[1]", "r1/m[3]"]
    assert RepeatReader(("m",)).rows("r1", {"m": "odd"}) == RepeatReader(("m", "n")).rows("r1", {}) == []


KNOWN = known_of(TABLES)


def test_what_no_version_asks_is_not_left_out() -> None:
    assert other_answers(KNOWN, ANSWERS) == ""
    strange = {"q": "x", "old": "1", "g": {"gone": "2", "members": [{"name": "Ana", "age": "5"}]}, "list": [{"a": "1"}]}
    for _ in range(2):
        assert (
            other_answers(KNOWN, strange) == '{"g":{"gone":"2","members":[{"age":"5"}]},"list":[{"a":"1"}],"old":"1"}'
        )


def test_what_is_no_text_is_kept_as_json() -> None:
    assert texts(MAIN, {"q": ["a", 1], "g": "odd"}) == ['["a",1]', ""]
    assert other_answers(KNOWN, {"g": "odd"}) == '{"g":"odd"}'
    assert other_answers(KNOWN, {"g": {"members": "odd"}}) == '{"g":{"members":"odd"}}'


def test_why_there_is_no_answer_stands_beside_the_empty_answer() -> None:
    table = Table((), (Column(("g", "a"), "int", has_reason=True), Column(("q",), "string")))
    assert texts(table, {"g": {"a@missing": "declined"}, "q": "x"}) == ["", "declined", "x"]
    assert texts(table, {"g": {"a": "3"}}) == ["3", "", ""]
    assert other_answers(known_of([table]), {"g": {"a@missing": "declined"}}) == ""


def test_a_reason_that_no_version_allows_is_not_left_out() -> None:
    known = known_of([Table((), (Column(("a",), "int", has_reason=True), Column(("q",), "string")))])
    assert other_answers(known, {"q@missing": "declined", "a@missing": "dont_know"}) == '{"q@missing":"declined"}'


def shown(known: Known, answers: dict[str, Any]) -> dict[str, Any]:
    found = only_known(known, answers)
    assert other_answers(known, found) == ""
    return found


def test_A81_where_personal_answers_are_left_out_nothing_goes_out_but_texts_that_answer_known_questions() -> None:
    """An earlier version asked one question where a later one has a group, in which something is personal."""
    assert shown(KNOWN, {"q": {"phone": "13900000000"}, "g": "odd"}) == {}
    assert shown(KNOWN, ANSWERS | {"old": "1"}) == ANSWERS
    without_names = known_of([MAIN, Table(MEMBERS.path, ()), VISITS])
    assert shown(without_names, ANSWERS)["g"]["members"][0] == {"visits": ANSWERS["g"]["members"][0]["visits"]}


def test_A81_rows_keep_their_places_where_something_is_left_out() -> None:
    kept = only_known(KNOWN, {"g": {"members": ["odd", {"name": "Ben", "phone": "1"}]}})
    assert kept == {"g": {"members": [None, {"name": "Ben"}]}}
    assert [keys[2] for keys, _ in RepeatReader(MEMBERS.path).rows("r1", kept)] == ["r1/g/members[2]"]
