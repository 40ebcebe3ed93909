"""Tables as rows of texts, one row at a time: CSV in whatever way it was saved, and the sheets of XLSX workbooks."""

import codecs
import csv
import datetime
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from collector.errors import CollectorError
from collector.importing.contents import Part
from collector.questionnaires.workbook import value_text
from collector.settings import MAX_DOCUMENT_BYTES
from collector.spreadsheet import expands_too_far
from collector.zip_directory import has_large_directory

MAX_COLUMNS = 16_384
#: Bytes that are read at a time, and by which the kind of a CSV file is told.
BLOCK_BYTES = 256 * 1024
#: Bytes of a workbook that are kept in memory; a larger one out of an archive lies on the disk while it is read.
SPOOL_BYTES = 8 * 1024 * 1024
DELIMITERS = ",;\t|"
#: CSV as it is saved today, and by a Chinese Excel.
ENCODINGS = ("utf-8-sig", "gb18030")

#: How a file shows that it is damaged while it is read.
DAMAGED = (csv.Error, UnicodeDecodeError, OSError, EOFError, zipfile.BadZipFile, zlib.error)

#: A row's number in its file, the header's being 1, and its cells.
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A table: its name (of the file without its ending, or of the sheet), its headers as written, and its rows, read anew each time.

    `is_text`: whether it was a file of text, in which a spreadsheet program may have been kept from running formulas.
    """

    name: str
    headers: list[str]
    read: Callable[[], Iterator[Row]]
    is_text: bool = True


def csv_table(part: Part) -> Table | None:
    """The table of a CSV file; None for one without a header. Raises CollectorError `import_table_unreadable`."""
    encoding = _encoding(part)
    head = _head(part)
    delimiter = _delimiter(codecs.getincrementaldecoder(encoding)("ignore").decode(head))

    def read() -> Iterator[Row]:
        # What an interview says in one cell may be longer than the parser's own limit.
        csv.field_size_limit(MAX_DOCUMENT_BYTES)
        try:
            with part.open() as file, io.TextIOWrapper(file, encoding, newline="") as text:
                for number, cells in enumerate(csv.reader(text, delimiter=delimiter), 1):
                    if len(cells) > MAX_COLUMNS:
                        raise CollectorError("import_table_unreadable", name=part.name[:100])
                    yield number, cells
        except DAMAGED:
            raise CollectorError("import_table_unreadable", name=part.name[:100]) from None

    return _table(part.stem, read, is_text=True)


def _encoding(part: Part) -> str:
    """The first encoding in which the whole file can be read."""
    head = _head(part)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # “Unicode text” of a spreadsheet program.
        return "utf-16"
    if b"\0" in head:
        raise CollectorError("import_table_unreadable", name=part.name[:100])
    for encoding in ENCODINGS:
        # What is damaged cannot be read in any.
        with suppress(*DAMAGED):
            _decode_all(part, encoding)
            return encoding
    raise CollectorError("import_table_unreadable", name=part.name[:100])


def _head(part: Part) -> bytes:
    try:
        with part.open() as file:
            return file.read(BLOCK_BYTES)
    except DAMAGED:
        raise CollectorError("import_table_unreadable", name=part.name[:100]) from None


def _decode_all(part: Part, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with part.open() as file:
        while block := file.read(BLOCK_BYTES):
            decoder.decode(block)
    decoder.decode(b"", final=True)


def _delimiter(head: str) -> str:
    """The delimiter that divides the header into most columns."""

    def columns(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=columns)


def workbook_tables(part: Part) -> list[Table]:
    """The sheets of a workbook that have a header. Raises CollectorError `import_table_unreadable`."""
    unreadable = CollectorError("import_table_unreadable", name=part.name[:100])
    # The file lives as long as the tables that read it: nobody else holds it.
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115
    try:
        with part.open() as file:
            shutil.copyfileobj(file, copy)
        if has_large_directory(copy):
            raise unreadable
        with zipfile.ZipFile(copy) as archive:
            if expands_too_far(archive.infolist()):
                raise unreadable
        workbook = load_workbook(copy, read_only=True, data_only=True)
        tables = [_table(sheet.title, _sheet_reader(sheet, unreadable), is_text=False) for sheet in workbook.worksheets]
    except CollectorError:
        raise
    except Exception:  # A damaged part shows as KeyError, ParseError, zlib.error and others.
        raise unreadable from None
    return [table for table in tables if table is not None]


def _sheet_reader(sheet: Any, unreadable: CollectorError) -> Callable[[], Iterator[Row]]:
    def read() -> Iterator[Row]:
        try:
            # What a sheet says of its size may be wrong.
            sheet.reset_dimensions()
            for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1):
                yield number, [cell_text(value) for value in values]
        except Exception:
            raise unreadable from None

    return read


def _table(name: str, read: Callable[[], Iterator[Row]], *, is_text: bool) -> Table | None:
    header = next(read(), None)
    if header is None or not any(cell.strip() for cell in header[1]):
        return None

    def rows() -> Iterator[Row]:
        lines = read()
        next(lines, None)
        return ((number, cells) for number, cells in lines if any(cells))

    return Table(name, [cell.strip() for cell in header[1]], rows, is_text)


def cell_text(value: object) -> str:
    """The text of a workbook's cell: 1.0 is "1", moments are ISO 8601; a text is as it was typed (`_x0007_`: ECMA-376, 22.9.2.19)."""
    if isinstance(value, datetime.datetime):
        is_whole = value.microsecond == 0
        return value.isoformat(timespec="seconds" if is_whole else "milliseconds")
    return unescape(value) if isinstance(value, str) and "_x" in value else value_text(value)
