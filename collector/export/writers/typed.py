"""What a cell says as a number, a day or a moment; None where a type would not keep all of it. Pure.

An answer's text is the truth: where a number or a date would lose a digit, a leading zero or an offset, it stays text.
"""

import re
from datetime import date, datetime
from decimal import Decimal

#: Digits that a double holds whatever they are (IEEE 754), and the most that Excel shows of a number.
SAFE_DIGITS = 15
WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?[0-9]+\.?[0-9]*|-?\.[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: A moment that says its zone.
MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)(Z|[+-][0-9]{2}:?[0-9]{2})"
)
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def whole_number(text: str) -> int | None:
    """The whole number that `text` writes; not with a leading zero or plus, which it would lose (A58)."""
    return int(text) if len(text) <= 20 and WHOLE.fullmatch(text) else None


def decimal_number(text: str) -> float | None:
    """The double that is exactly as much as `text`, or that is written so: 0.1 is, 9007199254740993 is not."""
    if len(text) > 40 or not DECIMAL.fullmatch(text) or _has_leading_zero(text):
        return None
    number = float(text)
    if len(text) <= SAFE_DIGITS or Decimal(text) in (Decimal(repr(number)), Decimal(f"{number:.17g}")):
        return number
    return None


def day(text: str) -> date | None:
    """The day; in whatever zone somebody looks at it (A65)."""
    if not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def wall_time(text: str) -> datetime | None:
    """Day and time of a moment as they are written, without the zone; None for one that says none."""
    found = MOMENT.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[1])
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """The moment with its offset; None for a time that says no zone."""
    if not MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def truth(text: str) -> bool | None:
    """Whether it is true."""
    return TRUTHS.get(text)


def _has_leading_zero(text: str) -> bool:
    digits = text.lstrip("-")
    return len(digits) > 1 and digits[0] == "0" and digits[1] != "."
