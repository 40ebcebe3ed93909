"""One response -> rows."""

from collector.export.rows import other_answers, rows_of
from collector.export.tables import Column, Table

MAIN = Table((), (Column(("q",), "string"), Column(("g", "a"), "int")))
MEMBERS = Table(("g/members",), (Column(("name",), "string"),))
VISITS = Table(("g/members", "visits"), (Column(("day",), "date"),))
TABLES = [MAIN, MEMBERS, VISITS]

ANSWERS = {
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


def test_the_main_row() -> None:
    assert list(rows_of(MAIN, "r1", ANSWERS)) == [["x", "0123"]]
    assert list(rows_of(MAIN, "r1", {})) == [["", ""]]


def test_repeat_rows_join_to_their_parents__A63() -> None:
    members = list(rows_of(MEMBERS, "r1", ANSWERS))
    assert members == [
        ["r1", "r1", "r1/g/members[1]", "1", "Ana"],
        ["r1", "r1", "r1/g/members[2]", "2", "Ben"],
        ["r1", "r1", "r1/g/members[3]", "3", "Eva"],
    ]
    visits = list(rows_of(VISITS, "r1", ANSWERS))
    assert [row[1:4] for row in visits] == [
        ["r1/g/members[1]", "r1/g/members[1]/visits[1]", "1"],
        ["r1/g/members[1]", "r1/g/members[1]/visits[2]", "2"],
        ["r1/g/members[3]", "r1/g/members[3]/visits[1]", "1"],
    ]
    assert {row[1] for row in visits} <= {row[2] for row in members}


def test_what_no_version_asks_is_not_left_out() -> None:
    assert other_answers(TABLES, ANSWERS) == ""
    strange = {"q": "x", "old": "1", "g": {"gone": "2", "members": [{"name": "Ana", "age": "5"}]}, "list": [{"a": "1"}]}
    assert other_answers(TABLES, strange) == '{"g":{"gone":"2","members":[{"age":"5"}]},"list":[{"a":"1"}],"old":"1"}'


def test_what_is_no_text_is_kept_as_json() -> None:
    assert list(rows_of(MAIN, "r1", {"q": ["a", 1], "g": "odd"})) == [['["a",1]', ""]]
    assert other_answers(TABLES, {"g": "odd"}) == '{"g":"odd"}'


def test_why_there_is_no_answer_stands_beside_the_empty_answer() -> None:
    table = Table((), (Column(("g", "a"), "int", has_reason=True), Column(("q",), "string")))
    assert list(rows_of(table, "r1", {"g": {"a@missing": "declined"}, "q": "x"})) == [["", "declined", "x"]]
    assert list(rows_of(table, "r1", {"g": {"a": "3"}})) == [["3", "", ""]]
    assert other_answers([table], {"g": {"a@missing": "declined"}}) == ""


def test_a_reason_that_no_version_allows_is_not_left_out() -> None:
    table = Table((), (Column(("a",), "int", has_reason=True), Column(("q",), "string")))
    assert other_answers([table], {"q@missing": "declined", "a@missing": "dont_know"}) == '{"q@missing":"declined"}'


def test_a_row_of_a_repeat_has_its_reasons() -> None:
    table = Table(("m",), (Column(("age",), "int", has_reason=True),))
    rows = list(rows_of(table, "r1", {"m": [{"age": "3"}, {"age@missing": "dont_know"}]}))
    assert [row[3:] for row in rows] == [["1", "3", ""], ["2", "", "dont_know"]]


def test_A81_a_group_where_a_text_is_due_does_not_go_out_when_personal_answers_are_left_out() -> None:
    """An earlier version asked one question where a later one has a group, in which something is personal."""
    answers = {"q": {"phone": "13900000000"}, "g": "odd"}
    assert list(rows_of(MAIN, "r1", answers)) == [['{"phone":"13900000000"}', ""]]
    assert list(rows_of(MAIN, "r1", answers, is_text_only=True)) == [["", ""]]
