"""Answers in words, from a form model and answers as plain values."""

import json
from typing import Any

from collector.review.answers import Item, label_of, plain_text, read_answers
from collector.review.personal import bare_file_path, conceal

MODEL: dict[str, Any] = {
    "form": {
        "id": "visit",
        "languages": [{"name": "中文 (zh)", "code": "zh"}, {"name": "English (en)", "code": "en"}],
        "default_language": "中文 (zh)",
    },
    "root": {
        "kind": "group",
        "name": "data",
        "children": [
            {"kind": "question", "name": "name", "type": "string", "control": "input", "label": "name:label"},
            {
                "kind": "question",
                "name": "happy",
                "type": "string",
                "control": "select1",
                "label": "happy:label",
                "itemset": {
                    "nodeset": "instance('yn')/root/item",
                    "value": "name",
                    "label": "itextId",
                    "is_itext": True,
                },
            },
            {
                "kind": "question",
                "name": "colours",
                "type": "string",
                "control": "select",
                "itemset": {"nodeset": "instance('colour')/root/item[x=1]", "value": "name", "label": "label"},
            },
            {"kind": "question", "name": "score", "type": "int"},
            {
                "kind": "group",
                "name": "home",
                "label": "home:label",
                "children": [
                    {"kind": "question", "name": "where", "type": "geopoint", "control": "input"},
                    {
                        "kind": "repeat",
                        "name": "members",
                        "label": "members:label",
                        "children": [
                            {
                                "kind": "question",
                                "name": "age",
                                "type": "int",
                                "control": "input",
                                "label": "age:label",
                            },
                            {"kind": "question", "name": "seen", "type": "dateTime", "control": "input"},
                        ],
                    },
                ],
            },
        ],
    },
    "texts": {
        "中文 (zh)": {
            "name:label": "姓名",
            "happy:label": ["您好 ", {"value": " /data/name "}, "！"],
            "yn-0": "是",
            "home:label": {"text": "家庭", "image": "x.png"},
            "members:label": "成员",
            "age:label": "年龄",
        },
        "English (en)": {"name:label": "Name", "yn-0": "Yes", "members:label": "Members"},
    },
    "lists": {
        "yn": {"columns": ["itextId", "name"], "rows": [["yn-0", "yes"], ["yn-1", "no"]]},
        "colour": {"columns": ["name", "label", "x"], "rows": [["r", "Red", "1"], ["b", "Blue", "2"]]},
    },
}


def flat(items: list[Item]) -> list[tuple[str, str, str]]:
    """Kind, label and text of every item, depth first."""
    return [line for item in items for line in ((item.kind, item.label, item.text), *flat(item.children))]


def test_labels_and_choices_in_the_wanted_language() -> None:
    """What is missing in it is taken from the default language; values of the form are filled in."""
    answers = {"name": "Li", "happy": "yes"}
    assert flat(read_answers(MODEL, answers, "en")) == [("question", "Name", "Li"), ("question", "您好 Li！", "Yes")]
    assert flat(read_answers(MODEL, answers, "zh")) == [("question", "姓名", "Li"), ("question", "您好 Li！", "是")]


def test_a_language_that_the_form_lacks_is_the_default() -> None:
    """A page in French shows the Chinese labels of a form without French."""
    assert flat(read_answers(MODEL, {"name": "Li"}, "fr")) == [("question", "姓名", "Li")]


def test_several_choices_stand_on_lines_whatever_the_filter() -> None:
    """A choice without a label, or one that is not in the list, stands as its value."""
    answers = {"happy": "no", "colours": "r b green"}
    assert [text for _kind, _label, text in flat(read_answers(MODEL, answers, "en"))] == ["no", "Red\nBlue\ngreen"]


def test_groups_repeats_and_rows() -> None:
    """Rows are numbered; positions and moments are spelt for people."""
    members = [{"age": "30"}, {"seen": "2026-03-28T09:43:10.000+08:00"}]
    answers = {"home": {"where": "32.05 118.79 12 4.5", "members": members}}
    assert flat(read_answers(MODEL, answers, "en")) == [
        ("group", "家庭", ""),
        ("question", "where", "32.05, 118.79 (±4.5 m)"),
        ("repeat", "Members", ""),
        ("row", "1", ""),
        ("question", "年龄", "30"),
        ("row", "2", ""),
        ("question", "seen", "2026-03-28 09:43"),
    ]


