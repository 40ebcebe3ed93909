"""The tables of an export over all versions."""

from typing import Any

from collector.export.sheets.tables import Column, merge_columns, merge_type, tables_of


def question(name: str, **extra: Any) -> dict[str, Any]:
    return {"name": name, "kind": "question", "type": "string", "control": "input"} | extra


def model(*children: dict[str, Any]) -> dict[str, Any]:
    form = {"languages": [{"name": "default", "code": ""}], "default_language": "default"}
    return {
        "form": form,
        "root": {"kind": "group", "name": "data", "children": list(children)},
        "texts": {},
        "lists": {},
    }


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


def test_texts_and_choices_of_all_versions_are_merged__A62_A71() -> None:
    """Choices stand in one order; a label that the later version has anew is the later one, one that it has not stays."""

    def version(texts: dict[str, str], *values: str) -> dict[str, Any]:
        itemset = {"nodeset": "instance('l')/root/item", "value": "name", "label": "key", "is_itext": True}
        rows = [[value, f"l-{value}"] for value in values]
        lists = {"l": {"columns": ["name", "key"], "rows": rows}}
        likes = question("likes", control="select", itemset=itemset, label="/data/likes:label")
        return model(likes) | {"texts": {"default": texts}, "lists": lists}

    older = version({"/data/likes:label": "Likes", "l-a": "Apple", "l-c": "Cherry"}, "a", "b", "c")
    newer = version({"/data/likes:label": "What do you like?", "l-a": "Apples"}, "a", "d", "c")
    [table] = tables_of([older, newer], [3, 5])
    [column] = table.columns
    assert column.labels == {"default": "What do you like?"}
    assert column.versions == (3, 5) and column.is_multiple
    assert [choice.value for choice in column.choices] == ["a", "d", "b", "c"]
    assert [choice.label("default", "default") for choice in column.choices] == ["Apples", "d", "b", "Cherry"]


def test_a_group_that_is_hidden_hides_what_is_in_it__A81() -> None:
    """An earlier version asked one personal question where a later one has a group."""
    group = {"name": "contact", "kind": "group", "children": [question("phone"), question("mail")]}
    [table] = tables_of([model(question("contact"), question("contacts")), model(group, question("contacts"))])
    assert names(table.without({"contact"}).columns) == ["contacts"]


def test_long_lists_of_choices_are_merged_in_reasonable_time() -> None:
    many = [Column((str(number),), "string") for number in range(20_000)]
    assert len(merge_columns(many, many[::-1])) == 20_000


def test_a_value_that_a_list_has_several_times_has_none_of_its_labels_alone() -> None:
    """A filter tells the two apart on the phone; the label of one of them would be wrong in half of the responses."""
    rows = [["1", "North"], ["2", "Mill"], ["1", "South"], ["1", "South"], *(["3", text] for text in "abcd")]
    itemset = {"nodeset": "instance('l')/root/item[side = /data/side]", "value": "name", "label": "label"}
    form = model(question("station", control="select1", itemset=itemset))
    form["lists"] = {"l": {"columns": ["name", "label"], "rows": rows}}
    [table] = tables_of([form])
    [station] = table.columns
    assert [(choice.value, choice.labels["default"]) for choice in station.choices] == [
        ("1", "North / South"),
        ("2", "Mill"),
        ("3", "a / b / c / …"),
    ]


def test_a_type_that_changed_becomes_one_that_holds_both__A62() -> None:
    assert merge_type("int", "decimal") == merge_type("decimal", "int") == "decimal"
    assert merge_type("int", "string") == merge_type("date", "dateTime") == merge_type("decimal", "date") == "string"
    assert merge_type("date", "date") == "date"
    # Once it was text, it stays so.
    assert merge_type(merge_type("int", "string"), "int") == "string"
