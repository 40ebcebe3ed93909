"""Reasons for no answer: the column bind::missing."""

import pytest

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.findings import Finding
from collector.questionnaires.xform import compile_xform
from tests.questionnaires.books import compile_markdown, make_book, model_of, node, only, place


def test_the_reasons_of_a_question_come_in_the_authors_order() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type         | name   | label | required | bind::missing      |
        | | integer      | income | A     | yes      | dont_know declined |
        | | select_one l | vote   | B     |          | declined           |
        | | text         | name   | C     |          |                    |
        | choices |
        | | list_name | name | label |
        | | l         | x    | X     |
        | settings |
        | | form_id |
        | | f       |
    """)
    model = model_of(compiled)
    assert compiled.warnings == []
    assert node(model, "income")["missing"] == ["dont_know", "declined"]
    assert node(model, "vote")["missing"] == ["declined"]
    assert "missing" not in node(model, "name")
    assert 'missing="dont_know declined"' in compiled.xform


@pytest.mark.parametrize("header", ["bind::missing", "Bind :: Missing", "bind:missing"])
def test_the_header_may_be_spelled_as_others_are(header: str) -> None:
    book = make_book(survey=[["type", "name", "label", header], ["text", "q", "Q", "Declined, DONT_KNOW declined"]])
    assert node(model_of(compile_workbook(book, "form.xlsx")), "q")["missing"] == ["declined", "dont_know"]


def test_words_that_are_no_reasons_are_told_with_their_place_and_left_out() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type | name | label | bind::missing  |
        | | text | a    | A     | refused        |
        | | text | b    | B     | declined dont-know |
    """)
    model = model_of(compiled)
    assert "missing" not in node(model, "a")
    assert node(model, "b")["missing"] == ["declined"]
    unknown = only(compiled.warnings, "missing_unknown")
    near = only(compiled.warnings, "missing_unknown_near")
    assert (place(unknown), unknown.params["word"]) == (("survey", 2, "bind::missing"), "refused")
    assert (place(near), near.params["near"]) == (("survey", 3, "bind::missing"), "dont_know")


def test_what_asks_nothing_has_no_reason() -> None:
    compiled = compile_markdown("""
        | survey |
        | | type        | name | label | calculation | bind::missing |
        | | begin group | g    | G     |             | declined      |
        | | text        | q    | Q     |             | declined      |
        | | end group   |      |       |             |               |
        | | note        | n    | N     |             | declined      |
        | | calculate   | c    |       | 1           | declined      |
    """)
    model = model_of(compiled)
    told = [place(found) for found in compiled.warnings if found.code == "missing_not_asked"]
    assert told == [("survey", row, "bind::missing") for row in (2, 5, 6)]
    assert [node(model, name).get("missing") for name in ("g", "n", "c")] == [None, None, None]
    assert node(model, "g", "q")["missing"] == ["declined"]


def test_an_xform_carries_the_same_attribute() -> None:
    model = compile_xform("""
        <h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
          <h:head><model><instance><data id="f"><a/><b/></data></instance>
            <bind nodeset="/data/a" type="int" missing="declined perhaps"/>
            <bind nodeset="/data/b" type="string" missing="declined" readonly="true()"/>
          </model></h:head>
          <h:body><input ref="/data/a"><label>A</label></input><input ref="/data/b"><label>B</label></input></h:body>
        </h:html>
    """).model
    assert node(model, "a")["missing"] == ["declined"]
    assert "missing" not in node(model, "b")


@pytest.mark.parametrize("code", ["missing_unknown", "missing_unknown_near", "missing_not_asked"])
def test_each_finding_has_words_in_both_languages(code: str) -> None:
    finding = Finding(code, {"word": "shy", "near": "declined", "name": "q"})
    assert "{" not in finding.text("en") + finding.text("zh")
    assert finding.text("en") != finding.text("zh")
