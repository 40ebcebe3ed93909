"""Columns of ours in front of the questions and behind them. Pure."""

from collector.export.sheets.columns import Drawing
from collector.export.sheets.headers import Heading
from collector.export.sheets.times import header_ending

#: In front of the main table's questions.
OWN_COLUMNS = (
    "response_id", "version", "revision", "state", "place_code", "place", "author",
    "started_at", "finished_at", "received_at_utc", "flags", "missing_files",
)  # fmt: skip
#: Behind these, where there is anything in them: what was said to being asked for consent, where a version asks for it; what was erased.
ASIDE_COLUMNS = ("consent_state", "erased")
#: Last column of the main table: answers that no version of the questionnaire has, as JSON, so that none is left out.
OTHER_ANSWERS = "other_answers"
_TYPES = {
    "revision": "int", "missing_files": "int", "index": "int",
    "started_at": "dateTime", "finished_at": "dateTime", "received_at_utc": "dateTime",
}  # fmt: skip


def own_types(key: str) -> str:
    """The data type of a column of ours."""
    return _TYPES.get(key, "string")


def own_heading(key: str, drawing: Drawing) -> Heading:
    """Its heading, which says the time zone of moments that are all in one."""
    if own_types(key) != "dateTime":
        return Heading(key, is_own=True)
    ending = header_ending(drawing.options.times, drawing.time_zone)
    # The server writes its own in UTC; as long as nothing else is wanted, the key says it already.
    name = key.removesuffix("_utc") if ending else key
    return Heading(name, ending=ending, is_own=True)
