"""What the rules of quality look at, measured in one response: a document and the plan of its form in, numbers out. Pure."""

import hashlib
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from collector.intake.flags import read_moment
from collector.intake.terms import squeeze
from collector.questionnaires.missing import KEY, REASONS

#: Names of choices that mean as much as a reason for no answer.
CHOICES_WITHOUT_ANSWER = frozenset({*REASONS, "dk", "dontknow", "don_t_know", "refused", "no_answer"})
#: Types of answers that are never the same twice, or are no words: left out where answers are compared.
NOT_COMPARED = frozenset({"binary", "dateTime", "time", "geopoint", "geotrace", "geoshape"})
POINTS = frozenset({"geopoint", "geotrace", "geoshape"})
#: What the database's integers hold.
MOST = 2**31 - 1

_LIST = re.compile(r"instance\('([^']+)'\)")


@dataclass(frozen=True)
class Measured:
    """The columns of `Measures` that one document gives; what each means is said there."""

    duration_s: int | None = None
    begun_minute: int | None = None
    answered: int = 0
    unanswered_by_choice: int = 0
    same_in_a_row: int = 0
    latitude: float | None = None
    longitude: float | None = None
    spot: str | None = None
    answers_hash: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form with all that measuring needs to know of it.

    `is_asked`: a person answers it: it is shown, and more than a note or a box to tick. `is_select`: its answers are choices, which
    come from the list `choices` (None where it names none). `is_point`: its answer is a point, line or area. `is_compared`: its answer
    counts where whole responses are compared. `reason_key`: where the reason for no answer stands.
    """

    name: str
    reason_key: str
    is_asked: bool
    is_select: bool
    choices: str | None
    is_point: bool
    is_compared: bool


#: What is to be walked, in form order: a question; or the name of a group or repeat, whether it is a repeat, and what is in it.
Step = Question | tuple[str, bool, "tuple[Step, ...]"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the answers of a form are walked, made once of its model."""

    steps: tuple[Step, ...]


#: A question with its answer and the reason why there is none, at least one of them.
Said = tuple[Question, str | None, str | None]


def make_plan(model: Mapping[str, Any]) -> Plan:
    """The plan for a form model, as parsed JSON (docs/form-model.md)."""
    return Plan(_steps(model["root"], frozenset(model["form"].get("place_path", ()))))


def _steps(node: Mapping[str, Any], place_path: Collection[str]) -> tuple[Step, ...]:
    steps: list[Step] = []
    for child in node.get("children", ()):
        name, kind = child["name"], child["kind"]
        if kind in ("group", "repeat"):
            steps.append((name, kind == "repeat", _steps(child, place_path)))
        elif kind == "question" and name != "meta":
            type_ = child.get("type")
            steps.append(
                Question(
                    name,
                    name + KEY,
                    child.get("control") not in (None, "trigger") and child.get("readonly") != "true()",
                    "itemset" in child,
                    list_of(child),
                    type_ in POINTS,
                    type_ not in NOT_COMPARED and name not in place_path,
                )
            )
    return tuple(steps)


def measure(read: Mapping[str, Any], plan: Plan | None) -> Measured:
    """Measure a document as `read` (documents.py) by the `plan` of its form; without one only its moments can be told."""
    duration_s, begun_minute = _times(read)
    if plan is None:
        return Measured(duration_s, begun_minute)
    said: list[Said] = []
    _walk(plan.steps, read["answers"], said)
    answered = by_choice = 0
    point: tuple[float, float] | None = None
    compared: list[tuple[str, str | None, str | None]] = []
    longest = run = 0
    before: tuple[str, str] | None = None
    for question, value, reason in said:
        if question.is_point and point is None and value:
            point = read_point(value)
        if not question.is_asked:
            continue
        answered += 1
        if reason is not None or (question.is_select and value in CHOICES_WITHOUT_ANSWER):
            by_choice += 1
        if question.is_compared:
            compared.append((question.name, value, reason))
        # A run: select questions with the same list, one after the other, that have the same answer.
        if question.choices is None or value is None:
            before = None
            continue
        present = (question.choices, value)
        run = run + 1 if present == before else 1
        longest = max(longest, run)
        before = present
    return Measured(
        duration_s,
        begun_minute,
        answered,
        by_choice,
        # One alone is no run.
        longest if longest > 1 else 0,
        point and point[0],
        point and point[1],
        point and f"{point[0]:.5f},{point[1]:.5f}",
        hash_answers(compared),
    )


