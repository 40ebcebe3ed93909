"""Tables that people upload: CSV in whatever way it was saved, or the first sheet of an XLSX workbook -> rows of trimmed texts."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from collector.errors import CollectorError

MAX_ROWS = 100_000
MAX_COLUMNS = 200
#: CSV as it is saved today, and by a Chinese Excel.
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class SheetRow:
    """A row: its number in the file, 1 being the header's, and its cells by header; every header is there."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A table: its headers as written, trimmed and in lower case, and the rows that are not empty."""

    headers: Sequence[str]
    rows: Sequence[SheetRow]


def read_sheet(name: str, content: bytes) -> Sheet:
    """Read an uploaded table; `name` is the file's.

    Raises CollectorError `table_unreadable` for what is neither CSV nor XLSX, `table_empty` without a header and a row, `table_too_large`.
    """
    lines = _read_xlsx(content) if content[:4] == b"PK\x03\x04" else _read_csv(content)
    if len(lines) > MAX_ROWS + 1 or any(len(line) > MAX_COLUMNS for line in lines):
        raise CollectorError("table_too_large", file=name, rows=MAX_ROWS, columns=MAX_COLUMNS)
    numbered = [(number, line) for number, line in enumerate(lines, 1) if any(line)]
    if len(numbered) < 2:
        raise CollectorError("table_empty", file=name)
    headers = [re.sub(r"\s+", " ", cell.lower()) for cell in numbered[0][1]]
    rows = [
        SheetRow(number, {header: line[at] if at < len(line) else "" for at, header in enumerate(headers) if header})
        for number, line in numbered[1:]
    ]
    return Sheet([header for header in headers if header], rows)


def _read_csv(content: bytes) -> list[list[str]]:
    if b"\0" in content:
        raise CollectorError("table_unreadable")
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise CollectorError("table_unreadable")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [
            [cell.strip() for cell in line] for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error:
        raise CollectorError("table_unreadable") from None


def _read_xlsx(content: bytes) -> list[list[str]]:
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True, max_row=MAX_ROWS + 2)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, EOFError):
        raise CollectorError("table_unreadable") from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    # A code that was typed as a number comes as one: 320102003001.0 is 320102003001.
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()
