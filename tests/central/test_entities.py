"""Rows of OData and of CSV out of answers of every kind, also such as no form of ours would make."""

import json
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from collector.central.csv_tables import Layout, csv_tables
from collector.central.entities import Shape, rows_of
from collector.central.schema import schema_of
from collector.export.sheets.tables import tables_of
from collector.questionnaires.compile import compile_workbook
from tests.central.test_odata import NESTED
from tests.workbooks import make_workbook

TABLES = tables_of([json.loads(compile_workbook(make_workbook(NESTED), "form.xlsx", {}).model_json)])
SCHEMA = schema_of(TABLES)
MEMBERS, VISITS = ("hh/members",), ("hh/members", "visits")
SYSTEM = {
    "submissionDate": "2026-03-01T00:00:00.000000Z", "updatedAt": None, "deletedAt": None, "submitterId": "1", "submitterName": "Wei",
    "attachmentsPresent": 0, "attachmentsExpected": 0, "status": None, "reviewState": None, "deviceId": None, "edits": 0, "formVersion": "1",
}  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8"))
VISIT = st.fixed_dictionaries({}, optional={"day": st.sampled_from(["2026-03-01", "2026-03-02", "never"])})
MEMBER = st.fixed_dictionaries({}, optional={"name": TEXTS, "visits": st.lists(VISIT, max_size=4)})
HOME = st.fixed_dictionaries({}, optional={"size": TEXTS, "rent": TEXTS, "members": st.lists(MEMBER, max_size=4)})
FILLED = st.fixed_dictionaries({}, optional={"place": TEXTS, "hh": HOME, "spot": TEXTS, "at": TEXTS, "food": TEXTS})
#: Whatever JSON can hold, under the names that the form has.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["hh", "members", "visits", "name", "day", "place"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def contents(path: tuple[str, ...], answers: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """The rows of a table, through JSON and back."""
    shape = Shape(SCHEMA, SCHEMA.tables[path], **options)
    return [orjson.loads(orjson.dumps(row.content)) for row in rows_of(shape, "uuid:x", answers, SYSTEM)]


def tables_in(answers: dict[str, Any], layout: Layout) -> list[list[list[str]]]:
    """The rows of each CSV; each as long as its header."""
    found = []
    for table in csv_tables("nested", TABLES, layout):
        rows = list(table.rows("uuid:x", answers, SYSTEM))
        assert all(len(row) == len(table.header) and all(isinstance(cell, str) for cell in row) for row in rows)
        found.append(rows)
    return found


@given(FILLED)
def test_A63_every_row_of_a_repeat_is_there_once_and_joins(answers: dict[str, Any]) -> None:
    members = answers.get("hh", {}).get("members", [])
    rows = contents(MEMBERS, answers)
    assert [row["name"] for row in rows] == [one.get("name") or None for one in members]
    keys = [row["__id"] for row in rows]
    assert len(set(keys)) == len(keys) and {row["__Submissions-id"] for row in rows} <= {"uuid:x"}
    visits = contents(VISITS, answers)
    parents = [key for key, one in zip(keys, members, strict=True) for _ in one.get("visits", [])]
    assert [row["__Submissions-hh-members-id"] for row in visits] == parents
    assert len({row["__id"] for row in visits}) == len(visits)
    [whole] = contents((), answers, is_expanded=True)
    inside = [visit["__id"] for one in whole["hh"]["members"] for visit in one["visits"]]
    assert [one["__id"] for one in whole["hh"]["members"]] == keys and inside == [row["__id"] for row in visits]


@given(FILLED, st.booleans(), st.booleans())
def test_A63_so_does_the_csv(answers: dict[str, Any], has_groups: bool, is_split: bool) -> None:
    members = answers.get("hh", {}).get("members", [])
    [main], rows, visits = tables_in(answers, Layout(has_groups, is_split))
    assert [row[0] for row in rows] == [one.get("name", "") for one in members]
    assert {row[-2] for row in rows} <= {main[main.index("uuid:x")]}
    parents = [row[-1] for row, one in zip(rows, members, strict=True) for _ in one.get("visits", [])]
    assert [row[-2] for row in visits] == parents


@given(st.dictionaries(st.sampled_from(["hh", "members", "place", "spot", "food"]), ANYTHING))
def test_whatever_a_document_holds_gives_rows(answers: dict[str, Any]) -> None:
    for path in SCHEMA.tables:
        for is_expanded in (False, True):
            contents(path, answers, is_expanded=is_expanded)
    tables_in(answers, Layout(is_split=True))
