"""A workbook under another form id and title. Pure."""

import io
from collections.abc import Mapping

import openpyxl

from collector.questionnaires.columns import Languages, read_table
from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.questionnaires.workbook import ZIP_MAGIC, Sheet, read_workbook

SHEET = "settings"
#: Where the reader of workbooks looks for headers.
HEADER_ROW = 1
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
    places = _columns(read) if read else {}
    row = read.rows[0].number if read and read.rows else HEADER_ROW + 1
    free = max(read.headers, default=-1) + 2 if read else 1
    for key, words in {ID: form_id, TITLE: title, **{TITLE_IN + code: text for code, text in titles.items()}}.items():
        if key not in places:
            places[key], free = free, free + 1
            sheet.cell(HEADER_ROW, places[key], key)
        sheet.cell(row, places[key], words)
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


def _columns(read: Sheet) -> dict[str, int]:
    """Number of each column of the settings sheet, 1 being the first, by the key that its header means."""
    keys = {column.header: key for key, column in read_table(SHEET, read, Languages())[0].columns.items()}
    return {keys[header]: at + 1 for at, header in read.headers.items() if header in keys}
