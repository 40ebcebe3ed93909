"""Cells of other servers' tables -> answers as the form model writes them (docs/form-model.md, "Answers"). Pure.

Nothing is dropped: what does not fit stays as it is written, and is told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from collector.importing.columns import choice_of
from collector.importing.questions import Question

_INT = re.compile(r"[+-]?\d+")
_WHOLE = re.compile(r"([+-]?\d+)\.0+")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_CHINESE_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_LETTER = re.compile(r"[A-Za-z]{3}")
_BLANK = re.compile(r"\s+")
_POINT = re.compile(r"-?\d+(\.\d+)?( -?\d+(\.\d+)?){1,3}")
#: Days and moments as SurveyCTO and spreadsheet programs in English write them; names of months leave no doubt which number is the day.
_NAMED_DAYS = ("%b %d, %Y", "%d %b %Y", "%d-%b-%Y", "%B %d, %Y", "%d %B %Y")
_NAMED_CLOCKS = (" %I:%M:%S %p", " %H:%M:%S", " %I:%M %p", " %H:%M")
YES, NO = frozenset({"1", "1.0", "true", "yes"}), frozenset({"0", "0.0", "false", "no"})
#: How a text begins that a spreadsheet-safe CSV of Collector has put an apostrophe in front of (A59); it does so with its own, too.
_DEFUSED = re.compile("'+[=+\\-@\t\r]")


@dataclass(frozen=True)
class Fitted:
    """An answer, and whether it is one that the question can have."""

    value: str
    fits: bool = True


def fit(question: Question, text: str) -> Fitted:
    """The answer that a cell with a text gives to a question."""
    if question.control in ("select1", "select", "rank"):
        return _fit_choices(question, text)
    if question.is_file:
        # Briefcase writes the folder in front: `media/1234.jpg`.
        return Fitted(text.strip().replace("\\", "/").removeprefix("media/"))
    convert = CONVERTED.get(question.type)
    if convert is None:
        return Fitted(text)
    value = convert(text.strip())
    return Fitted(text, fits=False) if value is None else Fitted(value)


def _fit_choices(question: Question, text: str) -> Fitted:
    # Choices that only a file beside the form names are not known here; their values are kept as they are.
    if question.choices is None or text in question.choices:
        return Fitted(text)
    stripped = text.strip()
    if not question.is_multiple:
        value = choice_of(question, stripped)
        return Fitted(text, fits=False) if value is None else Fitted(value)
    words = stripped.split()
    if all(word in question.choices for word in words):
        return Fitted(" ".join(words))
    value = choice_of(question, stripped)
    if value is not None:
        return Fitted(value)
    for divider in (",", ";", "|", "，", "、"):
        values = [choice_of(question, word.strip()) for word in stripped.split(divider)]
        if all(value is not None for value in values):
            return Fitted(" ".join(value or "" for value in values))
    return Fitted(text, fits=False)


def join_choices(question: Question, cells: Mapping[str, str]) -> Fitted | None:
    """The answer of a question with a column for each choice, by the choice's value; None where nothing was asked."""
    chosen, fits = [], True
    for value in question.choices or {}:
        cell = cells.get(value, "").strip().casefold()
        # A label in the cell says that it was chosen: older exports write it in place of 1.
        labels = {label.casefold() for label in (question.choices or {})[value]} | {value.casefold()}
        if cell in YES or cell in labels:
            chosen.append(value)
        elif cell and cell not in NO:
            fits = False
    return Fitted(" ".join(chosen), fits) if chosen or not fits else None


def join_point(cells: Mapping[str, str]) -> Fitted | None:
    """A point of its parts, which are named 0 to 3: latitude, longitude, altitude, accuracy; None without any."""
    parts = [cells.get(str(number), "").strip() for number in range(4)]
    while parts and not parts[-1]:
        parts.pop()
    if not parts:
        return None
    text = " ".join(part or "0" for part in parts)
    return Fitted(text, bool(parts[0]) and _POINT.fullmatch(text) is not None)


def without_apostrophe(text: str) -> str:
    """A text of a spreadsheet-safe CSV as it was before."""
    return text[1:] if _DEFUSED.match(text) else text


def _int(text: str) -> str | None:
    if _INT.fullmatch(text):
        return text
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else None


def _decimal(text: str) -> str | None:
    return text if _DECIMAL.fullmatch(text) else None


def _date(text: str) -> str | None:
    """A day; of a moment the day that is written, whatever the zone."""
    day = _DAY.match(text) or _CHINESE_DAY.fullmatch(text)
    if day:
        rest = text[day.end() :]
        if rest and not _TIME.fullmatch(rest.lstrip("T ")):
            return None
        try:
            year, month, number = (int(part) for part in day.groups())
            return date(year, month, number).isoformat()
        except ValueError:
            return None
    moment = _named_moment(text)
    return moment.date().isoformat() if moment else None


def _named_moment(text: str) -> datetime | None:
    if _LETTER.search(text) is None:
        return None
    tidy = _BLANK.sub(" ", text)
    for day in _NAMED_DAYS:
        for clock in ("", *_NAMED_CLOCKS):
            try:
                return datetime.strptime(tidy, day + clock)
            except ValueError:
                continue
    return None


def _time(text: str) -> str | None:
    if _TIME.fullmatch(text):
        return text if text.index(":") == 2 else f"0{text}"
    return None


def moment_text(text: str) -> str | None:
    """A moment in ISO 8601 with the offset that it is written with, if there is one; None for what is no moment."""
    stripped = text.strip()
    try:
        datetime.fromisoformat(stripped)
    except ValueError:
        moment = _named_moment(stripped)
        return moment.isoformat() if moment else None
    if len(stripped) <= len("2026-01-01"):
        return None
    return stripped.replace(" ", "T", 1)


def _boolean(text: str) -> str | None:
    lower = text.casefold()
    return "true" if lower in YES else "false" if lower in NO else None


def _point(text: str) -> str | None:
    tidy = _BLANK.sub(" ", text)
    return tidy if _POINT.fullmatch(tidy) else None


#: How the cells of each data type are read; a type that is not here holds any text.
CONVERTED = {
    "int": _int,
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "dateTime": moment_text,
    "boolean": _boolean,
    "geopoint": _point,
}
