"""The board as CSV, as spreadsheet programs take it."""

import csv
import io
import re

from flask_babel import gettext as _

from collector.coverage.progress import Board, Row
from collector.languages import written_moment

#: First characters that make a spreadsheet program run a text as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def write_table(board: Board) -> bytes:
    """All rows of the board, what is unassigned and the total, UTF-8 with a byte-order mark."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header())
    for section in board.sections:
        if section.direct:
            writer.writerow(cells(section.direct, section.direct.name, _("of no single community")))
        for row in section.rows:
            writer.writerow(cells(row, row.above, row.name))
    if not board.unassigned.count.is_empty:
        writer.writerow(cells(board.unassigned, "", _("Unassigned: no known community")))
    writer.writerow(cells(board.total, "", _("Total")))
    return buffer.getvalue().encode("utf-8", "replace")


def header() -> list[str]:
    """Names of the columns."""
    return [
        _("Subdistrict"),
        _("Code"),
        _("Community"),
        _("Received"),
        _("Target"),
        _("Percent"),
        _("Expected by today"),
        _("Behind"),
        _("Today"),
        _("Last 7 days"),
        _("Last response"),
        _("Rejected"),
        _("Tests"),
    ]


def cells(row: Row, above: str, name: str) -> list[str]:
    """One row. What is not set is empty."""
    last = written_moment(row.count.last_at).strftime("%Y-%m-%d %H:%M") if row.count.last_at else ""
    numbers = [
        row.count.received,
        row.target,
        row.percent,
        row.due,
        row.behind if row.due is not None else None,
        row.count.today,
        row.count.recent,
    ]
    texts = [above, row.code, name, *("" if number is None else str(number) for number in numbers), last]
    return [defuse(text) for text in [*texts, str(row.count.rejected), str(row.count.tests)]]


def defuse(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet program would run it as a formula; numbers stay."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text
