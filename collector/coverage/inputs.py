"""Forms of the coverage pages, and reading what was typed or uploaded as targets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from collector.coverage.targets import Goal

#: The largest target that makes sense for one community.
MAX_TARGET = 1_000_000
#: How days are written in files: as here, and as spreadsheet programs give them.
DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")
YES = frozenset({"1", "yes", "first", "true", "x", "是", "优先"})
NO = frozenset({"", "0", "no", "false", "否"})

NOT_A_NUMBER = _l("A target is a whole number, 0 to 1000000.")
NOT_A_DAY = _l("This is no day. Write it as 2026-05-31.")
WRONG_ORDER = _l("The last day is before the first.")
NO_NUMBER = _l("A period or priority needs a number.")
NOT_A_PRIORITY = _l("Priority is 1 (first) or 0.")


class TargetsForm(FlaskForm):
    """Targets: for each community `target-<place id>`, `starts-…`, `ends-…`, `first-…`; and `for_all`, `starts_all`, `ends_all`, which
    fill what is empty."""


class TargetsFileForm(FlaskForm):
    """A table of targets to upload."""

    file = FileField(_l("Table (CSV or XLSX)"), validators=[FileRequired(_l("Choose a file."))])


class ApplyForm(FlaskForm):
    """What was previewed is to be done; `sha256` and `name` say which upload."""


@dataclass(frozen=True)
class TypedTargets:
    """What was typed: targets by place (None: none), and faults by name of the field."""

    goals: Mapping[int, Goal | None] = field(default_factory=dict)
    faults: Mapping[str, Any] = field(default_factory=dict)


def read_targets(fields: Mapping[str, str], place_ids: Iterable[int]) -> TypedTargets:
    """Read the fields of a `TargetsForm`. An empty number takes the target away, unless `for_all` has one."""
    faults: dict[str, Any] = {}
    for_all = _number(fields, "for_all", faults)
    starts_all, ends_all = _day(fields, "starts_all", faults), _day(fields, "ends_all", faults)
    if starts_all and ends_all and ends_all < starts_all:
        faults["ends_all"] = WRONG_ORDER
    goals: dict[int, Goal | None] = {}
    for place_id in place_ids:
        number = _number(fields, f"target-{place_id}", faults)
        starts_on, ends_on = _day(fields, f"starts-{place_id}", faults), _day(fields, f"ends-{place_id}", faults)
        is_first = bool(fields.get(f"first-{place_id}"))
        expected = for_all if number is None else number
        if expected is None:
            if (starts_on or ends_on or is_first) and f"target-{place_id}" not in faults:
                faults[f"target-{place_id}"] = NO_NUMBER
            goals[place_id] = None
            continue
        goal = Goal(expected, starts_on or starts_all, ends_on or ends_all, int(is_first))
        if goal.starts_on and goal.ends_on and goal.ends_on < goal.starts_on:
            faults[f"ends-{place_id}"] = WRONG_ORDER
        goals[place_id] = goal
    return TypedTargets(goals, faults)


def _number(fields: Mapping[str, str], name: str, faults: dict[str, Any]) -> int | None:
    number, is_faulty = read_target(fields.get(name, ""))
    if is_faulty:
        faults[name] = NOT_A_NUMBER
    return number


def _day(fields: Mapping[str, str], name: str, faults: dict[str, Any]) -> date | None:
    day, is_faulty = read_written_day(fields.get(name, ""))
    if is_faulty:
        faults[name] = NOT_A_DAY
    return day


def read_target(text: str) -> tuple[int | None, bool]:
    """Read one field: the whole number or None when empty, and whether it is neither. Full-width digits are digits."""
    text = text.strip()
    if not text:
        return None, False
    if text.isdecimal() and len(text) <= 9 and int(text) <= MAX_TARGET:
        return int(text), False
    return None, True


def read_written_day(text: str) -> tuple[date | None, bool]:
    """Read a day as people write it or a spreadsheet gives it: the day or None when empty, and whether it is neither. No zone has a say
    in it (A65)."""
    text = text.strip()
    if not text:
        return None, False
    for form in DAY_FORMATS:
        try:
            # Only the day is kept, so that there is nothing for a zone to shift.
            return datetime.strptime(text, form).date(), False
        except ValueError:
            continue
    return None, True


def read_priority(text: str) -> tuple[int, bool]:
    """Read a priority of a file: 0 or 1, and whether it is neither."""
    word = text.strip().casefold()
    return int(word in YES), word not in YES | NO