def _walk(steps: Iterable[Step], values: Mapping[str, Any], said: list[Said]) -> None:
    """Add to `said` what was said to each question in form order, to those in repeats once for each row."""
    for step in steps:
        if isinstance(step, Question):
            value, reason = values.get(step.name), values.get(step.reason_key)
            value = value if isinstance(value, str) else None
            reason = reason if reason in REASONS else None
            if value or reason:
                said.append((step, value, reason))
            continue
        name, is_repeat, inside = step
        value = values.get(name)
        if is_repeat:
            if isinstance(value, list):
                for row in value:
                    if isinstance(row, dict):
                        _walk(inside, row, said)
        elif isinstance(value, dict):
            _walk(inside, value, said)


def measure_times(read: Mapping[str, Any]) -> Measured:
    """Only how long it took and at what time of the day it was begun, by the phone's clock in the phone's zone."""
    return Measured(*_times(read))


def _times(read: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Seconds from beginning to end, and minutes after midnight when it was begun."""
    started, finished = read_moment(read.get("started_at", "")), read_moment(read.get("finished_at", ""))
    duration = None if started is None or finished is None else round((finished - started).total_seconds())
    local = None if started is None else _in_zone(started, read.get("tz", ""))
    return (
        None if duration is None else max(-MOST, min(MOST, duration)),
        None if local is None else local.hour * 60 + local.minute,
    )


def _in_zone(moment: datetime, tz: str) -> datetime:
    """The moment as the phone showed it. What it wrote with its own offset stays as it stands (A65)."""
    if moment.utcoffset():
        return moment
    try:
        return moment.astimezone(ZoneInfo(tz))
    except (ValueError, OSError, LookupError, OverflowError):
        return moment


def list_of(node: Mapping[str, Any]) -> str | None:
    """The id of the list that a question's choices come from; None for what is no select or names none."""
    found = _LIST.search(node["itemset"].get("nodeset", "")) if "itemset" in node else None
    return found[1] if found else None


def read_point(text: str) -> tuple[float, float] | None:
    """The first point of an answer, latitude and longitude in degrees; None where there is none on this Earth."""
    try:
        latitude, longitude = (float(part) for part in text.split(";")[0].split()[:2])
    except ValueError:
        return None
    is_there = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if is_there else None


def hash_answers(compared: Sequence[tuple[str, str | None, str | None]]) -> str:
    """SHA-256, hex, of names, answers and reasons; "" if there are none."""
    return hashlib.sha256(json.dumps(compared).encode()).hexdigest() if compared else ""


def duplicate_key(keys: Sequence[str], place: int | str, answers: Mapping[str, Any]) -> str | None:
    """SHA-256, hex, of the place and the answers at the paths `keys`, folded and without blanks (A76); None if none of them is answered.

    In a repeat the answers of all rows count, in whatever order they stand.
    """
    found = [sorted(squeeze(value) for value in values_at(answers, path.strip("/").split("/"))) for path in keys]
    if not any(value for values in found for value in values):
        return None
    return hashlib.sha256(json.dumps([place, *found]).encode()).hexdigest()


def values_at(values: Any, names: Sequence[str]) -> list[str]:
    """The texts answered at a path of names, one for each row where it leads through repeats."""
    if isinstance(values, list):
        return [found for row in values for found in values_at(row, names)]
    if not names:
        return [values] if isinstance(values, str) else []
    return values_at(values.get(names[0]), names[1:]) if isinstance(values, dict) else []
