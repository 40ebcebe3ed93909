"""Appearances that the form model itself follows."""

from tests.questionnaires.books import compile_clean, node


def test_hidden_questions_and_what_is_in_hidden_groups_are_not_asked() -> None:
    compiled = compile_clean("""
        | survey |
        | | type | name | label | appearance | required |
        | | text | seen | Seen | hidden-answer | |
        | | text | source | Source | hidden | yes |
        | | begin_group | inputs | Inputs | field-list hidden | |
        | | begin_group | contact | Contact | | |
        | | select_one yn | known | Known? | | |
        | | end_group | | | | |
        | | end_group | | | | |
        | choices |
        | | list_name | name | label |
        | | yn | y | Yes |
        | settings |
        | | form_id |
        | | f |
    """)
    assert node(compiled, "seen")["control"] == "input"
    for path in ("source", "inputs/contact/known"):
        assert "control" not in node(compiled, *path.split("/"))
    assert node(compiled, "inputs", "contact", "known")["itemset"]["value"] == "name"


def test_a_table_list_is_a_page_with_a_head_and_rows() -> None:
    compiled = compile_clean("""
        | survey |
        | | type | name | label | appearance |
        | | begin_group | t | Please rate | table-list |
        | | select_one q | water | Water | |
        | | select_one q | roads | Roads | |
        | | end_group | | | |
        | choices |
        | | list_name | name | label |
        | | q | 1 | Bad |
        | | q | 2 | Good |
        | settings |
        | | form_id |
        | | f |
    """)
    group = node(compiled, "t")
    assert group["appearance"] == "field-list"
    assert [child.get("appearance") for child in group["children"]] == [None, "label", "list-nolabel", "list-nolabel"]
