"""The tables of an export over all versions."""

from typing import Any

from collector.export.tables import Column, merge_columns, tables_of


def question(name: str, **extra: Any) -> dict[str, Any]:
    return {"name": name, "kind": "question", "type": "string", "control": "input"} | extra


def model(*children: dict[str, Any]) -> dict[str, Any]:
    return {"root": {"kind": "group", "name": "data", "children": list(children)}}


def names(columns: Any) -> list[str]:
    return [column.name for column in columns]


def columns(text: str) -> list[Column]:
    return [Column((name,), "string") for name in text.split()]


def test_a_column_of_each_version_once_and_in_order__A62() -> None:
    merged = names(merge_columns(columns("a b c"), columns("a d c")))
    assert (merged[0], merged[-1], sorted(merged)) == ("a", "c", ["a", "b", "c", "d"])
    assert merged == names(merge_columns(columns("a b c"), columns("a d c")))


def test_moved_questions_appear_once__A62() -> None:
    assert sorted(names(merge_columns(columns("a b c"), columns("c b a")))) == ["a", "b", "c"]
    assert names(merge_columns(columns("a"), columns("x a y"))) == ["x", "a", "y"]


def test_a_type_that_changed_becomes_text() -> None:
    [column] = merge_columns([Column(("a",), "int")], [Column(("a",), "date")])
    assert column.type == "string"


def test_groups_are_prefixes_and_repeats_are_tables__A63() -> None:
    group = {"name": "g", "kind": "group", "children": [question("a")]}
    visits = {"name": "visits", "kind": "repeat", "children": [question("day")]}
    members = {"name": "members", "kind": "repeat", "children": [question("name"), visits]}
    household = {"name": "hh", "kind": "group", "children": [members]}
    tables = tables_of([model(question("q"), group, household)])
    assert [(table.name, names(table.columns)) for table in tables] == [
        ("", ["q", "g/a"]),
        ("hh.members", ["name"]),
        ("hh.members.visits", ["day"]),
    ]


def test_notes_have_no_column_and_calculations_have_one() -> None:
    note = question("n", readonly="true()")
    calculated = {"name": "c", "kind": "question", "type": "int", "calculate": "1"}
    shown = question("s", readonly="true()", calculate="1 + 1")
    [table] = tables_of([model(note, calculated, shown)])
    assert names(table.columns) == ["c", "s"]


def header(table: Any) -> list[str]:
    return [name for name, _ in table.cells]


def test_a_question_that_may_be_without_an_answer_has_a_second_column_right_after_it() -> None:
    group = {"name": "g", "kind": "group", "children": [question("age", missing=["declined"]), question("b")]}
    [table] = tables_of([model(group, question("c"))])
    assert table.cells == [
        ("g/age", ("g", "age")),
        ("g/age_missing", ("g", "age@missing")),
        ("g/b", ("g", "b")),
        ("c", ("c",)),
    ]


def test_a_question_of_that_name_keeps_it() -> None:
    [table] = tables_of([model(question("age", missing=["declined"]), question("age_missing"))])
    assert header(table) == ["age", "age@missing", "age_missing"]


def test_a_version_that_no_longer_allows_it_keeps_the_column_in_its_place__A17_A62() -> None:
    first = model(question("a", missing=["declined"]), question("z"))
    second = model(question("a"), question("new", missing=["dont_know"]), question("z", type="int"))
    for models in ([first, second], [second, first]):
        assert header(tables_of(models)[0]) == ["a", "a_missing", "new", "new_missing", "z"]
