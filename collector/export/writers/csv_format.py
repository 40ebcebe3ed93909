"""CSV as spreadsheet programs and statistics programs take it (RFC 4180)."""

import csv
import re
from collections.abc import Sequence
from typing import Any

from collector.export.sheets.rows import as_texts

BYTE_ORDER_MARK = "\ufeff"
#: First characters that make a spreadsheet program run a text as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
#: What begins a text that gets an apostrophe: these, also behind apostrophes that were typed, so that none is taken for one of ours.
DEFUSED_STARTS = (*FORMULA_STARTS, *(f"'{start}" for start in FORMULA_STARTS), "''")
_TYPED = re.compile("'*[=+\\-@\t\r]")
#: No formulas, though they begin as such: numbers, and the dash that stands for nothing.
HARMLESS = re.compile(r"-|[+-]?\d+(\.\d+)?")
#: Cells that are looked at together.
CELLS_AT_ONCE = 120


def defuse(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet program would run it as a formula; numbers and a dash alone stay (A59).

    A text that looks as if it had one already gets one more: whoever takes one away has what was typed.
    """
    return f"'{text}" if _TYPED.match(text) and not HARMLESS.fullmatch(text) else text


class CsvWriter:
    """Rows of one table as bytes in UTF-8, gathered until somebody takes them. `is_safe`: defuse formulas.

    Most rows need neither quotes nor apostrophes, and a look at some hundred cells as one text tells so in a tenth of the time that a
    look at each takes.
    """

    def __init__(self, columns: int, *, is_safe: bool) -> None:
        #: Bytes that wait to be taken, but for the last few rows.
        self.size = 0
        self._commas = columns - 1
        self._rows_at_once = max(1, CELLS_AT_ONCE // columns)
        self._is_safe = is_safe
        self._rows: list[Sequence[Any]] = []
        self._written: list[bytes] = []

    def add(self, cells: Sequence[Any]) -> None:
        """Write a row. What is no text is written as JSON."""
        self._rows.append(cells)
        if len(self._rows) >= self._rows_at_once:
            self._write()

    def take(self) -> bytes:
        """What was written since the last time."""
        self._write()
        taken = b"".join(self._written)
        self._written.clear()
        self.size = 0
        return taken

    def _write(self) -> None:
        rows = self._rows
        if not rows:
            return
        self._rows = []
        try:
            text = encoded("\r\n".join(map(",".join, rows)))
            is_plain = self._needs_no_quotes(text, len(rows)) and not (self._is_safe and _may_have_formula(text, rows))
        except TypeError:
            is_plain = False
        text = text + b"\r\n" if is_plain else b"".join(map(self._careful, rows))
        self._written.append(text)
        self.size += len(text)

    def _needs_no_quotes(self, text: bytes, number: int) -> bool:
        """Tell whether no cell of so many rows needs quotes. One cell alone may be blank, and needs them to be seen then."""
        return (
            text.count(b",") == self._commas * number != 0
            and text.count(b"\n") == number - 1 == text.count(b"\r")
            and b'"' not in text
        )

    def _careful(self, cells: Sequence[Any]) -> bytes:
        """One row, cell by cell."""
        try:
            "".join(cells)
            texts = list(cells)
        except TypeError:
            texts = as_texts(cells)
        if self._is_safe:
            texts = [defuse(text) if text.startswith(DEFUSED_STARTS) else text for text in texts]
        line = encoded(",".join(texts))
        if self._needs_no_quotes(line, 1):
            return line + b"\r\n"
        lines: list[str] = []
        csv.writer(_Lines(lines), lineterminator="\r\n").writerow(texts)
        return encoded(lines[0])


class _Lines:
    """A file, as far as the writer of quoted rows needs one."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def encoded(text: str) -> bytes:
    """`text` in UTF-8, which has no half characters: they become ?."""
    return text.encode("utf-8", "replace")


def _may_have_formula(text: bytes, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a cell of some rows begins as a formula does, or may: a comma in an answer looks like the end of a cell."""
    return (
        b",-" in text
        or b",+" in text
        # A single byte is found sooner than two, and most texts hold none of these.
        or (b"=" in text and b",=" in text)
        or (b"@" in text and b",@" in text)
        or b"\t" in text
        or b",'" in text
        # The first cells of rows have no comma in front.
        or any(row[0].startswith(DEFUSED_STARTS) for row in rows)
    )


def first_line(header: Sequence[str], *, has_mark: bool, is_safe: bool) -> bytes:
    """How a file begins. `has_mark`: with a byte-order mark (A57)."""
    writer = CsvWriter(len(header), is_safe=is_safe)
    writer.add(header)
    return (BYTE_ORDER_MARK.encode() if has_mark else b"") + writer.take()
