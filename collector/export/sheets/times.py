"""Moments in the time zone that an export wants (A66). Pure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from collector.export import options
from collector.export.sheets.sheet import Cell

#: Fraction of a second as forms write it: between milliseconds and what Python can hold.
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")

Change = Callable[[Cell], Cell]


def moment_change(times: str, time_zone: str) -> Change | None:
    """What is done to a cell with a moment. None: it stays as it was written, with the offset that it was written with."""
    if times == options.OFFSET:
        return None
    zone = UTC if times == options.UTC else ZoneInfo(time_zone)

    def change(cell: Cell) -> Cell:
        return moment_in(cell, zone) if cell else cell

    return change


def moment_in(written: str, zone: tzinfo) -> str:
    """A moment in another zone, which it goes on to name. What names no zone, or is no moment, stays as it is."""
    try:
        moment = datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", written))
        if moment.tzinfo is None:
            return written
        moved = moment.astimezone(zone)
    except (ValueError, OverflowError):
        return written
    precision = "microseconds" if moved.microsecond % 1000 else "milliseconds"
    text = moved.isoformat(timespec=precision)
    return text.replace("+00:00", "Z") if zone is UTC else text


def header_ending(times: str, time_zone: str) -> str:
    """What the header of a column of moments ends with, so that nobody has to guess."""
    if times == options.OFFSET:
        return ""
    return "_utc" if times == options.UTC else "_" + time_zone.replace("/", "_")
