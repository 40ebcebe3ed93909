"""Entities: the declaration is a group of the form, its attributes are questions, and answers name their property."""

from typing import Any

from tests.questionnaires.books import compile_clean, compile_markdown, node, only, place

SURVEY = """
    | survey |
    | | type                           | name    | label   | save_to |
    | | select_one_from_file trees.csv | tree    | Tree    |         |
    | | text                           | species | Species | species |
"""


def declared(entities: str) -> dict[str, dict[str, Any]]:
    """The parts of the entity's declaration by name."""
    model = compile_clean(SURVEY + entities)
    return {child["name"]: child for child in node(model, "meta", "entity")["children"]}


def test_a_new_entity_gets_its_id_once_and_its_label_from_the_form() -> None:
    entities = "| entities |\n| | list_name | label |\n| | trees | concat(${species}, '!') |"
    parts = declared(entities)
    assert parts["@dataset"] == {"name": "@dataset", "kind": "question", "type": "string", "default": "trees"}
    assert parts["@create"]["default"] == "1"
    assert parts["label"]["calculate"].split() == ["concat(", "/data/species", ",", "'!')"]
    assert "control" not in parts["@id"]
    model = compile_clean(SURVEY + entities)
    assert {"event": "odk-instance-first-load", "ref": "/data/meta/entity/@id", "value": "uuid()"} in model["actions"]
    assert node(model, "species")["save_to"] == "species"


def test_conditions_and_the_entity_that_is_meant() -> None:
    parts = declared("""
        | entities |
        | | dataset | label      | create_if       | update_if       | entity_id                  |
        | | trees   | ${species} | ${tree} = ‘’    | ${tree} != ''   | coalesce(${tree}, uuid())  |
    """)
    assert parts["@create"]["calculate"].split() == ["/data/tree", "=", "''"]
    assert parts["@update"]["calculate"].split() == ["/data/tree", "!=", "''"]
    assert parts["@id"]["calculate"].startswith("coalesce(")
    assert parts["@baseVersion"]["calculate"].endswith("/__version")


def test_an_update_without_a_label() -> None:
    parts = declared("| entities |\n| | list_name | entity_id |\n| | trees | ${tree} |")
    assert "label" not in parts and parts["@update"]["default"] == "1"
    assert parts["@id"]["calculate"].strip() == "/data/tree"


def test_save_to_without_the_sheet_is_an_error_with_its_row() -> None:
    finding = only(compile_markdown(SURVEY).errors, "save_to_alone")
    assert place(finding) == ("survey", 3, "save_to") and "species" in finding.message_zh


def test_a_reference_in_the_sheet_that_names_no_question_is_told() -> None:
    compiled = compile_markdown(SURVEY + "| entities |\n| | list_name | label |\n| | trees | ${specie} |")
    assert place(only(compiled.errors, "reference_unknown_near")) == ("entities", 2, "label")


def test_an_expression_in_the_sheet_that_cannot_be_read_is_told() -> None:
    compiled = compile_markdown(
        SURVEY + "| entities |\n| | list_name | label | create_if |\n| | trees | 'x' | nope(1) |"
    )
    assert place(only(compiled.errors, "expression_function")) == ("entities", 2, "create_if")
