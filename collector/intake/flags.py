"""What the server notices about a response. Flags inform; they never refuse."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

from collector.intake.consent import lacks_consent
from collector.intake.documents import Document
from collector.intake.placing import Placed
from collector.intake.unanswered import in_given_rows
from collector.intake.windows import corrected, judge
from collector.questionnaires.engine import Asked, Checked, Engine
from collector.questionnaires.published import FormModel

#: Difference of the clocks from which a response is flagged, milliseconds.
CLOCK_TOLERANCE_MS = 15 * 60 * 1000


def flag(code: str, path: str = "", message: str = "") -> dict[str, str]:
    """One flag; `message` holds no answer."""
    return {"code": code, "path": path, "message": message}


def check_document(document: Document, placed: Placed, clock_offset_ms: int | None, engine: Engine) -> Checked:
    """All that is to be noticed about a document: its origin, its clock, and what the engine's check says."""
    return check_documents([(document, placed, clock_offset_ms)], engine)[0]


def check_documents(
    items: Sequence[tuple[Document, Placed, int | None]], engine: Engine, deadline: float = inf
) -> list[Checked]:
    """The same for many, each with the offset of its sender's clock, milliseconds.

    Those that the engine does not reach by `deadline` (`monotonic`) are flagged so.
    """
    asked = {
        at: _asked(document, placed.model)
        for at, (document, placed, _) in enumerate(items)
        if _is_checked(document, placed)
    }
    said = dict(zip(asked, engine.check_all([one for one in asked.values() if one], deadline), strict=True))
    found = []
    for at, (document, placed, clock_offset_ms) in enumerate(items):
        flags = origin_flags(document, placed, clock_offset_ms)
        checked = said.get(at)
        if checked is None:
            code = "unknown_version" if placed.model is None else "check_skipped_too_large"
            found.append(Checked([*flags, flag(code)]))
            continue
        unanswered = checked.unanswered
        kept = None if unanswered is None else in_given_rows(unanswered, document.read["answers"])
        found.append(Checked(flags + checked.flags, kept))
    return found


def origin_flags(document: Document, placed: Placed, clock_offset_ms: int | None) -> list[dict[str, Any]]:
    """What is to be noticed about where a document comes from, its clock, and its consent."""
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
    if placed.model is not None and lacks_consent(placed.model.tree, read["answers"], placed.reception.personal_fields):
        flags.append(flag("no_consent"))
    return flags


def _is_checked(document: Document, placed: Placed) -> bool:
    return placed.model is not None and not document.is_vast


def _asked(document: Document, model: FormModel | None) -> Asked | None:
    if model is None:
        return None
    finished = parse_moment(document.read["finished_at"])
    return Asked(
        model.model_hash,
        model.model_json,
        document.read["answers"],
        now_ms=round(finished.timestamp() * 1000),
        tz=document.read["tz"],
        offset_minutes=round((finished.utcoffset() or timedelta()).total_seconds() / 60),
        read_list=model.read_list,
    )


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
