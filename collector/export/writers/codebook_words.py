"""Words of a codebook in the present language: of types, of our own columns, and of how each format writes that there is no answer."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from collector.export.sheets.sheet import INDICATOR
from collector.export.writers.statistics import missing_codes
from collector.export.writers.statistics.plan import NO_CODES, NOT_OF_TYPE

TYPES: dict[str, Any] = {
    "string": _l("Text"),
    "int": _l("Whole number"),
    "decimal": _l("Number"),
    "boolean": _l("True or false"),
    "date": _l("Day"),
    "time": _l("Time of day"),
    "dateTime": _l("Day and time"),
    "geopoint": _l("Place: latitude, longitude in degrees, height, accuracy in metres"),
    "geotrace": _l("Line of places"),
    "geoshape": _l("Area of places"),
    "barcode": _l("Barcode"),
    "binary": _l("Name of a file"),
    "odk:rank": _l("Choices in the order of preference"),
    "one": _l("One choice"),
    "several": _l("Several choices, with blanks between"),
    INDICATOR: _l("1: chosen, 0: not chosen"),
}
OWN_COLUMNS: dict[str, Any] = {
    "response_id": _l("Identifies the response; joins all tables"),
    "version": _l("Version of the questionnaire that it was filled in with"),
    "revision": _l("1: as it was sent; higher: how often it was changed and sent again, and one"),
    "state": _l("State of review: received, approved, returned, resubmitted or rejected"),
    "place_code": _l("Code of the place"),
    "place": _l("Names of the place"),
    "author": _l("Who filled it in"),
    "started_at": _l("When it was begun, by the phone's clock"),
    "finished_at": _l("When it was finished, by the phone's clock"),
    "received_at_utc": _l("When it arrived at the server, in UTC"),
    "flags": _l("What the server noticed, as codes with blanks between"),
    "missing_files": _l("Number of its files that have not arrived"),
    "consent_state": _l(
        "What the respondent said when asked for consent: given or refused; empty: was not asked, or said nothing"
    ),
    "erased": _l("What was erased later, on request or after its time: personal answers, or all"),
    "other_answers": _l("Answers that no version asks for, as JSON"),
    "parent_key": _l("Key of the row that this one belongs to: of the response or of an outer repeat"),
    "key": _l("Identifies the row"),
    "index": _l("Number of the row in its repeat, from 1"),
}
MISSING: dict[str, Any] = {
    missing_codes.NOT_ASKED: _l("not asked"),
    missing_codes.DONT_KNOW: _l("does not know"),
    missing_codes.DECLINED: _l("declined"),
}
WHY_TEXT: dict[str, Any] = {
    NOT_OF_TYPE: _l(
        "Text in SPSS and Stata: some answers are not of the question's type, or have more digits than a number keeps"
    ),
    NO_CODES: _l("Text in SPSS and Stata: its answers leave no number free that could stand for “not asked”"),
}
#: Formats, and how each writes: asked and no answer; not asked; why there is no answer.
RULES: tuple[tuple[str, Any, Any, Any], ...] = (
    ("CSV", _l("empty"), _l("empty, or the text that was chosen for it"), _l("in a column of its own")),
    ("Excel", _l("blank cell"), _l("blank cell, or the text that was chosen for it"), _l("in a column of its own")),
    (
        "SPSS",
        _l("system-missing; text: empty"),
        _l("user-missing number with a label; text: empty"),
        _l("user-missing number with a label; and in a column of its own"),
    ),
    (
        "Stata",
        _l(". ; text: empty"),
        _l(".c ; text: empty"),
        _l(".a (does not know), .b (declined); and in a column of its own"),
    ),
    ("Parquet", _l("null; text: empty"), _l("null"), _l("in a column of its own")),
    ("NDJSON", _l("null"), _l("the key is not there"), _l("under the question's name with “@missing” behind it")),
    ("GeoJSON", _l("null"), _l("the key is not there"), _l("in a property of its own")),
)


def type_of(type: str) -> str:
    """What a type holds."""
    return str(TYPES.get(type, TYPES["string"]))


def own_column(key: str) -> str:
    """What a column of ours holds; "" for one that has no words."""
    return str(OWN_COLUMNS.get(key, ""))


def reason_of(name: str) -> str:
    """What the column of reasons of the column `name` holds."""
    return str(gettext("Why “%(name)s” has no answer: dont_know, declined", name=name))


def missing_kind(kind: str) -> str:
    """Why there is no answer."""
    return str(MISSING[kind])


def why_text(reason: str) -> str:
    """Why a column is text in SPSS and Stata; "" without a reason."""
    return str(WHY_TEXT[reason]) if reason else ""


#: What holds for all columns.
NOTES = (
    _l("Names and columns are those of an export with the same options."),
    _l(
        "Of responses that came before the server kept what was asked, nobody knows whether a question without an answer was "
        "asked: there it is written as one that was, unless their version has no such question."
    ),
    _l("Texts stay as they were written: leading zeros and long numbers are kept. A day is a day in any time zone."),
    _l(
        "Columns that end in -latitude, -longitude, -altitude and -accuracy are the parts of the place in front of them."
    ),
)
