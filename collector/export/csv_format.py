"""CSV as spreadsheet programs and statistics programs take it (RFC 4180)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\ufeff"
#: First characters that make a spreadsheet program run a text as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
#: Rows that are written into one piece of the stream.
ROWS_A_PIECE = 200


def defuse(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet program would run it as a formula; numbers stay (A59)."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text


def write_csv(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, has_mark: bool = True, is_safe: bool = True
) -> Iterator[bytes]:
    """CSV in pieces, UTF-8. `has_mark`: begin with a byte-order mark (A57); `is_safe`: defuse formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    if has_mark:
        buffer.write(BYTE_ORDER_MARK)
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow([defuse(cell) for cell in row] if is_safe else row)
        if number % ROWS_A_PIECE == 0:
            yield take(buffer)
    yield take(buffer)


def take(buffer: io.StringIO) -> bytes:
    """What was written into `buffer` since the last time. Half characters become �: UTF-8 has none."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")
