"""One response -> the rows of a table. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from collector.export.tables import Table

#: Columns in front of a repeat's questions: they join a row to its parent (A63).
KEY_COLUMNS = ("response_id", "parent_key", "key", "index")
#: Last column of the main table: answers that no version of the questionnaire has, as JSON, so that none is left out.
OTHER_ANSWERS = "other_answers"


def rows_of(
    table: Table, response_id: str, answers: dict[str, Any], *, is_text_only: bool = False
) -> Iterator[list[str]]:
    """The rows of `table` for one response. Of a repeat: the key columns, then the answers in the table's order.

    `is_text_only`: what is no text where one is due is left out, since a group may hold what is not to go out.
    """

    def cells(found: dict[str, Any]) -> list[str]:
        return [cell(found, path, is_text_only=is_text_only) for _, path in table.cells]

    if not table.path:
        yield cells(answers)
        return
    for parent_key, key, index, row in _repeat_rows(table.path, response_id, response_id, answers):
        yield [response_id, parent_key, key, str(index), *cells(row)]


def _repeat_rows(
    path: tuple[str, ...], response_id: str, parent_key: str, answers: dict[str, Any]
) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    rows = _follow(answers, path[0].split("/"))
    for index, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        if not isinstance(row, dict):
            continue
        key = f"{parent_key}/{path[0]}[{index}]"
        if len(path) == 1:
            yield parent_key, key, index, row
        else:
            yield from _repeat_rows(path[1:], response_id, key, row)


def _follow(answers: Any, path: list[str] | tuple[str, ...]) -> Any:
    for name in path:
        answers = answers.get(name) if isinstance(answers, dict) else None
    return answers


def cell(answers: dict[str, Any], path: tuple[str, ...], *, is_text_only: bool = False) -> str:
    """The answer at `path` as text; "" where there is none. What is no text where one is due is kept as JSON, or left out."""
    value = _follow(answers, path)
    if isinstance(value, str):
        return value
    return "" if value is None or is_text_only else as_json(value)


def other_answers(tables: list[Table], answers: dict[str, Any]) -> str:
    """The main table's last cell: what is answered and stands in no column of any of `tables`; "" where there is nothing."""
    columns = {table.path: {path for _, path in table.cells} for table in tables}
    left = _leave_known(columns, (), (), answers)
    return as_json(left) if left else ""


def _leave_known(
    columns: dict[tuple[str, ...], set[tuple[str, ...]]],
    table: tuple[str, ...],
    prefix: tuple[str, ...],
    answers: dict[str, Any],
) -> dict[str, Any]:
    left: dict[str, Any] = {}
    for name, value in answers.items():
        path = (*prefix, name)
        repeat = (*table, "/".join(path))
        if path in columns[table]:
            continue
        if isinstance(value, dict):
            rest: Any = _leave_known(columns, table, path, value)
        elif isinstance(value, list) and repeat in columns and all(isinstance(row, dict) for row in value):
            rest = [_leave_known(columns, repeat, (), row) for row in value]
            rest = rest if any(rest) else []
        else:
            rest = value
        if rest not in ({}, [], ""):
            left[name] = rest
    return left


def as_json(value: Any) -> str:
    """`value` as JSON in one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
