"""The form of an export's options, and the options that it stands for."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional, ValidationError

from collector.export.formats import FORMATS
from collector.export.options import (
    BOTH,
    DISTRICT,
    LABEL,
    LABELS,
    NAME,
    OFFSET,
    ONE,
    PATH,
    SPLIT,
    TABLES,
    UTC,
    VALUES,
    WIDE,
    Options,
)
from collector.store.responses import APPROVED, RECEIVED, REJECTED, RESUBMITTED, RETURNED

STATES = (
    (RECEIVED, _l("received")),
    (RESUBMITTED, _l("sent again")),
    (RETURNED, _l("returned")),
    (APPROVED, _l("approved")),
    (REJECTED, _l("rejected")),
)
DAY = _l("This is no day. Write it as 2026-05-31.")


class ExportForm(FlaskForm):
    """The options of an export in words. What is ticked is what changes the file, so that nothing ticked is the usual file."""

    format = RadioField(_l("Format"), choices=[(code, one.title) for code, one in FORMATS.items()])
    choices = RadioField(
        _l("Answers to choices"), choices=[(VALUES, _l("their codes, as in the form")), (LABELS, _l("their texts"))]
    )
    language = SelectField(_l("Language of texts"), validate_choice=True)
    headers = RadioField(
        _l("Names of columns"),
        choices=[(PATH, _l("group/name")), (NAME, _l("name")), (LABEL, _l("text of the question"))],
    )
    without_groups = BooleanField(_l("Leave groups out of the names of columns, where that is unambiguous"))
    multiple = RadioField(
        _l("Questions with several choices"),
        choices=[
            (ONE, _l("one column")),
            (SPLIT, _l("a column of 0 and 1 for each choice")),
            (BOTH, _l("both")),
        ],
    )
    repeats = RadioField(
        _l("Repeats"),
        choices=[(TABLES, _l("tables of their own")), (WIDE, _l("numbered columns in the main table"))],
    )
    times = RadioField(
        _l("Moments"),
        choices=[
            (OFFSET, _l("as the phone wrote them, with its offset")),
            (DISTRICT, _l("in the district's time zone")),
            (UTC, _l("in UTC")),
        ],
    )
    versions = SelectMultipleField(_l("Versions of the form"), coerce=int)
    states = SelectMultipleField(_l("States of review"), choices=STATES)
    places = SelectMultipleField(_l("Places"))
    since = DateField(_l("Arrived from"), validators=[Optional()])
    until = DateField(_l("Arrived until"), validators=[Optional()])
    test = BooleanField(_l("Also test responses"))
    without_personal = BooleanField(_l("Without personal answers"))
    raw = BooleanField(_l("CSV: leave texts that a spreadsheet would run as formulas as they were typed"))
    without_mark = BooleanField(_l("CSV: without the byte-order mark that Excel needs for Chinese"))
    not_asked = StringField(
        _l("CSV: what stands where a question was not asked"),
        validators=[Length(max=20)],
        filters=[lambda text: (text or "").strip()],
    )

    def validate_since(self, field: Any) -> None:
        """Refuse what is no day."""
        self._require_day(field)

    def validate_until(self, field: Any) -> None:
        """Refuse what is no day, or a day before the first one."""
        self._require_day(field)
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(str(_l("The last day is before the first.")))

    def _require_day(self, field: Any) -> None:
        if field.raw_data and field.raw_data[0] and field.data is None:
            field.errors = []
            raise ValidationError(str(DAY))

    def options(self) -> Options:
        """The options that were chosen. Raises CollectorError `export_option` for what only a forged form can hold."""
        same = ("format", "choices", "language", "headers", "multiple", "repeats", "times", "not_asked")
        many = ("versions", "states", "places")
        args: dict[str, Any] = {name: self[name].data or "" for name in same}
        args |= {name: [str(value) for value in self[name].data or ()] for name in many}
        args |= {name: self[name].data.isoformat() for name in ("since", "until") if self[name].data}
        opposites = {"groups": "without_groups", "personal": "without_personal", "safe": "raw", "bom": "without_mark"}
        args |= {name: "0" if self[other].data else "1" for name, other in opposites.items()}
        return Options.from_args(args | {"test": "1" if self.test.data else "0"})


def form_values(options: Options) -> dict[str, Any]:
    """What the form shows for these options."""
    same = (
        "format",
        "choices",
        "language",
        "headers",
        "multiple",
        "repeats",
        "times",
        "since",
        "until",
        "test",
        "not_asked",
    )
    return {name: getattr(options, name) for name in same} | {
        "versions": list(options.versions),
        "states": list(options.states),
        "places": list(options.places),
        "without_groups": not options.groups,
        "without_personal": not options.personal,
        "raw": not options.safe,
        "without_mark": not options.bom,
    }
