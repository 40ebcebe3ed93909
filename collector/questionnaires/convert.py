"""XLSForm tables -> XForm, through pyxform, with its messages turned into findings and its time limited."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from collector.questionnaires.columns import EXPRESSION_COLUMNS, Table, is_read
from collector.questionnaires.conversion_process import convert as convert_here
from collector.questionnaires.converter_messages import read_message
from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.spelling import carry_quotes, restore_quotes

# Computing, and with all the waiting on a busy machine.
COMPUTING_LIMIT_SECONDS = 60
TIME_LIMIT_SECONDS = 180
# Below this many rows a conversion takes well under a second; starting a process would cost more.
ROWS_CONVERTED_HERE = 300
CHOICES_CONVERTED_HERE = 3000

_PROCESS = Path(__file__).with_name("conversion_process.py")
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet")
_COLUMN = re.compile(r"the '([^']+)' value")
# What pyxform also says, and this package says better and in both languages, or of no use to the author.
_SAID_ELSEWHERE = re.compile(
    r"missing translation|is missing the survey|is missing the choices|valid machine-readable codes"
    r"|max-pixels parameter|has no label|When looking for a sheet|Column headers must not be empty"
    r"|Choices should have a label|case-insensitive match|Row without name|only meant for filtered"
    r"|'disabled' column|is no longer supported on most devices|uses or_other and translations",
    re.IGNORECASE,
)


def convert_tables(
    tables: dict[str, Table], root_name: str, default_language: str, fallback_name: str
) -> tuple[str, list[Finding]]:
    """The XForm's XML and pyxform's remaining warnings.

    Raises: WorkbookRefused with pyxform's error, or `conversion_slow`.
    """
    order: dict[str, Any] = {
        "workbook": _workbook(tables),
        "root_name": root_name,
        "default_language": default_language,
        "fallback_name": fallback_name,
    }
    is_small = len(tables["survey"].rows) <= ROWS_CONVERTED_HERE
    if "choices" in tables:
        is_small = is_small and len(tables["choices"].rows) <= CHOICES_CONVERTED_HERE
    result = convert_here(**order) if is_small else _convert_apart(order)
    if "error" in result:
        raise WorkbookRefused(_finding("conversion_failed", result["error"], tables))
    notes = [note for note in result["warnings"] if not _SAID_ELSEWHERE.search(note)]
    return restore_quotes(result["xform"]), [_finding("conversion_note", note, tables) for note in notes]


def _convert_apart(order: dict[str, Any]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROCESS), str(COMPUTING_LIMIT_SECONDS)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookRefused(Finding("conversion_slow", {"seconds": TIME_LIMIT_SECONDS})) from error
    if done.returncode == -signal.SIGXCPU:
        raise WorkbookRefused(Finding("conversion_slow", {"seconds": COMPUTING_LIMIT_SECONDS}))
    if done.returncode != 0:
        return {"error": "the converter ended unexpectedly (too little memory?)", "is_expected": False}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _workbook(tables: dict[str, Table]) -> dict[str, Any]:
    """The shape that pyxform takes in place of a file: for each sheet a list of rows and a list with one dictionary
    of headers.
    """
    workbook: dict[str, Any] = {}
    for kind in ("survey", "choices", "settings", "entities"):
        table = tables.get(kind)
        if table is None or (kind in ("settings", "entities") and not table.rows):
            continue
        keys = [key for key in table.columns if is_read(kind, key)]
        workbook[kind] = [values for _, values in _rows(kind, table, set(keys))]
        workbook[f"{kind}_header"] = [dict.fromkeys(keys)]
    return workbook


def _rows(kind: str, table: Table, keys: set[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows with their numbers in the sheet. Empty ones keep pyxform's numbers, which some names hold, near them."""
    rows: list[tuple[int, dict[str, str]]] = []
    for row in table.rows:
        if row.sheet == table.name:
            rows.extend((at + 2, {}) for at in range(len(rows), row.number - 2))
        values = {key: _passed_value(kind, key, text) for key, text in row.values.items() if key in keys and text}
        if values or kind != "choices":
            rows.append((row.number, values))
    return rows[:1] if kind == "settings" else rows


def _passed_value(kind: str, key: str, text: str) -> str:
    # Quotes inside a literal of an expression are the author's too, and so are those of a label.
    text = carry_quotes(text)
    if kind == "survey" and key in EXPRESSION_COLUMNS:
        return " ".join(text.split("\n")) if "\n" in text else text
    return text


def _row_number(table: Table | None, counted: int) -> int:
    """The number in the sheet of the row that pyxform counts as that."""
    kind = "choices" if table is not None and "list_name" in table.columns else "survey"
    rows = _rows(kind, table, set(table.columns)) if table is not None else []
    return rows[counted - 2][0] if 0 <= counted - 2 < len(rows) else counted


def _finding(code: str, message: str, tables: dict[str, Table]) -> Finding:
    """pyxform's sentence as a finding, with the place read out of it."""
    message = restore_quotes(message)
    row, sheet, column = _ROW.search(message), _SHEET.search(message), _COLUMN.search(message)
    table = tables.get(sheet.group(1) if sheet else "survey" if row else "")
    name = table.name if table else None
    params: dict[str, object] = {"detail": _ROW.sub("", message).split("\n")[0].strip() or message}
    code, params = read_message(message) or (code, params)
    return Finding(
        code,
        params,
        name,
        _row_number(table, int(row.group(1))) if row else None,
        table.header(column.group(1)) if table and column else None,
    )
