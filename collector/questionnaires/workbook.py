"""Reads an Excel workbook into plain sheets, and refuses what no questionnaire looks like."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import openpyxl
import xlrd  # type: ignore[import-untyped]
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from xlrd.xldate import xldate_as_datetime  # type: ignore[import-untyped]

from collector.questionnaires.findings import Finding, WorkbookRefused
from collector.spreadsheet import MAX_UNPACKED_BYTES, expands_too_far
from collector.zip_directory import has_large_directory

# openpyxl warns about styles and extensions that have no bearing on a form.
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

# The dimension that a file states may be wrong (1 cell, or a million rows), so the cells themselves are read; openpyxl
# would read through every sheet once more where none is stated.
ReadOnlyWorksheet._get_size = lambda _sheet: None

MEGABYTE = 1_000_000
FILE_LIMIT_BYTES = 25 * MEGABYTE
ROW_LIMIT = 60_000
COLUMN_LIMIT = 400
# The formats allow a million rows that only carry a style; a form's last row is never followed by so many empty ones.
EMPTY_ROWS_END = 200

SHEETS_READ = ("survey", "choices", "settings", "external_choices", "entities", "osm")
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Blanks that a spreadsheet program does not show: they come along when text is pasted from a web page or a chat.
INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff\u00ad"
_EDGES = re.compile(f"^[\\s{INVISIBLE}]+|[\\s{INVISIBLE}]+$")
_BLANKS = re.compile(r"[ \u00a0\u2007\u202f\u3000]+")


@dataclass(frozen=True)
class SheetRow:
    """A row's number, as the spreadsheet program shows it, and its texts by column position (0-based), empty ones
    left out.
    """

    number: int
    cells: dict[int, str]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name as written, its headers by column position, and the rows below them that are not empty."""

    name: str
    headers: dict[int, str]
    rows: list[SheetRow]


@dataclass(frozen=True)
class Workbook:
    """The sheets that an XLSForm may have, by lower-case name, and the names of all sheets as written."""

    sheets: dict[str, Sheet]
    names: list[str]


