"""Workbooks from rows of cell values, where a cell's kind or a blank at its end matters; short ways to compile."""

import io
import json
from typing import Any

from openpyxl import Workbook

from collector.questionnaires.compile import Compiled, compile_workbook
from collector.questionnaires.findings import Finding
from tests.workbooks import make_workbook


def make_book(**sheets: list[list[Any]]) -> bytes:
    """The bytes of an .xlsx whose sheets hold these rows, the first one the headers."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def compile_markdown(markdown: str) -> Compiled:
    """The result for a workbook written as markdown tables."""
    return compile_workbook(make_workbook(markdown), "form.xlsx")


def compile_clean(markdown: str) -> dict[str, Any]:
    """The form model of a workbook that has no error."""
    return model_of(compile_markdown(markdown))


def model_of(compiled: Compiled) -> dict[str, Any]:
    """The form model; fails with the errors where there is none."""
    assert compiled.errors == [], [finding.message for finding in compiled.errors]
    assert compiled.model_json is not None
    model: dict[str, Any] = json.loads(compiled.model_json)
    return model


def node(model: dict[str, Any], *names: str) -> dict[str, Any]:
    """The model's node at that path below the root."""
    found = model["root"]
    for name in names:
        found = next(child for child in found["children"] if child["name"] == name)
    return found


def only(findings: list[Finding], code: str) -> Finding:
    """The one finding of that code."""
    of_code = [finding for finding in findings if finding.code == code]
    assert len(of_code) == 1, [finding.message for finding in findings]
    return of_code[0]


def place(finding: Finding) -> tuple[str | None, int | None, str | None]:
    """Sheet, row and column."""
    return finding.sheet, finding.row, finding.column
