"""The cells of each column read as its plan says, and what becomes of the plan where they are otherwise. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from collector.export.options import OFFSET
from collector.export.sheets.sheet import Cell, Progress, Sheet, Variable
from collector.export.writers.statistics import missing_codes
from collector.export.writers.statistics.plan import NO_CODES, NOT_OF_TYPE, NUMBER, TEXT, Plan, first_plans

#: Rows that are looked at together, as cells of a column repeat and each is read once; and bytes that they take at most, filled up.
MOST_ROWS, MOST_BYTES = 500, 4 * 2**20


class Reader:
    """Reads the cells of a column by a plan, and remembers whether they are as it says."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        #: Cells that are no answers.
        self._no_answers = missing_codes.NO_ANSWERS if plan.reason is None else missing_codes.NO_ANSWERS_BUT_REASONS
        self._why_text = plan.why_text
        self._decimals = 0
        self._kinds: set[str] = set()
        #: Answers that are as our numbers for missing ones could be; those of choices count before anybody chose them.
        self._suspects = {
            float(choice.value)
            for choice in plan.choices
            if plan.kind == NUMBER and missing_codes.could_be_code(choice.value)
        }

    def read(self, cell: Cell) -> float | datetime | str:
        """What an answer says; without one the kind, "" if it is not known why there is none or if it is not of the column's type."""
        assert self.plan.read is not None
        if cell is None or cell in self._no_answers:
            kind = missing_codes.kind_of(cell)
            self._kinds.add(kind)
            return kind
        try:
            value = self.plan.read(cell)
        except ValueError:
            self._why_text = NOT_OF_TYPE
            return ""
        if self.plan.kind == NUMBER:
            if missing_codes.could_be_code(cell) and isinstance(value, float):
                self._suspects.add(value)
            if "." in cell:
                self._decimals = max(self._decimals, min(len(cell.partition(".")[2]), 16))
        return value

    def decide(self, variable: Variable) -> Plan:
        """The plan after all cells were read."""
        codes = missing_codes.choose_codes(self._kinds - {""}, self._suspects)
        if self.plan.kind == TEXT:
            return self.plan
        if self._why_text or codes is None:
            return self.plan.as_text(() if variable.is_multiple else variable.choices, self._why_text or NO_CODES)
        return replace(self.plan, decimals=self._decimals, codes=codes)


def column_pieces(rows: Iterator[list[Cell]], plans: Sequence[Plan]) -> Iterator[tuple[int, list[tuple[Cell, ...]]]]:
    """How many rows are looked at together, and their columns, again and again."""
    row_bytes = sum(max(8, plan.width) for plan in plans)
    row_count = max(1, min(MOST_ROWS, MOST_BYTES // max(1, row_bytes)))
    while piece := list(islice(rows, row_count)):
        yield len(piece), list(zip(*piece, strict=True))


def cells_of(columns: Sequence[Sequence[Cell]], index: int, plan: Plan) -> Sequence[Cell]:
    """The cells of a column, with the reason in the place of an answer that is not there if the plan keeps both together."""
    cells = columns[index]
    if plan.reason is None:
        return cells
    return [cell or reason or cell for cell, reason in zip(cells, columns[plan.reason], strict=True)]


def settle(
    sheet: Sheet, plans: list[Plan], write: Callable[[list[Reader], Progress], None], on_rows: Progress
) -> list[Plan]:
    """Have the rows written as the types of the columns say, and a second time if the cells are not all so. Gives the plans that held.

    `write`: writes all rows from the start of its file. Nearly always once is enough, so the sheet is read once.
    """
    readers = [Reader(plan) for plan in plans]
    write(readers, on_rows)
    settled = [reader.decide(variable) for reader, variable in zip(readers, sheet.variables, strict=True)]
    if not all(after.is_written_as(before) for after, before in zip(settled, plans, strict=True)):
        write([Reader(plan) for plan in settled], lambda _rows: None)
    return settled


def plan_sheet(sheet: Sheet, times: str = OFFSET) -> list[Plan]:
    """The plan of each variable, by its type and all its cells. Reads the sheet once.

    `times`: how moments are written (options.py): with an offset of its own each is a text, so that the offset stays (A66).
    """
    readers = [Reader(plan) for plan in first_plans(sheet, times)]
    for _, columns in column_pieces(sheet.rows(), [reader.plan for reader in readers]):
        for index, reader in enumerate(readers):
            if reader.plan.read:
                for cell in set(cells_of(columns, index, reader.plan)):
                    reader.read(cell)
    return [reader.decide(variable) for reader, variable in zip(readers, sheet.variables, strict=True)]