def read_workbook(content: bytes, filename: str) -> Workbook:
    """The sheets of an .xlsx, .xlsm or .xls file; what kind it is is told by its bytes, not by its name.

    Raises: WorkbookRefused.
    """
    if len(content) > FILE_LIMIT_BYTES:
        refuse("file_too_large", size_mb=len(content) // MEGABYTE, limit_mb=FILE_LIMIT_BYTES // MEGABYTE)
    if not content:
        refuse("file_empty")
    if content.startswith(ZIP_MAGIC):
        return _read_xlsx(content, filename)
    if content.startswith(OLE_MAGIC):
        return _read_xls(content)
    refuse("not_a_workbook", name=filename)
    raise AssertionError  # refuse() never returns


def refuse(code: str, **params: object) -> None:
    """Raises WorkbookRefused with that finding."""
    raise WorkbookRefused(Finding(code, params))


def trim(text: str) -> str:
    """`text` without visible or invisible blanks at either end, and with plain spaces for no-break ones."""
    return _EDGES.sub("", text.replace("\u00a0", " "))


def clean_header(text: str) -> str:
    """A header without blanks at its ends or zero-width characters, with runs of blanks made one space (A45)."""
    for character in INVISIBLE:
        text = text.replace(character, "")
    return trim(_BLANKS.sub(" ", text.replace("\n", " ")))


def column_letters(at: int) -> str:
    """The letters that the spreadsheet program shows above the column at that position (0 is A)."""
    letters = ""
    number = at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_text(value: object) -> str:
    """The text of a cell: a date without a time of day is ISO 8601; all else as `value_text` has it, without blanks around."""
    if isinstance(value, datetime.datetime):
        is_date = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if is_date else value.isoformat(timespec="milliseconds")
    return trim(value_text(value))


def value_text(value: object) -> str:
    """A cell's value as text: 1.0 is "1" (A48), days and times are ISO 8601, booleans are TRUE and FALSE, nothing is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _read_xlsx(content: bytes, filename: str) -> Workbook:
    _guard_archive(content, filename)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            names = list(book.sheetnames)
            wanted = _wanted(names)
            return Workbook({key: _sheet(name, _xlsx_rows(book[name])) for key, name in wanted.items()}, names)
        finally:
            book.close()
    except WorkbookRefused:
        raise
    except (
        Exception
    ) as error:  # openpyxl has no error of its own for a damaged part: KeyError, ValueError and others leak out.
        raise WorkbookRefused(Finding("workbook_damaged")) from error


def _guard_archive(content: bytes, filename: str) -> None:
    """Refuses archives that are no workbook, expand too far, or declare entities, before any XML parser sees them."""
    if has_large_directory(io.BytesIO(content)):
        refuse("not_a_workbook", name=filename)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:
        # A damaged directory shows as BadZipFile, struct.error, UnicodeDecodeError and others.
        raise WorkbookRefused(Finding("workbook_damaged")) from error
    with archive:
        parts = archive.infolist()
        if expands_too_far(parts):
            unpacked = sum(part.file_size for part in parts)
            refuse("workbook_expands", size_mb=unpacked // MEGABYTE, limit_mb=MAX_UNPACKED_BYTES // MEGABYTE)
        if "[Content_Types].xml" not in archive.namelist():
            refuse("not_a_workbook", name=filename)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and _has_doctype(archive, part):
                refuse("workbook_unsafe")


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    try:
        with archive.open(part) as stream:
            # A document type declaration can stand only before the root element (XML 1.0, 2.8).
            head = stream.read(8192).upper().replace(b"\0", b"")
    except Exception as error:
        # Damaged data shows as BadZipFile, zlib.error, EOFError, RuntimeError (a password) and others.
        raise WorkbookRefused(Finding("workbook_damaged")) from error
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _xlsx_rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[object, ...]]:
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=COLUMN_LIMIT, values_only=True)


def _read_xls(content: bytes) -> Workbook:
    try:
        with xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO()) as book:
            names = book.sheet_names()
            wanted = _wanted(names)
            return Workbook(
                {key: _sheet(name, _xls_rows(book.sheet_by_name(name), book.datemode)) for key, name in wanted.items()},
                names,
            )
    except WorkbookRefused:
        raise
    except Exception as error:  # xlrd lets struct.error, AssertionError and others out on damaged files.
        # An .xlsx with a password is an OLE file without a workbook stream.
        code = "workbook_encrypted" if b"E\0n\0c\0r\0y\0p\0t" in content[:200_000] else "workbook_damaged"
        raise WorkbookRefused(Finding(code)) from error


def _xls_rows(sheet: xlrd.sheet.Sheet, datemode: int) -> Iterator[tuple[object, ...]]:
    for number in range(sheet.nrows):
        yield tuple(_xls_value(cell, datemode) for cell in sheet.row(number)[:COLUMN_LIMIT])


def _xls_value(cell: xlrd.sheet.Cell, datemode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return None
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xldate_as_datetime(cell.value, datemode)
        except (ValueError, xlrd.xldate.XLDateError):
            return cell.value
        return moment.time() if cell.value < 1 else moment
    return cell.value


def _wanted(names: list[str]) -> dict[str, str]:
    """The XLSForm sheets by lower-case name; a workbook's only sheet is the survey, whatever it is called."""
    found: dict[str, str] = {}
    for name in names:
        key = clean_header(name).lower()
        if key in SHEETS_READ:
            found.setdefault(key, name)
    if not found and len(names) == 1:
        found["survey"] = names[0]
    return found


def _sheet(name: str, rows: Iterable[tuple[object, ...]]) -> Sheet:
    headers: dict[int, str] = {}
    kept: list[SheetRow] = []
    last_number = 1
    for number, values in enumerate(rows, start=1):
        if number == 1:
            headers = {at: header for at, value in enumerate(values) if (header := clean_header(cell_text(value)))}
            continue
        cells = {
            at: text
            for at, value in enumerate(values)
            if value is not None and at in headers and (text := cell_text(value))
        }
        if cells:
            kept.append(SheetRow(number, cells))
            last_number = number
        elif number - last_number > EMPTY_ROWS_END:
            break
        if len(kept) > ROW_LIMIT:
            raise WorkbookRefused(Finding("too_many_rows", {"limit": ROW_LIMIT}, sheet=name))
    return Sheet(name, headers, kept)
