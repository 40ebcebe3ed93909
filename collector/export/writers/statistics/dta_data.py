"""The observations of a Stata dataset, and the block of long texts behind them.

Source: Stata's help "dta", sections 4, 5.10 and 5.11.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import IO

from collector.export.sheets.sheet import Cell, Progress
from collector.export.writers.statistics import missing_codes
from collector.export.writers.statistics.cut import as_bytes
from collector.export.writers.statistics.dta_parts import DtaVariable
from collector.export.writers.statistics.plan import DAY
from collector.export.writers.statistics.reading import Reader, cells_of, column_pieces
from collector.export.writers.statistics.values import STATA_EPOCH

#: The number `.`; .a, .b, … follow in steps ("Representation of numbers").
NO_NUMBER = 0x7FE0_0000_0000_0000
MISSING_STEP = 0x0100_0000_0000
_DAY, _MILLISECOND = timedelta(days=1), timedelta(milliseconds=1)
#: Cells of a column that are kept as they were written beside those of a piece, so that a column without any repetition does not fill
#: the memory; and bytes of the longest text that is kept.
MOST_KEPT, MOST_KEPT_TEXT = 1_000, 255
#: The kind of a long text that is text and ends with a zero byte.
TEXT_KIND = 130


def write_data(
    file: IO[bytes],
    long_texts: IO[bytes],
    variables: Sequence[DtaVariable],
    readers: Sequence[Reader],
    rows: Iterator[list[Cell]],
    on_rows: Progress,
) -> None:
    """Write the rows as observations, and texts that are too long for them into `long_texts`."""
    writers = [
        _writer(number, variable, reader)
        for number, (variable, reader) in enumerate(zip(variables, readers, strict=True), start=1)
    ]
    for row_count, columns in column_pieces(rows, [reader.plan for reader in readers]):
        written = [
            writer.write(cells_of(columns, index, reader.plan))
            for index, (writer, reader) in enumerate(zip(writers, readers, strict=True))
        ]
        file.write(_by_rows(written))
        # They stand in the order of the observations, in each in that of the variables (section 5.11.2, note 3).
        long_texts.write(_by_rows([writer.blocks for writer in writers if isinstance(writer, _LongTexts)]))
        on_rows(row_count)


def _by_rows(columns: Sequence[Iterable[bytes]]) -> bytes:
    return b"".join(chain.from_iterable(zip(*columns, strict=True)))


def _writer(number: int, variable: DtaVariable, reader: Reader) -> "_Column | _LongTexts":
    if reader.plan.read is not None:
        return _Numbers(reader)
    return _LongTexts(number) if variable.width is None else _Texts(variable.width)


class _Column:
    """Writes the cells of a column, each different one once."""

    def __init__(self, most_kept: int) -> None:
        self._most_kept = most_kept
        self._written: dict[Cell, bytes] = {}

    def write(self, cells: Sequence[Cell]) -> Iterable[bytes]:
        """What stands in the observations for these cells."""
        if len(self._written) > self._most_kept:
            self._written = {}
        for cell in set(cells).difference(self._written):
            self._written[cell] = self.encode(cell)
        return map(self._written.__getitem__, cells)

    def encode(self, cell: Cell) -> bytes:
        """What stands in the observation for one cell."""
        raise NotImplementedError


class _Texts(_Column):
    """Texts of a fixed width, filled up with zero bytes."""

    def __init__(self, width: int) -> None:
        super().__init__(MOST_KEPT if width <= MOST_KEPT_TEXT else 0)
        self._width = width

    def encode(self, cell: Cell) -> bytes:
        """The text."""
        return as_bytes(cell or "").ljust(self._width, b"\0")


class _Numbers(_Column):
    """Numbers; days since 1960, or milliseconds of moments, or seconds of times; .a, .b and .c where there is no answer."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(MOST_KEPT)
        self._reader = reader
        self._unit = _DAY if reader.plan.kind == DAY else _MILLISECOND

    def encode(self, cell: Cell) -> bytes:
        """The number."""
        value = self._reader.read(cell)
        if isinstance(value, str):
            step = missing_codes.KINDS.index(value) + 1 if value else 0
            return struct.pack("<Q", NO_NUMBER + MISSING_STEP * step)
        return struct.pack("<d", (value - STATA_EPOCH) / self._unit if isinstance(value, datetime) else value)


class _LongTexts:
    """Texts in a block of their own: the observation holds the numbers of variable and observation, the block both and the text."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._observation = 0
        #: The blocks of the cells that were written last, b"" for those that have none.
        self.blocks: list[bytes] = []

    def write(self, cells: Sequence[Cell]) -> list[bytes]:
        """What stands in the observations for these cells. An empty text is in no block, and its numbers are noughts."""
        written = []
        self.blocks = []
        for cell in cells:
            self._observation += 1
            content = as_bytes(cell or "")
            if content:
                head = struct.pack("<3sIQBI", b"GSO", self._number, self._observation, TEXT_KIND, len(content) + 1)
                self.blocks.append(head + content + b"\0")
                # Two bytes for the variable, six for the observation.
                written.append(struct.pack("<HQ", self._number, self._observation)[:8])
            else:
                self.blocks.append(b"")
                written.append(bytes(8))
        return written
