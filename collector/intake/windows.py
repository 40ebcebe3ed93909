"""Whether a response was finished while its questionnaire was open. Pure, over plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Verdicts that keep a document in quarantine: reasons of `quarantine.py`.
BEFORE_OPEN, AFTER_CLOSE = "finished_before_open", "finished_after_close"
#: Verdict about what was finished in time and came after the closing: a flag.
LATE = "late"


@dataclass(frozen=True)
class Window:
    """When a questionnaire is open; None: without a limit on that side."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None


def judge(window: Window, finished_at: datetime | None, received_at: datetime) -> str | None:
    """What is to be said of a response by its moments: a verdict, or None.

    Without a `finished_at` nothing proves that it was finished outside the window.
    """
    if finished_at is not None:
        if window.opens_at is not None and finished_at < window.opens_at:
            return BEFORE_OPEN
        if window.closes_at is not None and finished_at > window.closes_at:
            return AFTER_CLOSE
    return LATE if window.closes_at is not None and received_at > window.closes_at else None


def corrected(finished_at: datetime | None, clock_offset_ms: int | None) -> datetime | None:
    """The phone's moment by the server's clock; as it is where the offset is not known. None for what no calendar holds."""
    if finished_at is None:
        return None
    try:
        return finished_at - timedelta(milliseconds=clock_offset_ms or 0)
    except OverflowError:
        return None
