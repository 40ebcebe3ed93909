"""What is different between two versions: pure, over compiled workbooks."""

import json
from typing import Any

from collector.questionnaires.difference import Changed, Difference, compare
from collector.questionnaires.model_items import items_of, label_in
from tests.questionnaires.books import compile_markdown

FORM = """
| survey   |
|          | type          | name  | label::English (en) | label::中文 (zh) | hint::English (en) | relevant    | required | calculation | media::image::English (en) |
|          | begin group   | home  | Home                | 家               |                    |             |          |             |            |
|          | text          | head  | Head of household   | 户主             | Full name          |             | yes      |             |            |
|          | integer       | size  | Size                | 人数             |                    |             |          |             |            |
|          | end group     |       |                     |                  |                    |             |          |             |            |
|          | select_one yn | water | Water?              | 有水吗？         |                    | ${size} > 1 |          |             | water.jpg  |
|          | begin repeat  | rows  | Members             | 成员             |                    |             |          |             |            |
|          | integer       | age   | Age                 | 年龄             |                    |             |          |             |            |
|          | end repeat    |       |                     |                  |                    |             |          |             |            |
|          | text          | last  | Remarks             | 备注             |                    |             |          |             |            |
|          | calculate     | twice |                     |                  |                    |             |          | ${size} * 2 |            |
| choices  |
|          | list_name | name | label::English (en) | label::中文 (zh) |
|          | yn        | yes  | Yes                 | 有               |
|          | yn        | no   | No                  | 没有             |
| settings |
|          | form_title | form_id | version | default_language | attribute::place_path |
|          | Form       | form    | 1       | English (en)     | head                  |
"""


def model_of(markdown: str) -> dict[str, Any]:
    """The form model of a workbook."""
    compiled = compile_markdown(markdown)
    assert compiled.model_json, [finding.text("en") for finding in compiled.errors]
    model: dict[str, Any] = json.loads(compiled.model_json)
    return model


def changed_by(*replacements: tuple[str, str], before: str = FORM) -> Difference:
    """The difference that these replacements in the workbook make."""
    after = before
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new)
    return compare(model_of(before), model_of(after))


def only(difference: Difference) -> Changed:
    """The one question that is changed, where nothing else is different."""
    assert difference.count == 1, difference
    return difference.changed[0]


def paths(items: Any) -> list[str]:
    return [item.path for item in items]


def told(changed: Changed) -> list[tuple[str, str, str, str]]:
    return [(change.what, change.language, change.before, change.after) for change in changed.changes]


def test_the_same_workbook_has_no_difference() -> None:
    assert changed_by().count == 0


def test_a_question_that_is_added_and_one_that_is_removed() -> None:
    line = "|          | text          | last  | Remarks             | 备注             |                    |             |          |             |            |\n"
    assert paths(changed_by((line, "")).removed) == ["last"]
    more = line.replace("last ", "more ").replace("Remarks", "Anything").replace("备注", "其他")
    assert paths(changed_by((line, line + more)).added) == ["more"]


def test_another_name_with_the_same_label_and_type_looks_like_a_rename() -> None:
    """It is no guess: both are told of, as a pair."""
    difference = changed_by(("| last  |", "| final |"))
    assert [(before.path, after.path) for before, after in difference.renamed] == [("last", "final")]
    assert difference.count == 1
    other = changed_by(("| last  | Remarks ", "| final | Anything "))
    assert (paths(other.removed), paths(other.added), other.renamed) == (["last"], ["final"], [])


def test_two_that_could_be_the_renamed_one_are_none() -> None:
    twin = FORM.replace(
        "| calculate     | twice |",
        "| text          | other | Remarks | 备注 | | | | | |\n|          | calculate     | twice |",
    )
    difference = changed_by(("| last  |", "| final |"), ("| other |", "| rest  |"), before=twin)
    assert difference.renamed == []
    assert (paths(difference.removed), paths(difference.added)) == (["last", "other"], ["final", "rest"])


def test_a_question_in_another_group_is_moved() -> None:
    end = "|          | end group     |       |                     |                  |                    |             |          |             |            |\n"
    size = "|          | integer       | size  | Size                | 人数             |                    |             |          |             |            |\n"
    difference = changed_by((size + end, end + size))
    assert [(before.path, after.path) for before, after in difference.moved] == [("home/size", "size")]
    assert (difference.added, difference.removed) == ([], [])
    # What refers to it is written with its new path, which is said as well.
    assert {one.after.path for one in difference.changed} == {"water", "twice"}


def test_the_order_alone_names_as_few_as_explain_it() -> None:
    lines = FORM.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "| last  |" in line)
    first = next(number for number, line in enumerate(lines) if "begin group" in line)
    moved = [*lines[:first], lines[at], *lines[first:at], *lines[at + 1 :]]
    difference = compare(model_of(FORM), model_of("".join(moved)))
    assert (paths(difference.reordered), difference.count) == (["last"], 1)


def test_words_are_told_by_language() -> None:
    assert told(only(changed_by(("| 人数 ", "| 家里几人 ")))) == [("label", "中文 (zh)", "人数", "家里几人")]
    assert told(only(changed_by(("| Full name ", "|           ")))) == [("hint", "English (en)", "Full name", "")]
    assert told(only(changed_by(("| water.jpg ", "| tap.jpg   ")))) == [
        ("media", "English (en)", "water.jpg", "tap.jpg")
    ]


def test_rules_and_types() -> None:
    rule = only(changed_by(("| ${size} > 1 |", "| ${size} > 2 |")))
    assert told(rule) == [("relevant", "", "/data/home/size > 1", "/data/home/size > 2")]
    assert rule.has_new_rule and not rule.has_new_type
    type_ = only(changed_by(("| integer       | age ", "| decimal       | age ")))
    assert told(type_) == [("type", "", "question int input", "question decimal input")]
    assert type_.has_new_type
    assert [change[0] for change in told(only(changed_by(("| ${size} * 2 |", "| ${size} * 3 |"))))] == ["calculate"]
    assert told(only(changed_by(("|             | yes      |", "|             |          |")))) == [
        ("required", "", "true()", "")
    ]


def test_choices_come_go_and_are_reworded() -> None:
    changed = only(changed_by(("| no   | No ", "| none | No "), ("| yes  | Yes ", "| yes  | Yes, a tap ")))
    assert (changed.gone_choices, changed.new_choices) == (["no"], ["none"])
    [label] = changed.choice_labels
    assert (label.what, label.language, label.before, label.after) == ("yes", "English (en)", "Yes", "Yes, a tap")


def test_a_list_under_another_name_is_the_same_list() -> None:
    assert changed_by(("select_one yn", "select_one ny"), ("| yn        |", "| ny        |")).count == 0


def test_the_questionnaire_itself() -> None:
    difference = changed_by(
        ("| Form       |", "| New form   |"), ("| head                  |", "| last                  |")
    )
    assert [(change.what, change.before, change.after) for change in difference.form] == [
        ("title", "Form", "New form"),
        ("place_path", "head", "last"),
    ]
    assert difference.count == 2


def test_items_are_labelled_in_the_readers_language_or_else() -> None:
    model = model_of(FORM)
    labels = {item.path: item.labels for item in items_of(model)}
    assert label_in(labels["water"], model, "zh") == "有水吗？"
    assert label_in(labels["water"], model, "fr") == "Water?"
    assert label_in(labels["twice"], model, "zh") == ""
    assert "rows/age" in labels and "meta/instanceID" not in labels
