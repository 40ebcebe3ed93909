"""Tables that people upload: CSV in whatever way it was saved, or the first sheet of an XLSX workbook -> rows of trimmed texts."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import load_workbook

from collector.errors import CollectorError
from collector.zip_directory import has_large_directory

MAX_ROWS = 100_000
MAX_COLUMNS = 200
#: Bytes of a workbook's parts together.
MAX_UNPACKED_BYTES = 200_000_000
#: How far a part may shrink when it is packed; a small one may well do more (a sheet of empty cells), only larger ones are suspicious.
MAX_PACKING = 200
PACKING_FREE_BYTES = 5_000_000
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
        raise _too_large()
    numbered = [(number, line) for number, line in enumerate(lines, 1) if any(line)]
    if len(numbered) < 2:
        raise CollectorError("table_empty", file=name)
    headers = [re.sub(r"\s+", " ", cell.lower()) for cell in numbered[0][1]]
    rows = [
        SheetRow(number, {header: line[at] if at < len(line) else "" for at, header in enumerate(headers) if header})
        for number, line in numbered[1:]
    ]
    return Sheet([header for header in headers if header], rows)


def expands_too_far(parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Tell whether the parts of a workbook unpack to more than anybody's table has. No part gives more bytes than it declares."""
    return sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES or any(
        part.file_size > PACKING_FREE_BYTES and part.file_size > MAX_PACKING * max(part.compress_size, 1)
        for part in parts
    )


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
    lines = []
    try:
        if has_large_directory(io.BytesIO(content)):
            raise _too_large()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if expands_too_far(archive.infolist()):
                raise _too_large()
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for row in workbook.worksheets[0].iter_rows(values_only=True, max_row=MAX_ROWS + 2):
            # One cell far to the right makes a row of thousands: a few bytes of the file each, but not in memory.
            if len(row) > MAX_COLUMNS:
                raise _too_large()
            lines.append([_text(cell) for cell in row])
    except CollectorError:
        raise
    except Exception:  # A damaged part shows as KeyError, ParseError, zlib.error and others.
        raise CollectorError("table_unreadable") from None
    return lines


def _too_large() -> CollectorError:
    return CollectorError("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    # A code that was typed as a number comes as one: 320102003001.0 is 320102003001.
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()
