"""Workbooks as people write them: each cause for which real forms fail elsewhere ends in success where the author's
meaning is plain, else in a message with sheet, row and column.
"""

import pytest

from collector.questionnaires.compile import compile_workbook
from tests.questionnaires.books import compile_clean, compile_markdown, make_book, model_of, node, only, place


def test_a_group_named_meta_at_the_top_shares_the_forms_own() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type        | name   | label    | calculation     |
        | | text        | a      | A        |                 |
        | | begin group | meta   | NO_LABEL |                 |
        | | calculate   | source | NO_LABEL | ../../a         |
        | | end group   | meta   |          |                 |
        | | calculate   | c      |          | ${source}       |
        | settings |
        | | form_id | instance_name |
        | | f       | ${a}          |
    """)
    model = model_of(compiled)
    groups = [child for child in model["root"]["children"] if child["name"] == "meta"]
    assert [[child["name"] for child in group["children"]] for group in groups] == [
        ["source", "instanceID", "instanceName"]
    ]
    assert node(model, "meta", "source")["calculate"] == "../../a"
    assert node(model, "c")["calculate"] == "/data/meta/source"
    assert compiled.xform.count("<meta>") == 1 and "NO_LABEL" not in (compiled.model_json or "")


def test_what_is_named_meta_inside_a_group_is_as_good_as_any() -> None:
    model = compile_clean("""
        | survey |
        | | type        | name   | label |
        | | begin group | inputs | I     |
        | | begin group | meta   | M     |
        | | text        | a      | A     |
        | | end group   |        |       |
        | | end group   |        |       |
        | | begin group | other  | O     |
        | | text        | meta   | Meta  |
        | | end group   |        |       |
    """)
    assert node(model, "inputs", "meta", "a")["type"] == "string"
    assert node(model, "other", "meta")["label"] == "/data/other/meta:label"
    assert [child["name"] for child in node(model, "meta")["children"]] == ["instanceID"]


def test_a_reference_to_what_is_named_meta_is_followed() -> None:
    model = compile_clean("""
        | survey |
        | | type        | name  | label       | relevant       |
        | | begin group | other | O           |                |
        | | text        | meta  | Meta        |                |
        | | end group   |       |             |                |
        | | note        | n     | It: ${meta} | ${ meta } != 1 |
    """)
    assert node(model, "n")["relevant"].split() == ["/data/other/meta", "!=", "1"]
    assert {"value": "/data/other/meta"} in [
        {"value": part["value"].strip()}
        for part in model["texts"]["default"]["/data/n:label"]
        if isinstance(part, dict)
    ]


def test_a_fault_in_a_group_named_meta_is_told_with_its_row() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type        | name | label | calculation |
        | | begin group | meta | M     |             |
        | | calculate   | a    |       | nothing()   |
        | | end group   |      |       |             |
    """)
    assert place(only(compiled.errors, "expression_function")) == ("survey", 3, "calculation")


def test_two_headers_of_one_name_that_contradict_are_told_with_their_letters() -> None:
    survey = [["type", "name", "label", None, "label"], ["text", "a", "One", None, "Two"]]
    finding = only(compile_workbook(make_book(survey=survey), "f.xlsx").errors, "columns_conflict")
    assert place(finding) == ("survey", 2, "label (E)")
    assert "label (C) and label (E)" in finding.message and "label (C)" in finding.message_zh


@pytest.mark.parametrize(
    "header",
    ["bind:relevant", "Bind:Relevant", "bind::relevant", "relevance"],
)
def test_the_old_colon_counts_beside_the_new_one_where_it_can_mean_nothing_else(header: str) -> None:
    survey = [["type", "name", "label::en", header], ["text", "a", "A", "1 = 2"]]
    assert node(model_of(compile_workbook(make_book(survey=survey), "f.xlsx")), "a")["relevant"] == "1 = 2"


def test_a_prefix_of_a_namespace_is_not_divided() -> None:
    survey = [["type", "name", "label", "bind:jr:constraintMsg", "constraint"], ["text", "a", "A", "No!", ". != 1"]]
    model = model_of(compile_workbook(make_book(survey=survey), "f.xlsx"))
    assert model["texts"]["default"][node(model, "a")["constraint_message"]] == "No!"


