"""What cells say as numbers: numbers, days, moments and times of the day. Pure."""

import re
from datetime import date, datetime, time

#: Whole numbers below this are exact in a double, the only number that SPSS has.
MOST = 2**53
DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
#: A code of a choice that is the same when it is written as a number again: neither 01 nor +1.
CODE = re.compile(r"0|-?[1-9][0-9]{0,14}")
BOOLEANS = {"true": 1.0, "1": 1.0, "false": 0.0, "0": 0.0}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: SPSS counts seconds from the first day of the Gregorian calendar; it has no day before the one after.
SPSS_EPOCH = datetime(1582, 10, 14)
#: Stata counts days or milliseconds from here.
STATA_EPOCH = datetime(1960, 1, 1)


def read_number(cell: str) -> float:
    """The number. Raises ValueError for what is none, or is too long for a double to hold."""
    if not DECIMAL.fullmatch(cell):
        raise ValueError(cell)
    number = float(cell)
    # The first number that is not exact is taken for the last one that is: 2**53 + 1 reads as 2**53.
    if abs(number) >= MOST:
        raise ValueError(cell)
    return number


def read_code(cell: str) -> float:
    """The number of a choice whose value is a number. Raises ValueError for any other."""
    if not CODE.fullmatch(cell):
        raise ValueError(cell)
    return float(cell)


def read_boolean(cell: str) -> float:
    """1 or 0. Raises ValueError for what is neither."""
    try:
        return BOOLEANS[cell]
    except KeyError:
        raise ValueError(cell) from None


def read_day(cell: str) -> datetime:
    """The start of the day, whatever the zone (A65). Raises ValueError for what is no day, or is before SPSS's first."""
    if not _DAY.fullmatch(cell):
        raise ValueError(cell)
    return _since_epoch(datetime.combine(date.fromisoformat(cell), time()))


def read_moment(cell: str) -> datetime:
    """The moment as a clock in its zone shows it. Raises ValueError for what is none or bears no zone."""
    moment = datetime.fromisoformat(cell)
    if moment.tzinfo is None:
        raise ValueError(cell)
    return _since_epoch(moment.replace(tzinfo=None))


def read_time(cell: str) -> float:
    """Seconds since midnight on the clock that showed it. Raises ValueError for what is no time."""
    shown = time.fromisoformat(cell)
    return shown.hour * 3600 + shown.minute * 60 + shown.second + shown.microsecond / 1_000_000


def _since_epoch(moment: datetime) -> datetime:
    if moment <= SPSS_EPOCH:
        raise ValueError(moment)
    return moment
