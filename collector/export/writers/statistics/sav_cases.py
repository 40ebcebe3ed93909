"""The cases of a system file, compressed by bytecode.

Source: PSPP developer's guide, "System File Format", "Data Record".
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, chain
from typing import IO

from collector.export.sheets.sheet import Cell, Progress
from collector.export.writers.statistics.cut import as_bytes, pieces
from collector.export.writers.statistics.reading import Reader, cells_of, column_pieces
from collector.export.writers.statistics.sav_dictionary import MOST_TEXT, SEGMENT, SavVariable, octets
from collector.export.writers.statistics.values import SPSS_EPOCH

#: What an octet of a case is: 8 bytes that follow, 8 blanks, no number; 1 to 251 are the numbers from -99 to 151.
RAW, BLANK, NO_NUMBER = b"\xfd", b"\xfe", b"\xff"
_SECOND = timedelta(seconds=1)

#: A cell coded: a byte for each of its octets, and the 8 bytes of those that are raw.
Coded = tuple[bytes, bytes]


def write_cases(
    file: IO[bytes],
    variables: Sequence[SavVariable],
    readers: Sequence[Reader],
    rows: Iterator[list[Cell]],
    on_rows: Progress,
) -> None:
    """Write the rows as cases. Codes stand in groups of eight, which cases do not begin anew, each before its raw octets."""
    coders = [_coder(variable, readers[variable.column]) for variable in variables]
    sizes = [sum(map(octets, variable.segments)) for variable in variables]
    codes, raw = b"", b""
    for row_count, columns in column_pieces(rows, [reader.plan for reader in readers]):
        coded = [
            coder.code_column(cells_of(columns, variable.column, readers[variable.column].plan))
            for variable, coder in zip(variables, coders, strict=True)
        ]
        codes += _by_cases([column for column, _ in coded], sizes, row_count)
        raw_columns = [column for _, column in coded if column is not None]
        raw += b"".join(chain.from_iterable(zip(*raw_columns, strict=True)))
        codes, raw = _write_groups(file, codes, raw)
        on_rows(row_count)
    if codes:
        # The last group is filled with codes that mean nothing.
        _write_groups(file, codes.ljust(8, b"\0"), raw)


def _by_cases(columns: Sequence[bytes], sizes: Sequence[int], case_count: int) -> bytes:
    """The codes of all columns, each as many for a case as its size, in the order of the cases."""
    case_size = sum(sizes)
    block = bytearray(case_size * case_count)
    starts = accumulate(sizes, initial=0)
    for column, size, start in zip(columns, sizes, starts, strict=False):
        for octet in range(size):
            block[start + octet :: case_size] = column[octet::size]
    return bytes(block)


def _write_groups(file: IO[bytes], codes: bytes, raw: bytes) -> Coded:
    """Write all whole groups of codes with their raw octets. Gives what is left over."""
    parts = []
    start = 0
    whole = len(codes) // 8 * 8
    for at in range(0, whole, 8):
        group = codes[at : at + 8]
        end = start + 8 * group.count(RAW)
        parts.append(group)
        parts.append(raw[start:end])
        start = end
    file.write(b"".join(parts))
    return codes[whole:], raw[start:]


class _Coder:
    """Codes the cells of a variable, each different one once."""

    #: Cells that are kept as they were coded beside those of a piece, so that a column without any repetition does not fill the memory.
    most_kept = 1_000

    def __init__(self) -> None:
        self._codes: dict[Cell, bytes] = {}
        self._raw: dict[Cell, bytes] = {}
        self._has_raw = False

    def code_column(self, cells: Sequence[Cell]) -> tuple[bytes, Iterator[bytes] | None]:
        """The codes of all cells, and the raw octets of each; None if no cell has any."""
        try:
            codes = b"".join(map(self._codes.__getitem__, cells))
        except KeyError:
            self._learn(cells)
            codes = b"".join(map(self._codes.__getitem__, cells))
        return codes, map(self._raw.__getitem__, cells) if self._has_raw else None

    def _learn(self, cells: Sequence[Cell]) -> None:
        if len(self._codes) > self.most_kept:
            self._codes, self._raw = {}, {}
        for cell, (codes, raw) in self.code(set(cells).difference(self._codes)):
            self._codes[cell], self._raw[cell] = codes, raw
            self._has_raw = self._has_raw or raw != b""

    def code(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, Coded]]:
        """Cells with what they are coded as."""
        raise NotImplementedError


def _coder(variable: SavVariable, reader: Reader) -> _Coder:
    if reader.plan.read is not None:
        return _NumberCoder(reader)
    return _TextCoder(variable) if variable.width <= SEGMENT else _LongTextCoder(variable)


class _NumberCoder(_Coder):
    """Codes numbers, and the seconds of days, moments and times."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def code(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, Coded]]:
        """Numbers coded."""
        for cell in cells:
            value: float | datetime | str | None = self._reader.read(cell)
            if isinstance(value, str):
                value = self._reader.plan.codes.get(value)
            elif isinstance(value, datetime):
                value = (value - SPSS_EPOCH) / _SECOND
            yield cell, (NO_NUMBER, b"") if value is None else _code_number(value)


def _code_number(value: float) -> Coded:
    if -99 <= value <= 151 and value == int(value):
        return bytes([int(value) + 100]), b""
    return RAW, struct.pack("<d", value)


class _TextCoder(_Coder):
    """Codes texts of at most 255 bytes, filled up with blanks."""

    def __init__(self, variable: SavVariable) -> None:
        super().__init__()
        count = octets(variable.width)
        self._by_octets = [RAW * filled + BLANK * (count - filled) for filled in range(count + 1)]

    def code(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, Coded]]:
        """Texts coded."""
        for cell in cells:
            text = as_bytes(cell or "")
            filled = (len(text) + 7) // 8
            yield cell, (self._by_octets[filled], text.ljust(filled * 8))


class _LongTextCoder(_Coder):
    """Codes very long texts, whose segments of 255 bytes take 256 each."""

    most_kept = 0

    def __init__(self, variable: SavVariable) -> None:
        super().__init__()
        self._part = variable.part
        self._octets = [octets(width) for width in variable.segments]

    def code(self, cells: Iterable[Cell]) -> Iterator[tuple[Cell, Coded]]:
        """Texts coded, or those parts of them that this variable holds."""
        for cell in cells:
            parts = pieces(as_bytes(cell or ""), MOST_TEXT)
            yield cell, self._code_segments(parts[self._part] if self._part < len(parts) else b"")

    def _code_segments(self, text: bytes) -> Coded:
        codes, raw = [], []
        for number, count in enumerate(self._octets):
            segment = text[number * SEGMENT : (number + 1) * SEGMENT]
            filled = (len(segment) + 7) // 8
            codes.append(RAW * filled + BLANK * (count - filled))
            raw.append(segment.ljust(filled * 8))
        return b"".join(codes), b"".join(raw)