def test_a_calculated_value_is_marked_as_not_shown() -> None:
    """The supervisor sees it, marked: the volunteer did not."""
    assert [item.is_shown for item in read_answers(MODEL, {"name": "Li", "score": "3"}, "en")] == [True, False]


def test_nothing_that_came_in_is_left_out() -> None:
    """Unknown answers, wrong shapes and odd rows are shown as they came; `meta` is not an answer."""
    answers = {"name": {"first": "Li"}, "home": {"members": ["x"], "odd": 3}, "more": [1], "meta": {"instanceID": "u"}}
    assert flat(read_answers(MODEL, answers, "en")) == [
        ("unknown", "Name", '{"first": "Li"}'),
        ("group", "家庭", ""),
        ("repeat", "Members", ""),
        ("unknown", "1", "x"),
        ("unknown", "odd", "3"),
        ("unknown", "more", "[1]"),
    ]


def test_without_a_form_model_every_answer_stands_under_its_name() -> None:
    """A version that the server does not know."""
    items = read_answers(None, {"name": "Li", "home": {"a": "1"}, "rows": [{"b": "2"}], "odd": [1]}, "en")
    assert flat(items) == [
        ("unknown", "name", "Li"),
        ("group", "home", ""), ("unknown", "a", "1"),
        ("repeat", "rows", ""), ("row", "1", ""), ("unknown", "b", "2"),
        ("unknown", "odd", "[1]"),
    ]  # fmt: skip


def test_answers_as_deep_as_json_goes_do_no_harm() -> None:
    """Nobody should be able to close a page for the supervisor."""
    deep = json.loads("[" * 900 + "]" * 900)
    assert len(read_answers(MODEL, {"odd": deep}, "en")) == 1


def test_label_of_a_path() -> None:
    """For flags: with or without positions, answered or not, known or not."""
    assert label_of(MODEL, "/data/home/members[2]/age", "en") == "年龄"
    assert label_of(MODEL, "/data/score", "en") == "score"
    assert label_of(MODEL, "/data/home/nothing/here", "en") == "here"
    assert label_of(None, "/data/name", "en") == "name"
    assert label_of(MODEL, "/data", "en") == ""


def test_why_there_is_no_answer_is_told_in_words() -> None:
    """In the place of the answer; beside it where both came in; a word that is no reason is shown as it came."""
    answers = {"happy@missing": "declined", "home": {"members": [{"age@missing": "dont_know"}]}}
    assert flat(read_answers(MODEL, answers, "en")) == [
        ("missing", "您好 …！", "Declines to answer"),
        ("group", "家庭", ""),
        ("repeat", "Members", ""),
        ("row", "1", ""),
        ("missing", "年龄", "Does not know"),
    ]
    both = {"name": "Li", "name@missing": "dont_know", "happy@missing": "shy"}
    assert flat(read_answers(MODEL, both, "en")) == [
        ("question", "Name", "Li"),
        ("missing", "Name", "Does not know"),
        ("unknown", "happy@missing", "shy"),
    ]


def test_a_value_in_a_label_is_never_taken_for_a_mark() -> None:
    text = ["**Hello** ", {"value": " /data/name "}, ", _you_"]
    assert plain_text(text, {"name": "**Li** <b>"}) == "Hello **Li** <b>, you"


def test_a_label_tells_nothing_of_an_answer_that_is_hidden() -> None:
    items = read_answers(MODEL, {"name": "Li", "happy": "yes"}, "en", {"name"})
    assert "您好 …！" in [item.label for item in items]


def test_a_file_belongs_to_a_question_whatever_its_form_is_called() -> None:
    assert bare_file_path("/data/home[2]/photo") == "home/photo"
    assert conceal({"a": "1", "g": {"b": "2", "c": "3"}}, {"a", "g/b"}) == {"g": {"c": "3"}}
