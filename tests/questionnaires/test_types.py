"""What becomes of each type and its parameters in the form model, beyond those of test_xform.py."""

from typing import Any

import pytest

from tests.questionnaires.books import compile_clean, compile_markdown, node, only, place

FORM = """
    | survey |
    | | type                   | name  | label | appearance | parameters                                 |
    | | range                  | rate  | L     | rating     | start=0 end=5 step=1                       |
    | | range                  | share | L     | picker     | start=0 end=1 step=0.1                     |
    | | range                  | ticks | L     | no-ticks   | start=1 end=5 tick_interval=2 placeholder=3 tick_labelset=words |
    | | image                  | sign  | L     | signature  | max-pixels=640                             |
    | | audio                  | talk  | L     |            | quality=voice-only                         |
    | | video                  | film  | L     | new-front  |                                            |
    | | file                   | doc   | L     |            |                                            |
    | | geopoint               | here  | L     | maps       | capture-accuracy=10 warning-accuracy=20    |
    | | geotrace               | way   | L     |            |                                            |
    | | geoshape               | field | L     |            |                                            |
    | | text                   | story | L     | multiline  | rows=4                                     |
    | | trigger                | done  | L     |            |                                            |
    | | select_multiple words  | many  | L     |            | randomize=true                             |
    | | email                  | mail  |       |            |                                            |
    | | phonenumber            | phone |       |            |                                            |
    | | uri:deviceid           | dev   |       |            |                                            |
    | | simserial              | sim   |       |            |                                            |
    | | hidden                 | kept  |       |            |                                            |
    | choices |
    | | list_name | name | label |
    | | words     | 1    | Low   |
    | | words     | 5    | High  |
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rate", {"control": "range", "type": "int", "appearance": "rating",
                  "parameters": {"start": "0", "end": "5", "step": "1"}}),
        ("share", {"control": "range", "type": "decimal", "parameters": {"start": "0", "end": "1", "step": "0.1"}}),
        ("ticks", {"parameters": {"start": "1", "end": "5", "step": "1", "tick-interval": "2", "placeholder": "3",
                                  "tick-labels": "words"}}),
        ("sign", {"type": "binary", "mediatype": "image/*", "appearance": "signature",
                  "parameters": {"max-pixels": "640"}}),
        ("talk", {"type": "binary", "mediatype": "audio/*", "parameters": {"quality": "voice-only"}}),
        ("film", {"mediatype": "video/*", "appearance": "new-front"}),
        ("doc", {"control": "upload", "mediatype": "application/*"}),
        ("here", {"type": "geopoint", "appearance": "maps",
                  "parameters": {"accuracyThreshold": "10", "unacceptableAccuracyThreshold": "20"}}),
        ("way", {"type": "geotrace", "control": "input"}),
        ("field", {"type": "geoshape", "control": "input"}),
        ("story", {"parameters": {"rows": "4"}}),
        ("done", {"control": "trigger"}),
        ("mail", {"preload": "property", "preload_params": "email", "control": None}),
        ("phone", {"preload": "property", "preload_params": "phonenumber", "control": None}),
        ("dev", {"preload": "property", "preload_params": "deviceid", "control": None}),
        ("sim", {"preload": "property", "preload_params": "simserial", "control": None}),
        ("kept", {"type": "string", "control": None}),
    ],
)  # fmt: skip
def test_types_and_their_parameters(name: str, expected: dict[str, Any]) -> None:
    found = node(compile_clean(FORM), name)
    assert {key: found.get(key) for key in expected} == expected


def test_random_order_without_a_seed() -> None:
    assert node(compile_clean(FORM), "many")["itemset"]["nodeset"] == "randomize(instance('words')/root/item)"


def test_table_list_is_a_row_of_labels_and_questions_without_them() -> None:
    model = compile_clean("""
        | survey |
        | | type          | name | label | appearance    | hint |
        | | begin group   | t    | Table | table-list w1 | Help |
        | | select_one yn | a    | A     |               |      |
        | | select_one yn | b    | B     |               |      |
        | | end group     |      |       |               |      |
        | choices |
        | | list_name | name | label |
        | | yn        | y    | Yes   |
        | | yn        | n    | No    |
    """)
    table = node(model, "t")
    assert (table["appearance"], "label" in table) == ("field-list w1", False)
    heading, labels, *questions = table["children"]
    assert model["texts"]["default"][heading["label"]] == "Table" and heading["readonly"] == "true()"
    assert model["texts"]["default"][heading["hint"]] == "Help"
    assert labels["appearance"] == "label" and "label" not in labels
    assert [question["appearance"] for question in questions] == ["list-nolabel", "list-nolabel"]
    assert len({str(question["itemset"]) for question in (labels, *questions)}) == 1


def test_the_number_of_rows_may_be_an_expression_and_a_fault_in_it_is_told() -> None:
    form = """
        | survey |
        | | type         | name | label | repeat_count |
        | | integer      | n    | N     |              |
        | | begin repeat | r    | R     | {count}      |
        | | text         | t    | T     |              |
        | | end repeat   |      |       |              |
    """
    model = compile_clean(form.format(count="${n} + 1"))
    assert node(model, "r")["count"] == "/data/r_count"
    assert node(model, "r_count")["calculate"].split() == ["/data/n", "+", "1"]
    assert node(compile_clean(form.format(count="3")), "r")["count"] == "/data/r_count"
    compiled = compile_markdown(form.format(count="nope(${n})"))
    assert place(only(compiled.errors, "expression_function")) == ("survey", 3, "repeat_count")


def test_rows_that_are_fixed() -> None:
    model = compile_clean("""
        | survey |
        | | type         | name | label | body::jr:noAddRemove |
        | | begin repeat | r    | R     | true()               |
        | | text         | t    | T     |                      |
        | | end repeat   |      |       |                      |
    """)
    assert node(model, "r")["fixed"] is True


def test_a_loop_asks_the_same_for_each_choice() -> None:
    model = compile_clean("""
        | survey |
        | | type                 | name | label              |
        | | begin loop over crop | per  | Crops              |
        | | integer              | kg   | Kilos of %(label)s |
        | | end loop             |      |                    |
        | choices |
        | | list_name | name | label |
        | | crop      | rice | Rice  |
        | | crop      | corn | Corn  |
    """)
    assert [child["name"] for child in node(model, "per")["children"]] == ["rice", "corn"]
    assert model["texts"]["default"][node(model, "per", "rice", "kg")["label"]] == "Kilos of Rice"


def test_audit_is_kept_without_a_control_with_its_parameters() -> None:
    model = compile_clean("""
        | survey |
        | | type  | name | label | parameters                                                               |
        | | text  | a    | A     |                                                                          |
        | | audit |      |       | location-priority=balanced location-min-interval=60 location-max-age=120 |
    """)
    audit = node(model, "meta", "audit")
    assert audit["type"] == "binary" and "control" not in audit
    assert audit["parameters"] == {
        "location-priority": "balanced",
        "location-min-interval": "60",
        "location-max-age": "120",
    }


def test_a51_only_the_question_with_or_other_has_the_further_choice() -> None:
    model = compile_clean("""
        | survey |
        | | type                     | name | label | relevant            |
        | | select_one crop or_other | a    | A     |                     |
        | | select_one crop          | b    | B     |                     |
        | choices |
        | | list_name | name | label |
        | | crop      | rice | Rice  |
        | settings |
        | | form_id |
        | | f       |
    """)
    lists = model["lists"]
    assert lists["crop"]["rows"] == [["rice", "Rice"]]
    assert lists["crop_or_other"]["rows"] == [["rice", "Rice"], ["other", "Other"]]
    assert node(model, "a")["itemset"]["nodeset"] == "instance('crop_or_other')/root/item"
    assert node(model, "a_other")["relevant"] == "selected(../a, 'other')"
    assert [child["name"] for child in model["root"]["children"][:3]] == ["a", "a_other", "b"]


def test_a51_the_text_of_or_other_can_be_referred_to_and_a_choice_filter_lets_the_choice_through() -> None:
    model = compile_clean("""
        | survey |
        | | type                               | name | label::Français (fr) | choice_filter | calculation   |
        | | text                               | k    | K                    |               |               |
        | | select_multiple crop or_other      | a    | A                    | kind = ${k}   |               |
        | | calculate                          | b    |                      |               | ${a_other}    |
        | choices |
        | | list_name | name | label::Français (fr) | kind |
        | | crop      | rice | Riz                  | x    |
        | | other     | no   | Non                  |      |
    """)
    assert node(model, "a")["itemset"]["nodeset"].split() == (
        ["instance('crop')/root/item[(kind", "=", "/data/k", ")", "or", "name", "=", "'other']"]
    )
    assert node(model, "b")["calculate"].strip() == "/data/a_other"
    french = model["texts"]["Français (fr)"]
    assert french["/data/a_other:label"] == "Précisez." and "Autre" in french.values()


def test_a51_an_author_who_wrote_choice_and_question_already_keeps_them() -> None:
    model = compile_clean("""
        | survey |
        | | type                     | name    | label | relevant              |
        | | select_one crop or_other | a       | A     |                       |
        | | text                     | a_other | Which | selected(${a}, 'other') |
        | choices |
        | | list_name | name  | label    |
        | | crop      | other | Anything |
    """)
    assert model["lists"]["crop"]["rows"] == [["other", "Anything"]]
    assert model["texts"]["default"][node(model, "a_other")["label"]] == "Which"


def test_pyxforms_own_errors_name_the_row_of_the_sheet_behind_written_out_rows() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type                     | name | label | parameters |
        | | select_one crop or_other | a    | A     |            |
        | | range                    | b    | B     | start=x    |
        | choices |
        | | list_name | name | label |
        | | crop      | rice | Rice  |
    """)
    assert place(only(compiled.errors, "parameters_range")) == ("survey", 3, "parameters")


