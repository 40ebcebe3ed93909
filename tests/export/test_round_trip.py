"""Forms and answers of any kind -> CSV -> read back by Python's csv: everything that was put in is there, once, and joins."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.accounts.scope import WHOLE
from collector.export.options import Options
from collector.export.sheets.columns import Drawing
from collector.export.sheets.known import known_of
from collector.export.sheets.own_columns import OWN_COLUMNS
from collector.export.sheets.plan import Plan
from collector.export.sheets.selection import Selection
from collector.export.sheets.versions import AskedVersion, merged_tables
from collector.export.sheets.walk import Walked
from collector.export.sheets.wide import Widths, widen
from collector.export.writers.csv_format import CsvWriter
from tests.export.reading import Rows, csv_rows

NAMES = ("a", "b", "c", "name", "state", "index", "key", "a_missing")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
CHOICES = ("x", "y", "z")
LISTS = {"l": {"columns": ["name", "label"], "rows": [[value, value.upper()] for value in CHOICES]}}
ITEMSET = {"nodeset": "instance('l')/root/item", "value": "name", "label": "label"}
Node = dict[str, Any]


def question(name: str, control: str) -> Node:
    node: Node = {"name": name, "kind": "question", "type": "string", "control": control}
    return node | ({"itemset": ITEMSET} if control == "select" else {"missing": ["declined"]})


def nodes(depth: int) -> st.SearchStrategy[list[Node]]:
    asked = st.builds(question, st.sampled_from(NAMES), st.sampled_from(["input", "select"]))
    held = asked
    if depth:
        named = {"name": st.sampled_from(NAMES), "kind": st.sampled_from(["group", "repeat"])}
        held = st.one_of(asked, st.fixed_dictionaries(named | {"children": nodes(depth - 1)}))
    return st.lists(held, min_size=1, max_size=4, unique_by=lambda node: node["name"])


@st.composite
def forms_and_answers(draw: st.DrawFn) -> tuple[list[Node], list[dict[str, Any]]]:
    """A form, and some responses to it."""
    form = draw(nodes(3))

    def answered(children: list[Node]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for node in children:
            if node["kind"] == "group":
                found[node["name"]] = answered(node["children"])
            elif node["kind"] == "repeat":
                found[node["name"]] = [answered(node["children"]) for _ in range(draw(st.integers(0, 2)))]
            elif draw(st.booleans()):
                chosen = st.lists(st.sampled_from(CHOICES), min_size=1, unique=True).map(" ".join)
                found[node["name"]] = draw(chosen if node["control"] == "select" else TEXT)
            elif "missing" in node and draw(st.booleans()):
                found[node["name"] + "@missing"] = "declined"
        return found

    return form, [answered(form) for _ in range(draw(st.integers(0, 3)))]


def make_plan(form: list[Node], **options: Any) -> Plan:
    languages = {"languages": [{"name": "default", "code": ""}], "default_language": "default"}
    model = {"form": languages, "root": {"name": "data", "children": form}, "texts": {}, "lists": LISTS}
    version = AskedVersion(1, 1, "1", "H", {}, model)
    tables = merged_tables([version])
    drawing = Drawing(Options(**options), "default", "default", "UTC")
    selection = Selection(WHOLE)
    return Plan(
        1, "h", drawing.options, selection, drawing, [version], tables, ("default",), known_of(tables), frozenset()
    )


def response(number: int, answers: dict[str, Any]) -> Walked:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    own = (f"r{number}", *("" for _ in OWN_COLUMNS[1:]))
    return Walked(f"r{number}", 1, None, None, None, at, at, own, answers, None, [], 0)


def exported(plan: Plan, responses: list[Walked]) -> dict[str, Rows]:
    """The rows of each table by the variables' keys, read back."""
    widths: Widths = {}
    for one in responses:
        widen(widths, plan.tables, one.answers)
    found = {}
    for layout in plan.layouts(widths):
        writer = CsvWriter(len(layout.variables), is_safe=False)
        writer.add([variable.name for variable in layout.variables])
        for one in responses:
            for row in layout.written(one, ""):
                writer.add(row)
        keys = {variable.name: variable.key for variable in layout.variables}
        rows = csv_rows(writer.take())
        found[layout.name] = [{keys[name]: cell for name, cell in row.items()} for row in rows]
    return found


def leaves(answers: dict[str, Any], key: str, above: str = "") -> Iterator[tuple[str, str, str]]:
    """Key of the row, path in it, and text of each answer."""
    for name, value in answers.items():
        path = f"{above}{name}"
        if isinstance(value, dict):
            yield from leaves(value, key, f"{path}/")
        elif isinstance(value, list):
            for index, row in enumerate(value, start=1):
                yield from leaves(row, f"{key}/{path}[{index}]")
        else:
            yield key, path, value


def count_rows(answers: Any) -> int:
    """Responses, and rows of repeats in them, however deep."""
    if isinstance(answers, dict):
        return sum(count_rows(value) for value in answers.values())
    return sum(1 + count_rows(row) for row in answers) if isinstance(answers, list) else 0


def cell_at(row: dict[str, str], path: str) -> str | None:
    """The cell of an answer; columns of ours, and questions that are called as a reason's column would be, keep their keys."""
    own = ("key", "index") if "parent_key" in row else ("state",)
    if path in own:
        return row[f"{path}_2"]
    return row[path] if path in row else row.get(path.replace("@missing", "_missing"))


@settings(max_examples=150, deadline=None)
@given(forms_and_answers())
def test_everything_that_was_answered_is_there_once_and_joins__A63(made: Any) -> None:
    form, all_answers = made
    responses = [response(number, answers) for number, answers in enumerate(all_answers)]
    tables = exported(make_plan(form), responses)
    rows = {(row.get("key") if name else row["response_id"]): row for name, found in tables.items() for row in found}
    assert sum(map(len, tables.values())) == count_rows(all_answers)
    for one in responses:
        for key, path, text in leaves(one.answers, one.response_id):
            row = rows[key]
            assert cell_at(row, path) == text
    assert all(row["other_answers"] == "" for row in tables[""])
    for name, found in tables.items():
        for row in found if name else []:
            assert row["parent_key"] in rows


@settings(max_examples=80, deadline=None)
@given(forms_and_answers())
def test_wide_holds_as_many_answers_as_were_given(made: Any) -> None:
    form, all_answers = made
    responses = [response(number, answers) for number, answers in enumerate(all_answers)]
    [rows] = exported(make_plan(form, repeats="wide"), responses).values()
    assert len(rows) == len(responses)
    for one, row in zip(responses, rows, strict=True):
        given_texts = sorted(text for _, _, text in leaves(one.answers, ""))
        assert sorted(cell for key, cell in row.items() if cell and key != "response_id") == given_texts


@settings(max_examples=80, deadline=None)
@given(forms_and_answers())
def test_split_choices_say_what_one_column_says__A60_A61(made: Any) -> None:
    form, all_answers = made
    responses = [response(number, answers) for number, answers in enumerate(all_answers)]
    plan = make_plan(form, multiple="both")
    tables = exported(plan, responses)
    for table in plan.tables:
        for column in table.columns:
            if column.control != "select":
                continue
            for row in tables[table.name]:
                name = column.name if f"{column.name}_2" not in row else f"{column.name}_2"
                ticked = [row.get(f"{column.name}/{value}") for value in CHOICES]
                expected = ["1" if value in row[name].split() else "0" for value in CHOICES]
                assert ticked == (expected if row[name] else [""] * 3)
