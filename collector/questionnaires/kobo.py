"""What only KoboToolbox's form builder writes, read as the rows of XLSForm that KoboToolbox makes of it itself.

Scores, ranks and matrices of questions become groups with the same names, so that responses collected there fit. Source: KoboToolbox,
“Rating question type”, “Ranking question type”, “Question matrix”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.questionnaires.columns import EXPRESSION_COLUMNS, Column, Table, TableRow
from collector.questionnaires.findings import Finding
from collector.questionnaires.outline import is_yes

#: The builder's own names for rows and choices, for which the author gave none.
ROW_NAME, CHOICE_NAME, LIST_NAME = "$autoname", "$autovalue", "select_from_list_name"
#: What is the builder's alone begins so; nothing of it goes on.
OWN_PREFIXES = ("$", "kobo--", "kobomatrix--")
#: The column that names the list of each construct.
LIST_COLUMNS = {"score": "kobo--score-choices", "rank": "kobo--rank-items", "kobomatrix": "kobo--matrix_list"}
RANK_MESSAGE = "kobo--rank-constraint-message"
_BOUND = re.compile(r"(begin|end)[\s_]*(score|rank|kobomatrix)", re.IGNORECASE)
_SELECT = re.compile(r"(select_one|select_multiple|rank)(_from_file|_external)?", re.IGNORECASE)
_ROWS = {"score": "score__row", "rank": "rank__level"}


def read_kobo(tables: dict[str, Table]) -> list[Finding]:
    """Write out what is the form builder's own. Gives a warning for each construct that was written out.

    A construct without its list, or without its end, stays as it is: it is told as an unknown type later. Mutates: `tables`.
    """
    survey = tables["survey"]
    for row in survey.rows:
        _name_row(row)
    for kind in ("choices", "external_choices"):
        if kind in tables:
            for row in tables[kind].rows:
                if not row.get("name") and row.get(CHOICE_NAME):
                    row.values["name"] = row.get(CHOICE_NAME)
    findings: list[Finding] = []
    survey.rows[:] = list(_expanded(survey, tables.get("choices"), findings))
    for table in tables.values():
        _drop_own(table)
    if findings:
        for key in ("appearance", "relevant", "constraint", "constraint_message", "required"):
            survey.columns.setdefault(key, Column(key, key, "", key))
    return findings


def _name_row(row: TableRow) -> None:
    if not row.get("name") and row.get(ROW_NAME) and not row.get("type").lower().startswith("end"):
        row.values["name"] = row.get(ROW_NAME)
    if row.get(LIST_NAME) and _SELECT.fullmatch(row.get("type").strip()):
        row.values["type"] = f"{row.get('type').strip()} {row.get(LIST_NAME)}"


def _expanded(survey: Table, choices: Table | None, findings: list[Finding]) -> Iterator[TableRow]:
    rows = iter(survey.rows)
    for row in rows:
        kind = _bound(row, "begin")
        list_name = row.get(LIST_COLUMNS[kind]) if kind else ""
        if not list_name:
            yield row
            continue
        inner, is_closed = [], False
        for other in rows:
            if is_closed := _bound(other, "end") == kind:
                break
            inner.append(other)
        if not is_closed:
            yield from (row, *inner)
            return
        findings.append(survey.finding("type_kobo_read", row, "type", type=row.get("type"), name=row.get("name")))
        if kind == "score":
            yield from _score(row, inner, list_name)
        elif kind == "rank":
            yield from _rank(row, inner, list_name)
        else:
            items = [item for item in choices.rows if item.get("list_name") == list_name] if choices else []
            yield from _matrix(survey, row, inner, items)


def _bound(row: TableRow, which: str) -> str:
    """Kind of the construct that a row begins or ends; "" for none."""
    found = _BOUND.fullmatch(" ".join(row.get("type").split()))
    return found[2].lower() if found and found[1].lower() == which else ""


def _made(at: TableRow, **values: str) -> TableRow:
    return TableRow(at.number, {key: value for key, value in values.items() if value}, at.sheet)


def _labels(row: TableRow) -> dict[str, str]:
    return {key: text for key, text in row.values.items() if key.split("::")[0] in ("label", "hint")}


def _group(at: TableRow, name: str, **values: str) -> TableRow:
    return _made(at, type="begin group", name=name, appearance="field-list", relevant=at.get("relevant"), **values)


def _score(begin: TableRow, rows: list[TableRow], list_name: str) -> Iterator[TableRow]:
    """A scale that several questions share: its choices on top, then a line for each."""
    name, type_ = begin.get("name"), f"select_one {list_name}"
    yield _group(begin, name)
    yield _made(begin, type=type_, name=f"{name}_header", appearance="label", **_labels(begin))
    for row in rows:
        if row.get("type") == _ROWS["score"]:
            row.values |= {"type": type_, "appearance": row.get("appearance") or "list-nolabel"}
            if is_yes(begin.get("required")):
                row.values["required"] = "yes"
        yield row
    yield _made(begin, type="end group")


def _rank(begin: TableRow, rows: list[TableRow], list_name: str) -> Iterator[TableRow]:
    """The first, second and third choice of a list, each another one."""
    name, before = begin.get("name"), list[str]()
    yield _group(begin, name)
    yield _made(begin, type="note", name=f"{name}_label", **_labels(begin))
    for row in rows:
        if row.get("type") == _ROWS["rank"]:
            row.values |= {
                "type": f"select_one {list_name}",
                "appearance": row.get("appearance") or "minimal",
                "required": "yes",
            }
            if before:
                row.values["constraint"] = " and ".join(f". != ${{{other}}}" for other in before)
                row.values["constraint_message"] = begin.get(RANK_MESSAGE)
            before.append(row.get("name"))
        yield row
    yield _made(begin, type="end group")


def _matrix(survey: Table, begin: TableRow, rows: list[TableRow], items: list[TableRow]) -> Iterator[TableRow]:
    """The same questions for each item of a list: a group for each item, on one page."""
    name = begin.get("name")
    yield _group(begin, f"{name}_header")
    yield _made(begin, type="note", name=f"{name}_header_note", **_labels(begin))
    yield _made(begin, type="end group")
    for item in items:
        base = f"{name}_{item.get('name')}"
        labels = {key: text for key, text in item.values.items() if key.split("::")[0] == "label"}
        for key in labels:
            _, _, language = key.partition("::")
            survey.columns.setdefault(key, Column(key, "label", language, key))
        yield _group(begin, base, **labels)
        for row in rows:
            yield TableRow(row.number, _of_item(row, base, rows), row.sheet)
        yield _made(begin, type="end group")


def _of_item(row: TableRow, base: str, rows: list[TableRow]) -> dict[str, str]:
    """The cells of a matrix's question for one item: its name and the names that it refers to are the item's own."""
    values = dict(row.values)
    if row.get("name"):
        values["name"] = f"{base}_{row.get('name')}"
    for key in EXPRESSION_COLUMNS:
        for other in rows:
            if key in values and other.get("name"):
                reference = re.compile(rf"\$\{{\s*{re.escape(other.get('name'))}\s*\}}")
                values[key] = reference.sub(f"${{{base}_{other.get('name')}}}", values[key])
    return values


def _drop_own(table: Table) -> None:
    own = {key for key in table.columns if key.startswith(OWN_PREFIXES) or key == LIST_NAME}
    for key in own:
        del table.columns[key]
    for row in table.rows:
        for key in own & row.values.keys():
            del row.values[key]
