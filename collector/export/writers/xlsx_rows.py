"""Rows of a worksheet as XML. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from collector.export.sheets.sheet import Cell, Sheet
from collector.export.writers.xlsx_cells import Cells, column_letters, kind_of

#: Narrowest and widest column, in characters.
NARROW, WIDE = 8, 50
#: Texts that all columns together remember, some MB of them.
REMEMBERED = 100_000
#: Columns of ours that name a row, the most exact first.
KEYS = ("key", "response_id")


class LongText(NamedTuple):
    """A text that no cell holds: the address of the cell that it belongs to, the key of its row, its column."""

    cell: str
    key: str
    column: str
    text: str


class Rows:
    """Makes the rows of a worksheet. `long_texts` gathers what was too long, for whoever asks to keep it and empty the list."""

    def __init__(self, sheet: Sheet, times: str, end: str):
        variables = sheet.variables
        self.long_texts: list[LongText] = []
        self._cut: list[tuple[str, str, str]] = []
        letters = [column_letters(index) for index in range(len(variables))]
        self._starts = [f'<c r="{letter}' for letter in letters]
        self._cells = [
            Cells(letter, variable.name, kind_of(variable, times), self._cut, end, REMEMBERED // len(letters))
            for letter, variable in zip(letters, variables, strict=True)
        ]
        keys = {variable.key: index for index, variable in enumerate(variables)}
        self._key = next((keys[name] for name in KEYS if name in keys), None)
        #: Widths of the columns in characters. A character of Chinese has three bytes and is as wide as two.
        self.widths = [
            min(max(NARROW, _columns_wide(variable.name) + 3, width + 1), WIDE)
            for variable, width in zip(variables, sheet.widths, strict=True)
        ]

    def header(self) -> str:
        """The first row."""
        made = [f"{start}1{cells.header()}" for start, cells in zip(self._starts, self._cells, strict=True)]
        self._keep(1, "")
        return f'<row r="1">{"".join(made)}</row>'

    def rows(self, rows: Sequence[Sequence[Cell]], first: int) -> str:
        """The rows from number `first` on."""
        lines = []
        columns = list(zip(self._starts, self._cells, strict=True))
        for line, row in enumerate(rows, start=first):
            number = str(line)
            made = [start + number + cells[text] for (start, cells), text in zip(columns, row, strict=True) if text]
            lines.append(f'<row r="{number}">{"".join(made)}</row>')
            if self._cut:
                self._keep(line, "" if self._key is None else row[self._key] or "")
        return "".join(lines)

    def _keep(self, line: int, key: str) -> None:
        self.long_texts += [LongText(f"{letter}{line}", key, name, text) for letter, name, text in self._cut]
        self._cut.clear()


def _columns_wide(text: str) -> int:
    return sum(2 if letter > "\u2e7f" else 1 for letter in text)