@pytest.mark.parametrize(
    ("header", "near"), [("relevent", "relevant"), ("calcuation", "calculation"), ("constraint_mesage", "constraint_message")]
)  # fmt: skip
def test_a_misspelled_header_is_told(header: str, near: str) -> None:
    compiled = compile_workbook(
        make_book(survey=[["type", "name", "label", header], ["text", "a", "A", "1"]]), "f.xlsx"
    )
    finding = only(compiled.warnings, "column_similar")
    assert place(finding) == ("survey", 1, header) and finding.params["near"] == near


@pytest.mark.parametrize("header", ["notes", "remarks", "cht::notes", "order", "Label translation", "hints for staff"])
def test_an_authors_own_column_is_left_alone(header: str) -> None:
    compiled = compile_workbook(
        make_book(survey=[["type", "name", "label", header], ["text", "a", "A", "x"]]), "f.xlsx"
    )
    assert [finding.code for finding in compiled.warnings] == ["form_id_missing"]


@pytest.mark.parametrize(
    ("written", "data_type", "control"),
    [
        ("tel", "string", "input"),
        ("phone", "string", "input"),
        ("db:person", "string", "input"),
        ("numeric", "decimal", "input"),
        ("number", "decimal", "input"),
        ("picture", "binary", "upload"),
        ("html", "string", "input"),
    ],
)
def test_types_of_other_tools_are_asked_as_what_they_mean_with_a_warning(
    written: str, data_type: str, control: str
) -> None:
    compiled = compile_markdown(f"| survey |\n| | type | name | label |\n| | {written} | q | Q |")
    question = node(model_of(compiled), "q")
    assert (question["type"], question["control"]) == (data_type, control)
    assert place(only(compiled.warnings, "type_read_as")) == ("survey", 2, "type")


@pytest.mark.parametrize(("written", "data_type"), [("gps", "geopoint"), ("photo", "binary"), ("string", "string")])
def test_old_names_of_types_need_no_warning(written: str, data_type: str) -> None:
    compiled = compile_markdown(f"| survey |\n| | type | name | label |\n| | {written} | q | Q |")
    assert node(model_of(compiled), "q")["type"] == data_type
    assert [finding.code for finding in compiled.warnings] == ["form_id_missing"]


@pytest.mark.parametrize("written", ["hidden", "hidden string", "hidden integer"])
def test_hidden_values_have_no_control(written: str) -> None:
    model = compile_clean(f"| survey |\n| | type | name | label | default |\n| | {written} | q | | 7 |")
    assert "control" not in node(model, "q") and node(model, "q")["default"] == "7"


@pytest.mark.parametrize(
    ("written", "code", "word"),
    [
        ("include", "type_include", "Copy them"),
        ("begin_kobomatrix", "type_kobo", "table-list"),
        ("score__row", "type_kobo", "select_one"),
        ("begin_rank", "type_kobo", "rank list"),
    ],
)
def test_what_another_tool_would_expand_is_refused_with_the_remedy(written: str, code: str, word: str) -> None:
    finding = only(compile_markdown(f"| survey |\n| | type | name | label |\n| | {written} | q | Q |").errors, code)
    assert place(finding) == ("survey", 2, "type")
    assert word in finding.message and word.split()[0] in finding.message + finding.message_zh


def test_osm_asks_for_a_file_with_a_warning() -> None:
    compiled = compile_markdown("| survey |\n| | type | name | label |\n| | osm | q | Q |")
    assert node(model_of(compiled), "q")["control"] == "upload"
    only(compiled.warnings, "type_osm")


CASCADE = """
    | survey |
    | | type              | name   | label | choice_filter       |
    | | select_one county | county | C     |                     |
    | | select_one point  | point  | P     | {filter}            |
    | choices |
    | | list_name | name | label  | county |
    | | county    | a    | A      |        |
    | | county    | b    | B      |        |
    | | point     | 1    | A one  | a      |
    | | point     | 1    | B one  | {last} |
"""


