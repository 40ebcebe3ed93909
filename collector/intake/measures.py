"""What the rules of quality look at, measured in one response: a document and its form model in, numbers out. Pure."""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Answer:
    """A question of the form with what was said to it: an answer, or the reason why there is none, or neither (not asked)."""

    node: Mapping[str, Any]
    value: str | None
    reason: str | None

    @property
    def is_asked(self) -> bool:
        """Whether a person answers it: it is shown, and more than a note or a box to tick."""
        control = self.node.get("control")
        return control not in (None, "trigger") and self.node.get("readonly") != "true()"

    @property
    def is_unanswered_by_choice(self) -> bool:
        """Whether it was answered with "don't know" or "declined", as a reason or as a choice."""
        return self.reason is not None or ("itemset" in self.node and self.value in CHOICES_WITHOUT_ANSWER)


def measure(read: Mapping[str, Any], model: Mapping[str, Any] | None) -> Measured:
    """Measure a document as `read` (documents.py) by its form `model`; without one only its moments can be told."""
    measured = measure_times(read)
    if model is None:
        return measured
    said = list(answers_of(model["root"], read["answers"]))
    asked = [answer for answer in said if answer.is_asked and (answer.value or answer.reason)]
    point = next((found for answer in said if (found := read_point(answer))), None)
    return replace(
        measured,
        answered=len(asked),
        unanswered_by_choice=sum(answer.is_unanswered_by_choice for answer in asked),
        same_in_a_row=longest_run(asked),
        latitude=point and point[0],
        longitude=point and point[1],
        spot=point and f"{point[0]:.5f},{point[1]:.5f}",
        answers_hash=hash_answers(asked, model["form"].get("place_path", [])),
    )


def measure_times(read: Mapping[str, Any]) -> Measured:
    """Only how long it took and at what time of the day it was begun, by the phone's clock in the phone's zone."""
    started, finished = read_moment(read.get("started_at", "")), read_moment(read.get("finished_at", ""))
    duration = None if started is None or finished is None else round((finished - started).total_seconds())
    local = None if started is None else _in_zone(started, read.get("tz", ""))
    return Measured(
        duration_s=None if duration is None else max(-MOST, min(MOST, duration)),
        begun_minute=None if local is None else local.hour * 60 + local.minute,
    )


def _in_zone(moment: datetime, tz: str) -> datetime:
    """The moment as the phone showed it. What it wrote with its own offset stays as it stands (A65)."""
    if moment.utcoffset():
        return moment
    try:
        return moment.astimezone(ZoneInfo(tz))
    except (ValueError, OSError, LookupError, OverflowError):
        return moment


def answers_of(node: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Answer]:
    """All questions of a form in its order, those in repeats once for each row, with what was said."""
    for child in node.get("children", ()):
        name, kind = child["name"], child["kind"]
        value = values.get(name)
        if kind == "group" and isinstance(value, dict):
            yield from answers_of(child, value)
        elif kind == "repeat" and isinstance(value, list):
            for row in value:
                if isinstance(row, dict):
                    yield from answers_of(child, row)
        elif kind == "question" and name != "meta":
            reason = values.get(name + KEY)
            yield Answer(child, value if isinstance(value, str) else None, reason if reason in REASONS else None)


def list_of(node: Mapping[str, Any]) -> str | None:
    """The id of the list that a question's choices come from; None for what is no select or names none."""
    found = _LIST.search(node["itemset"].get("nodeset", "")) if "itemset" in node else None
    return found[1] if found else None


def longest_run(asked: Sequence[Answer]) -> int:
    """The longest run of select questions with the same list, one after the other, that have the same answer. One alone is no run."""
    longest = run = 0
    before: tuple[str, str] | None = None
    for answer in asked:
        choices = list_of(answer.node)
        present = None if choices is None or answer.value is None else (choices, answer.value)
        run = run + 1 if present is not None and present == before else 1
        longest = max(longest, run if present is not None else 0)
        before = present
    return longest if longest > 1 else 0


def read_point(answer: Answer) -> tuple[float, float] | None:
    """The first point of an answer, latitude and longitude in degrees; None where there is none on this Earth."""
    if answer.node.get("type") not in POINTS or not answer.value:
        return None
    try:
        latitude, longitude = (float(part) for part in answer.value.split(";")[0].split()[:2])
    except ValueError:
        return None
    is_there = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if is_there else None


def hash_answers(asked: Sequence[Answer], place_path: Sequence[str]) -> str:
    """SHA-256, hex, of what was answered without the place, times, points and files; "" if nothing is left."""
    compared = [
        [answer.node["name"], answer.value, answer.reason]
        for answer in asked
        if answer.node.get("type") not in NOT_COMPARED and answer.node["name"] not in place_path
    ]
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
