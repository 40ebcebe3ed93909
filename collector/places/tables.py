"""Tables that are uploaded and downloaded: which column is which, the faults of rows, and CSV that imports again. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.spreadsheet import Sheet, SheetRow


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file, and what to do; `row` is the row's number in the file, 0 for the whole file."""

    row: int
    message: Any


def columns_of(sheet: Sheet, names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The header of each column that a sheet has, by what it means; `names` are the headers that mean it, in lower case."""
    found = {}
    for meaning, headers in names.items():
        header = next((header for header in headers if header in sheet.headers), None)
        if header is not None:
            found[meaning] = header
    return found


#: First characters that make a spreadsheet program run a text as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def cells_of(row: SheetRow, columns: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row by what their columns mean, without the apostrophe that `write_table` put before a formula."""
    cells = {meaning: row.cells[header] for meaning, header in columns.items()}
    return {
        meaning: cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
        for meaning, cell in cells.items()
    }


def write_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV for a spreadsheet program: with a byte-order mark, and an apostrophe before what it would run as a formula."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return text.getvalue().encode()