def test_a47_names_that_the_choice_filter_keeps_apart_are_taken_with_a_warning() -> None:
    compiled = compile_markdown(CASCADE.format(filter="county = ${county}", last="b"))
    assert len(model_of(compiled)["lists"]["point"]["rows"]) == 2
    finding = only(compiled.warnings, "choice_twice_filtered")
    assert place(finding) == ("choices", 5, "name") and "rows 4, 5" in finding.message


@pytest.mark.parametrize(
    ("choice_filter", "last"),
    [
        ("", "b"),
        ("county = ${county}", "a"),
        ("county = ${county} or 1 = 1", "b"),
        ("not(county = ${county})", "b"),
        ("county != ${county}", "b"),
    ],
)
def test_a47_names_that_could_be_shown_together_are_refused(choice_filter: str, last: str) -> None:
    compiled = compile_markdown(CASCADE.format(filter=choice_filter, last=last))
    assert [finding.code for finding in compiled.errors] == ["choice_twice"]


def test_a_question_and_a_repeat_called_as_the_root_do_no_harm() -> None:
    model = compile_clean("""
        | survey |
        | | type         | name | label | calculation    |
        | | begin repeat | data | D     |                |
        | | text         | form | F     |                |
        | | end repeat   |      |       |                |
        | | calculate    | c    |       | count(${data}) |
    """)
    assert model["root"]["name"] == "questionnaire"
    assert node(model, "c")["calculate"] == "count( /questionnaire/data )"


def test_columns_for_attributes_of_the_xform_do_not_stop_the_form() -> None:
    survey = [["type", "name", "label", "instance::tag", "instance::type"], ["text", "a", "A", "t", "x"]]
    model = model_of(compile_workbook(make_book(survey=survey), "f.xlsx"))
    assert node(model, "a") == {
        "name": "a",
        "kind": "question",
        "type": "string",
        "control": "input",
        "label": "/data/a:label",
    }


def test_a_choice_filter_that_names_a_label_column_reads_the_label() -> None:
    model = compile_clean("""
        | survey |
        | | type         | name | label::English (en) | choice_filter              |
        | | select_one l | q    | Q                   | label::English (en) != 'B' |
        | choices |
        | | list_name | name | label::English (en) |
        | | l         | a    | A                   |
        | | l         | b    | B                   |
    """)
    assert node(model, "q")["itemset"]["nodeset"] == "instance('l')/root/item[jr:itext(itextId) != 'B']"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("public_key", "MIIB", "public_key_ignored"),
        ("submission_url", "https://example.org", "setting_ignored"),
        ("auto_send", "true", "setting_ignored"),
        ("auto_delete", "true", "setting_ignored"),
        ("form_tittle", "T", "column_similar"),
    ],
)
def test_settings_without_effect_are_told(column: str, value: str, code: str) -> None:
    compiled = compile_markdown(f"""
        | survey |
        | | type | name | label |
        | | text | q    | Q     |
        | settings |
        | | form_id | {column} |
        | | f       | {value}  |
    """)
    assert compiled.errors == []
    finding = only(compiled.warnings, code)
    assert (finding.sheet, finding.column) == ("settings", column)
    assert "submission" not in compiled.xform


def test_a_circle_names_all_its_members_in_form_order_with_their_rows() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type      | name | label | calculation | relevant |
        | | calculate | a    |       | ${c}        |          |
        | | text      | x    | X     |             |          |
        | | calculate | b    |       | ${a}        |          |
        | | calculate | c    |       | ${b} + ${x} |          |
    """)
    finding = only(compiled.errors, "expression_circle")
    assert "a (2), b (4), c (5)" in finding.message and "a (2), b (4), c (5)" in finding.message_zh


def test_lists_that_only_the_app_of_the_cht_has_are_empty_with_a_warning() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type      | name | label | calculation                           |
        | | calculate | a    |       | instance('contact-summary')/context/x |
    """)
    assert place(only(compiled.warnings, "expression_host_list")) == ("survey", 2, "calculation")
    assert compiled.errors == []
