"""What the server notices about a response. Flags inform; they never refuse."""

from datetime import UTC, datetime, timedelta
from typing import Any

from collector.intake.documents import Document
from collector.intake.placing import Placed
from collector.intake.unanswered import in_given_rows
from collector.intake.windows import corrected, judge
from collector.questionnaires.engine import Checked, Engine

#: Difference of the clocks from which a response is flagged, milliseconds.
CLOCK_TOLERANCE_MS = 15 * 60 * 1000


def flag(code: str, path: str = "", message: str = "") -> dict[str, str]:
    """One flag; `message` holds no answer."""
    return {"code": code, "path": path, "message": message}


def check_document(
    document: Document, placed: Placed, clock_offset_ms: int | None, engine: Engine, *, has_time: bool = True
) -> Checked:
    """All that is to be noticed about a document: its origin, its clock, and what the engine's check says if it `has_time`."""
    read = document.read
    flags: list[dict[str, Any]] = []
    if placed.place_code and placed.place_id is None:
        flags.append(flag("unknown_place"))
    # What was imported from another server names nobody of this one.
    if placed.author_id is None and (read["author"] is not None or read["source"] != "import"):
        flags.append(flag("unknown_author"))
    if read["deprecated"] and read["base"] is None:
        flags.append(flag("edition_of_unknown"))
    if clock_offset_ms is not None and abs(clock_offset_ms) > CLOCK_TOLERANCE_MS:
        flags.append(flag("clock_differs"))
    if placed.model is None:
        return Checked([*flags, flag("unknown_version")])
    if not has_time:
        return Checked([*flags, flag("check_timed_out", message="There was no time left for the check.")])
    model = placed.model
    finished = parse_moment(read["finished_at"])
    checked = engine.check(
        model.model_hash,
        model.model_json,
        read["answers"],
        now_ms=round(finished.timestamp() * 1000),
        tz=read["tz"],
        offset_minutes=round((finished.utcoffset() or timedelta()).total_seconds() / 60),
        read_list=model.read_list,
    )
    unanswered = checked.unanswered
    return Checked(flags + checked.flags, None if unanswered is None else in_given_rows(unanswered, read["answers"]))


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment, in UTC if it names no zone; the present moment if it is none."""
    return read_moment(text) or datetime.now(UTC)


def judge_window(document: Document, placed: Placed, clock_offset_ms: int | None, received_at: datetime) -> str | None:
    """What is to be said of a document by when it was finished and received: a verdict of windows.py, or None."""
    finished_at = corrected(read_moment(document.read["finished_at"]), clock_offset_ms)
    return judge(placed.window, finished_at, received_at)


def read_moment(text: str) -> datetime | None:
    """An ISO 8601 moment, in UTC if it names no zone; None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
