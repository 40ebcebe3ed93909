"""Checks that every `${name}` of a workbook names a question, and says where it does not (A43)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.questionnaires.columns import EXPRESSION_COLUMNS, Table, TableRow, is_read
from collector.questionnaires.findings import Finding
from collector.questionnaires.outline import Outline
from collector.questionnaires.spelling import nearest, straighten

_REFERENCE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_LAST_SAVED = "last-saved#"
SETTINGS_EXPRESSIONS = ("instance_name",)
ENTITY_EXPRESSIONS = ("create_if", "update_if", "entity_id", "label")
_SHOWN_LENGTH = 120


def straighten_expressions(tables: dict[str, Table]) -> list[Finding]:
    """Straightens quotes and signs in every expression, tidies `${ name }` everywhere, and warns where quotes were
    changed (A46).

    Mutates: the tables' rows.
    """
    found = []
    for kind, table in tables.items():
        for row in table.rows:
            for key, text in row.values.items():
                if is_expression(kind, key, text):
                    straight = straighten(text)
                    if straight != text:
                        found.append(table.finding("quotes_straightened", row, key, value=shorten(text)))
                        row.values[key] = text = straight
                if "${" in text:
                    row.values[key] = _REFERENCE.sub(lambda match: f"${{{match.group(1)}}}", text)
    return found


def is_expression(kind: str, key: str, text: str) -> bool:
    """Whether the column `key` of a sheet of that kind holds an expression."""
    if kind == "survey":
        # A default is a plain value unless it computes something.
        return (
            key in EXPRESSION_COLUMNS
            or (key == "default" and ("${" in text or text.rstrip().endswith((")", "\uff09"))))
            or (key == "appearance" and "search" in text)
        )
    return (kind == "settings" and key in SETTINGS_EXPRESSIONS) or (kind == "entities" and key in ENTITY_EXPRESSIONS)


def check_references(tables: dict[str, Table], outline: Outline) -> list[Finding]:
    """An error for each reference that names no question, or more than one."""
    rows_by_name = outline.rows_by_name()
    # The response's own id, which pyxform adds.
    known = {*rows_by_name, "instanceID"}
    return [
        finding
        for kind, table in tables.items()
        for row in table.rows
        for key, text in row.values.items()
        if "${" in text and is_read(kind, key)
        for finding in _check_cell(table, row, key, text, known, rows_by_name)
    ]


def _check_cell(
    table: Table, row: TableRow, key: str, text: str, known: set[str], rows_by_name: dict[str, list[int]]
) -> Iterator[Finding]:
    value = shorten(text)
    if text.count("${") > len(_REFERENCE.findall(text)):
        yield table.finding("reference_malformed", row, key, value=value)
    for written in dict.fromkeys(_REFERENCE.findall(text)):
        name = written.removeprefix(_LAST_SAVED).strip()
        if not name:
            yield table.finding("reference_malformed", row, key, value=value)
        elif name not in known:
            near = nearest(name, known)
            code = "reference_unknown_near" if near else "reference_unknown"
            yield table.finding(code, row, key, value=value, name=name, near=near)
        elif len(rows_by_name.get(name, ())) > 1:
            rows = ", ".join(map(str, rows_by_name[name]))
            yield table.finding("reference_ambiguous", row, key, value=value, name=name, rows=rows)


def shorten(text: str) -> str:
    """`text`, cut where it would fill the screen."""
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "…"