def test_a_file_as_a_default_is_left_out_with_a_warning() -> None:
    compiled = compile_markdown("| survey |\n| | type | name | label | default |\n| | audio | i | I | x.mp3 |")
    assert place(only(compiled.warnings, "default_file")) == ("survey", 2, "default")
    assert "x.mp3" not in (compiled.model_json or "")


@pytest.mark.parametrize(("omitted", "parts"), [("yes", []), ("no", ["instanceID"])])
def test_omit_instance_id(omitted: str, parts: list[str]) -> None:
    model = compile_clean(f"""
        | survey |
        | | type | name | label |
        | | text | a    | A     |
        | settings |
        | | form_id | omit_instanceID |
        | | f       | {omitted}       |
    """)
    meta = [child for child in model["root"]["children"] if child["name"] == "meta"]
    assert [child["name"] for group in meta for child in group["children"]] == parts


@pytest.mark.parametrize(("clean", "label"), [("no", "Two  blanks"), ("yes", "Two blanks")])
def test_clean_text_values(clean: str, label: str) -> None:
    model = compile_clean(f"""
        | survey |
        | | type | name | label       |
        | | text | a    | Two  blanks |
        | settings |
        | | form_id | clean_text_values | namespaces                     |
        | | f       | {clean}           | esri="http://esri.com/xforms"  |
    """)
    assert model["texts"]["default"]["/data/a:label"] == label
