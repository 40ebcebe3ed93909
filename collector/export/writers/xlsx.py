"""A workbook with a worksheet for each table, written row by row: memory does not grow with the number of rows.

Excel's limits never cut anything in silence: tables with more rows go on in a further sheet, texts that are too long in the
sheet of long texts, and tables with too many columns are refused (A64).
"""

import marshal
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from collector.errors import CollectorError
from collector.export.options import OFFSET
from collector.export.sheets.sheet import Cell, Dataset, Progress, Sheet, Variable
from collector.export.writers import xlsx_parts
from collector.export.writers.xlsx_cells import GOES_ON, cut_text
from collector.export.writers.xlsx_names import SheetNames
from collector.export.writers.xlsx_parts import Part
from collector.export.writers.xlsx_rows import LongText, Rows
from collector.export.writers.zip_files import new_zip, packed

#: Rows, the header among them, and columns of a worksheet (Excel, "Specifications and limits").
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
#: Bytes of a worksheet before it goes on in a further one: beyond 2 GB a part needs ZIP64, which not every program reads.
MAX_SHEET_BYTES = 1 << 30
#: Rows that are packed at a time, and the most cells in them.
ROWS_A_PIECE, CELLS_A_PIECE = 100, 100_000
LONG_TEXTS = "long texts"
#: Characters of a piece of a long text.
PIECE_CHARACTERS = 32_000
#: Columns of the sheet of long texts: where each belongs, and its pieces one below the other.
LONG_COLUMNS = ("sheet", "cell", "key", "column", "part", "text")

#: Rows that are written together; none: the table is at its end.
Piece = list[list[Cell]]


def write_xlsx(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write the workbook of `dataset` to `path`.

    Raises CollectorError `export_too_wide` (table, columns, limit).
    """
    with Workbook(path, dataset.title, dataset.times, dataset.not_asked) as workbook:
        for sheet in dataset.sheets:
            workbook.add_sheet(sheet, sheet.name or dataset.form_id, on_rows)


class Workbook:
    """A workbook that is being written. Leaving it as a context manager completes the file."""

    def __init__(self, path: Path, title: str, times: str = OFFSET, not_asked: str = ""):
        self._path, self._title, self._times, self._not_asked = path, title, times, not_asked
        self._names = SheetNames()
        self._long_name = self._names.add(LONG_TEXTS)
        self._parts: list[Part] = []

    def __enter__(self) -> "Workbook":
        # Long texts wait here, not in memory, until all tables are written.
        self._long: IO[bytes] = tempfile.TemporaryFile(dir=self._path.parent)
        self._long_count = 0
        self._zip: ZipFile = new_zip(self._path)
        self._add("_rels/.rels", xlsx_parts.PACKAGE_RELATIONS)
        self._add("docProps/core.xml", xlsx_parts.core_properties(self._title))
        self._add("xl/styles.xml", xlsx_parts.STYLES)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        with self._long, self._zip:
            if kind is None:
                self._finish()

    def add_sheet(self, sheet: Sheet, name: str, on_rows: Progress) -> None:
        """Write a table, under `name` as far as a worksheet can be called so; its further parts as `name (2)` and so on."""
        if len(sheet.variables) > MAX_COLUMNS:
            raise CollectorError("export_too_wide", table=name, columns=len(sheet.variables), limit=MAX_COLUMNS)
        rows = Rows(sheet, self._times, GOES_ON.format(sheet=self._long_name))
        pieces = _pieces(self._filled(sheet.rows()), len(sheet.variables))
        piece = self._write_part(rows, next(pieces), pieces, self._names.add(name), on_rows)
        while piece:
            piece = self._write_part(rows, piece, pieces, self._names.add(name), on_rows)

    def _write_part(self, rows: Rows, piece: Piece, pieces: Iterator[Piece], name: str, on_rows: Progress) -> Piece:
        """Write a worksheet with as many of the pieces as it holds, and give the first that it does not."""
        last = 1
        with packed(self._zip, f"xl/worksheets/sheet{len(self._parts) + 1}.xml") as entry:
            size = entry.write(xlsx_parts.sheet_head(rows.widths, is_first=not self._parts).encode())
            size += entry.write(rows.header().encode())
            while piece and last + len(piece) <= MAX_ROWS and size < MAX_SHEET_BYTES:
                size += entry.write(rows.rows(piece, last + 1).encode())
                last += len(piece)
                self._keep_long(name, rows.long_texts)
                on_rows(len(piece))
                piece = next(pieces)
            part = Part(name, len(rows.widths), last)
            entry.write(xlsx_parts.sheet_foot(part).encode())
        self._parts.append(part)
        return piece

    def _filled(self, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
        filler = self._not_asked
        return ([filler if cell is None else cell for cell in row] for row in rows) if filler else rows

    def _keep_long(self, sheet_name: str, found: list[LongText]) -> None:
        for long in found:
            rest, part = long.text, 0
            while rest:
                text, rest = cut_text(rest, PIECE_CHARACTERS)
                part += 1
                self._long_count += 1
                marshal.dump([sheet_name, long.cell, long.key, long.column, str(part), text], self._long)
        found.clear()

    def _finish(self) -> None:
        if self._long_count:
            self._write_long()
        self._add("xl/workbook.xml", xlsx_parts.workbook(self._parts))
        self._add("xl/_rels/workbook.xml.rels", xlsx_parts.workbook_relations(self._parts))
        self._add("[Content_Types].xml", xlsx_parts.content_types(self._parts))

    def _write_long(self) -> None:
        def kept() -> Iterator[list[Cell]]:
            self._long.seek(0)
            for _ in range(self._long_count):
                yield marshal.load(self._long)  # noqa: S302

        variables = tuple(Variable(name, name, "int" if name == "part" else "string") for name in LONG_COLUMNS)
        sheet = Sheet(self._long_name, variables, self._long_count, (40,) * len(variables), kept)
        rows = Rows(sheet, self._times, "")
        pieces = _pieces(kept(), len(variables))
        piece = self._write_part(rows, next(pieces), pieces, self._long_name, lambda _count: None)
        while piece:
            piece = self._write_part(rows, piece, pieces, self._names.add(LONG_TEXTS), lambda _count: None)

    def _add(self, name: str, text: str) -> None:
        with packed(self._zip, name) as entry:
            entry.write(text.encode())


def _pieces(rows: Iterator[list[Cell]], columns: int) -> Iterator[Piece]:
    """The rows in pieces, and behind them empty ones for ever."""
    size = max(1, min(ROWS_A_PIECE, CELLS_A_PIECE // max(columns, 1)))
    while True:
        yield list(islice(rows, size))
