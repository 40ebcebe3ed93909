"""Workbooks written as markdown tables: a line with one cell names the sheet, the first line after it holds the headers."""

import io

from openpyxl import Workbook


def read_sheets(markdown: str) -> dict[str, list[list[str]]]:
    """The sheets of a markdown workbook, by name, as rows of cells."""
    sheets: dict[str, list[list[str]]] = {}
    for line in markdown.strip().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0]:
            sheets[cells[0]] = []
        else:
            sheets[next(reversed(sheets))].append(cells[1:])
    return sheets


def make_workbook(markdown: str) -> bytes:
    """The bytes of an .xlsx with these sheets. Every cell is text; an empty one stays empty."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in read_sheets(markdown).items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
