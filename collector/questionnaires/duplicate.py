"""A workbook under another form id and title. Pure."""

import io
from collections.abc import Mapping

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from collector.questionnaires.columns import Languages, read_table
from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.workbook import ZIP_MAGIC, read_workbook

SHEET = "settings"
ID, TITLE, TITLE_IN = "form_id", "form_title", "attribute::title_"


def is_xlsx(content: bytes | None) -> bool:
    """Whether this is a workbook that can be written anew. The older .xls can only be read."""
    return content is not None and content.startswith(ZIP_MAGIC)


def rename_form(content: bytes, form_id: str, title: str, titles: Mapping[str, str]) -> bytes:
    """The workbook with that id and title in its settings sheet; `titles`: those in other languages, by code.

    Formulas become the values that they had. Raises WorkbookRefused for what is no .xlsx.
    """
    # Within the limits of an upload: what lies in the database may have come by another way.
    read = read_workbook(content, "").sheets.get(SHEET)
    if not is_xlsx(content):
        raise WorkbookRefused(Finding("not_a_workbook", {"name": ".xls"}))
    workbook = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sheet = workbook[read.name] if read else workbook.create_sheet(SHEET)
    keys = (
        {column.header: key for key, column in read_table(SHEET, read, Languages())[0].columns.items()} if read else {}
    )
    places = {keys[header]: at + 1 for at, header in read.headers.items() if header in keys} if read else {}
    wanted = {ID: form_id, TITLE: title, **{TITLE_IN + code: words for code, words in titles.items()}}
    header_row = _first_row(sheet)
    row = read.rows[0].number if read and read.rows else header_row + 1
    for key, words in wanted.items():
        if key not in places:
            places[key] = max(places.values(), default=0) + 1
            sheet.cell(header_row, places[key], key)
        sheet.cell(row, places[key], words)
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


def _first_row(sheet: Worksheet) -> int:
    """Number of the first row that is not empty, the headers' one."""
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    return next((number for number, row in rows if any(cell is not None for cell in row)), 1)
