"""The offsets of time zones, for an engine that knows none."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=64)
def zone_table(name: str) -> tuple[tuple[int, int], ...] | None:
    """Give the offsets of a time zone, None where there is no such zone.

    Shape: `((from_ms, minutes_east), …)`, ascending, for 1900 to 2100; the first holds before its moment too.
    """
    try:
        zone = ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None

    def offset(moment: datetime) -> timedelta:
        return moment.astimezone(zone).utcoffset() or timedelta()

    # No zone has kept an offset for less than two weeks since 1900 but in a handful of war-time cases.
    step, moment, end = timedelta(days=14), datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    table = [(_milliseconds(moment), _minutes(offset(moment)))]
    while moment < end:
        later = moment + step
        if offset(moment) != offset(later):
            low, high = moment, later
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset(middle) == offset(moment) else (low, middle)
            table.append((_milliseconds(high.replace(microsecond=0)), _minutes(offset(later))))
        moment = later
    return tuple(table)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _minutes(offset: timedelta) -> int:
    return round(offset.total_seconds() / 60)
