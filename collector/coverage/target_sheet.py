"""A table of targets that was uploaded, held against the communities: what it would change, and what is wrong with which row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from collector.coverage.inputs import (
    NO_NUMBER,
    NOT_A_DAY,
    NOT_A_NUMBER,
    NOT_A_PRIORITY,
    WRONG_ORDER,
    read_priority,
    read_target,
    read_written_day,
)
from collector.coverage.targets import Goal
from collector.spreadsheet import Sheet, SheetRow

#: Names of the columns in files, by what they hold.
COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "代码", "社区代码", "编码"),
    "expected": ("expected", "target", "目标", "目标数"),
    "starts": ("starts", "starts_on", "from", "开始", "开始日期"),
    "ends": ("ends", "ends_on", "to", "结束", "结束日期"),
    "priority": ("priority", "优先"),
}
UNKNOWN = _l("There is no community with this code among yours.")
TWICE = _l("This code stands in an earlier row already.")
NO_COLUMN = _l("There is no column “code” or no column “expected”.")


@dataclass(frozen=True)
class Change:
    """What the file would do to one community; None: no target."""

    place_id: int
    before: Goal | None
    after: Goal | None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row; its number in the file, 1 being the header's."""

    row: int
    code: str
    words: Any


@dataclass(frozen=True)
class Preview:
    """What a file would do: changes, how many communities stay as they are, and faults. With a fault nothing is done."""

    changes: Sequence[Change]
    unchanged: int
    faults: Sequence[Fault]


def preview(sheet: Sheet, communities: Mapping[str, int], present: Mapping[int, Goal | None]) -> Preview:
    """Hold a table against the communities (ids by code) and their present targets. Communities that it does not name stay."""
    columns = {key: next((name for name in names if name in sheet.headers), "") for key, names in COLUMNS.items()}
    if not columns["code"] or not columns["expected"]:
        return Preview([], 0, [Fault(1, "", NO_COLUMN)])
    changes: list[Change] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for row in sheet.rows:
        code = row.cells[columns["code"]]
        goal, wrong = read_row(row, columns)
        problem = UNKNOWN if code not in communities else TWICE if code in seen else wrong
        seen.add(code)
        if problem:
            faults.append(Fault(row.number, code, problem))
            continue
        place_id = communities[code]
        changes.append(Change(place_id, present.get(place_id), goal))
    changed = [change for change in changes if change.before != change.after]
    return Preview(changed, len(changes) - len(changed), faults)


def read_row(row: SheetRow, columns: Mapping[str, str]) -> tuple[Goal | None, Any]:
    """The target of a row (None: no number, no target), and what is wrong with it."""
    cells = {key: row.cells.get(name, "") if name else "" for key, name in columns.items()}
    expected, is_no_number = read_target(cells["expected"])
    starts_on, is_no_start = read_written_day(cells["starts"])
    ends_on, is_no_end = read_written_day(cells["ends"])
    priority, is_no_priority = read_priority(cells["priority"])
    if is_no_number:
        return None, NOT_A_NUMBER
    if is_no_start or is_no_end:
        return None, NOT_A_DAY
    if is_no_priority:
        return None, NOT_A_PRIORITY
    if expected is None:
        return None, NO_NUMBER if starts_on or ends_on or priority else None
    if starts_on and ends_on and ends_on < starts_on:
        return None, WRONG_ORDER
    return Goal(expected, starts_on, ends_on, priority), None
