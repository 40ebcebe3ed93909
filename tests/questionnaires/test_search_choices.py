"""`search()` appearances: choices that are the rows of a CSV file, with the rows that it finds."""

from typing import Any

import pytest

from collector.questionnaires.compile import Compiled, compile_workbook
from collector.questionnaires.engine import shared_engine
from collector.questionnaires.search_choices import Search, SearchMalformed, is_static, parse_search
from tests.questionnaires.books import model_of, node, only, place
from tests.workbooks import make_workbook

CLINICS = b"id,name,town,dist\n1,Alpha clinic,Xi,d1\n2,Beta,Alphaville,d1\n3,ALPHA south,Xi,d2\n"
NOW = 1_700_000_000_000


def compile_search(appearance: str, kind: str = "select_one") -> Compiled:
    """A form with a question that searches, once beside what it looks for and once in a repeat."""
    book = f"""
        | survey |
        | | type         | name | label  | appearance   |
        | | text         | t    | Text   |              |
        | | text         | d    | Where  |              |
        | | {kind} cl    | c    | Clinic | {appearance} |
        | | begin repeat | r    | Row    |              |
        | | text         | t2   | Text   |              |
        | | {kind} cl    | c2   | Clinic | {appearance.replace("${t}", "${t2}")} |
        | | end repeat   |      |        |              |
        | choices |
        | | list_name | name | label     |
        | | cl        | 99   | Elsewhere |
        | | cl        | id   | name,town |
        | settings |
        | | form_id |
        | | f       |
    """
    return compile_workbook(make_workbook(book), "f.xlsx", {"clinics.csv": CLINICS})


def found(compiled: Compiled, text: str, where: str = "") -> set[str]:
    """The choices that are there when that text is looked for, asked of the server's check; the same in a repeat."""
    names = ("1", "2", "3", "99", "100")
    lists = {file.sha256: file.content.decode() for file in compiled.files if file.content}
    kept: set[str] = set()
    for name in names:
        answers: dict[str, Any] = {"t": text, "d": where, "c": name, "r": [{"t2": text, "c2": name}]}
        flags = (
            shared_engine()
            .check(
                compiled.model_hash,
                compiled.model_json or "",
                answers,
                now_ms=NOW,
                tz="UTC",
                read_list=lists.__getitem__,
            )
            .flags
        )
        assert {flag["code"] for flag in flags} <= {"unknown_choice"}, flags
        at = {flag["path"] for flag in flags if flag["code"] == "unknown_choice"}
        assert at in (set(), {"/data/c", "/data/r[1]/c2"}), flags
        if not at:
            kept.add(name)
    return kept


@pytest.mark.parametrize(
    ("call", "text", "where", "expected"),
    [
        ("search('clinics')", "", "", {"1", "2", "3"}),
        ("search('clinics.csv', 'matches', 'town', ${t})", "Xi", "", {"1", "3"}),
        ("search('clinics', 'matches', 'town', ${t})", "xi", "", set()),
        ("search('clinics', 'contains', 'name', ${t})", "alpha", "", {"1", "3"}),
        ("search('clinics', 'contains', 'name,town', ${t})", "alpha", "", {"1", "2", "3"}),
        ("search('clinics', 'startswith', 'name', ${t})", "ALPHA ", "", {"1", "3"}),
        ("search('clinics', 'endswith', 'name', ${t})", "clinic", "", {"1"}),
        ("search('clinics', 'contains', 'name', ${t}, 'dist', ${d})", "a", "d1", {"1", "2"}),
        ("search('clinics', 'matches', 'dist', 'd2')", "", "", {"3"}),
        ("search(‘clinics’， 'contains', 'name', concat(${t}, ')'))", "a", "", set()),
    ],
)
def test_the_rows_that_a_call_finds_follow_the_ordinary_choices(
    call: str, text: str, where: str, expected: set[str]
) -> None:
    assert found(compile_search(call), text, where) == expected | {"99"}


def test_the_choices_name_the_columns_and_ordinary_ones_come_first() -> None:
    compiled = compile_search("minimal search('clinics', 'matches', 'dist', ${d}) w2")
    model = model_of(compiled)
    question = node(model, "c")
    assert question["appearance"] == "minimal w2"
    assert question["itemset"] == {
        "nodeset": "instance('items-data-c')/root/item | instance('clinics')/root/item[dist = /data/d]",
        "value": "id",
        "label": "name,town",
        "is_itext": False,
    }
    assert model["lists"]["items-data-c"] == {"columns": ["id", "name,town"], "rows": [["99", "Elsewhere"]]}
    kept = compiled.files[0].content
    assert kept is not None and b'["1","Alpha clinic","Xi","d1","Alpha clinic, Xi"]' in kept
    assert not any("cl-" in key for texts in model["texts"].values() for key in texts)


def test_an_equality_comes_first_because_the_engine_has_an_index_for_it() -> None:
    search = parse_search("search('f', 'contains', 'a', ${t}, 'b', 'x')")
    assert search is not None
    assert search.nodeset("f").startswith("instance('f')/root/item[b = 'x'][contains(")


def test_select_multiple_and_a_list_of_the_same_name_work() -> None:
    book = """
        | survey |
        | | type                    | name | label | appearance        |
        | | select_multiple cl      | c    | C     | search('clinics') |
        | | select_one clinics      | o    | O     |                   |
        | choices |
        | | list_name | name | label |
        | | cl        | id   | name  |
        | | clinics   | a    | A     |
    """
    compiled = compile_workbook(make_workbook(book), "f.xlsx", {"clinics.csv": CLINICS})
    model = model_of(compiled)
    assert model["lists"]["clinics.csv"]["file"] == "clinics.csv"
    assert node(model, "c")["itemset"]["nodeset"] == "instance('clinics.csv')/root/item"


@pytest.mark.parametrize("call", ["search('f', 'contains', 'a')", "search(${x})", "search('f', 'like', 'a', 'b')",
                                  "search('f', 'matches', 'a b', 'c')", "search('f'"])  # fmt: skip
def test_a_call_that_cannot_be_understood_is_an_error_with_its_row(call: str) -> None:
    with pytest.raises(SearchMalformed):
        parse_search(call)
    compiled = compile_search(call.replace("${x}", "${t}"))
    assert place(next(f for f in compiled.errors if f.code == "search_malformed")) == ("survey", 4, "appearance")


def test_other_appearances_hold_no_search() -> None:
    assert parse_search("minimal autocomplete") is None
    assert parse_search("search") is None
    assert parse_search("search('f') quick") == Search("f.csv", "quick")
    assert [is_static(name) for name in ("99", "-1", "name", "1a")] == [True, True, False, False]


def test_a_missing_file_is_told_where_it_is_named() -> None:
    book = "| survey |\n| | type | name | label | appearance |\n| | select_one c | q | Q | search('towns') |\n"
    book += "| choices |\n| | list_name | name | label |\n| | c | id | name |"
    finding = only(compile_workbook(make_workbook(book), "f.xlsx").warnings, "file_missing_list")
    assert place(finding) == ("survey", 2, "appearance") and finding.params["file"] == "towns.csv"
