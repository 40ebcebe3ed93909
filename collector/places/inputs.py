"""Forms of the places pages."""

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from collector.errors import CollectorError
from collector.languages import local_day
from collector.places.place_table import MAX_CODE, MAX_NAME, MAX_NOTE
from collector.store.places import ALWAYS

NEEDED = _l("This is needed.")
TOO_LONG = _l("This is too long.")
#: Rows of the form that splits a place.
PARTS = 4
#: Which field an error is shown beside, where a form has it; others are shown above the form.
FIELD_OF_ERROR = {
    "place_code_taken": ("code",),
    "place_unknown": ("parent", "into"),
    "place_ambiguous": ("parent", "into"),
    "place_not_standing": ("parent", "into"),
    "place_in_circle": ("parent", "into"),
    "place_day_future": ("on",),
    "place_day_early": ("on",),
}


def stripped(text: str | None) -> str:
    """`text` without blanks around it."""
    return (text or "").strip()


def in_the_past(_form: Form, field: DateField) -> None:
    """Refuse a day to come, and one before anybody kept places."""
    if field.data and field.data > local_day():
        raise ValidationError(CollectorError("place_day_future").message)
    if field.data and field.data < ALWAYS:
        raise ValidationError(_l("The year must be 1900 or later."))


def text_field(label: object, maximum: int, *, is_needed: bool = False) -> StringField:
    """A text without blanks around it."""
    validators = [DataRequired(NEEDED)] if is_needed else []
    return StringField(label, filters=[stripped], validators=[*validators, Length(max=maximum, message=TOO_LONG)])


def day_field() -> DateField:
    """The day from which a change holds."""
    return DateField(_l("From which day"), default=local_day, validators=[InputRequired(NEEDED), in_the_past])


class NamesForm(FlaskForm):
    """Names in both languages, one of which is needed."""

    name_zh = text_field(_l("Name in Chinese"), MAX_NAME)
    name_en = text_field(_l("Name in English"), MAX_NAME)

    @property
    def names(self) -> Mapping[str, str]:
        """The names that were filled in, by language."""
        return {code: field.data for code, field in (("zh", self.name_zh), ("en", self.name_en)) if field.data}

    def validate_name_zh(self, _field: StringField) -> None:
        """Ask for a name in one of the languages."""
        if not self.names:
            raise ValidationError(_l("A place needs a name in one of the two languages."))


class AddForm(NamesForm):
    """A new place; without a day it was there from the start."""

    code = text_field(_l("Place code"), MAX_CODE, is_needed=True)
    parent = text_field(_l("Under which place"), MAX_NAME)
    note = text_field(_l("Note"), MAX_NOTE)
    on = DateField(_l("From which day"), default=local_day, validators=[Optional(), in_the_past])


class RenameForm(NamesForm):
    """A place is called otherwise."""

    on = day_field()


class MoveForm(FlaskForm):
    """A place goes under another one; without one, to the top."""

    parent = text_field(_l("Under which place"), MAX_NAME)
    on = day_field()


class MergeForm(FlaskForm):
    """A place becomes part of another one."""

    into = text_field(_l("Into which place"), MAX_NAME, is_needed=True)
    on = day_field()


class PartForm(Form):
    """One of the places that come of a split."""

    code = text_field(_l("Place code"), MAX_CODE)
    name_zh = text_field(_l("Name in Chinese"), MAX_NAME)
    name_en = text_field(_l("Name in English"), MAX_NAME)

    @property
    def names(self) -> Mapping[str, str]:
        """The names that were filled in, by language."""
        return {code: field.data for code, field in (("zh", self.name_zh), ("en", self.name_en)) if field.data}

    @property
    def is_filled(self) -> bool:
        """Whether anything stands in this row."""
        return bool(self.code.data or self.names)

    def validate_code(self, field: StringField) -> None:
        """A row with anything in it needs a code and a name."""
        if self.is_filled and not (field.data and self.names):
            raise ValidationError(_l("Each part needs a code and a name in one of the two languages."))


class SplitForm(FlaskForm):
    """A place becomes several; its earlier responses count for one of them, or for the place above."""

    parts = FieldList(FormField(PartForm), min_entries=PARTS, max_entries=PARTS)
    heir = RadioField(
        _l("Its earlier responses count for"),
        choices=[
            SelectChoice("", _l("the place above it")),
            *(SelectChoice(str(n), _l("part %(number)s", number=n + 1)) for n in range(PARTS)),
        ],
        default="",
    )
    on = day_field()

    def validate_heir(self, field: RadioField) -> None:
        """Refuse a part that was left empty."""
        if field.data and not self.parts[int(field.data)].form.is_filled:
            raise ValidationError(_l("This part is empty. Choose one that is filled in."))


class EndForm(FlaskForm):
    """A place is no more."""

    on = day_field()


class FileForm(FlaskForm):
    """A file to look at first."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])


class ApplyForm(FlaskForm):
    """An import that somebody has looked at: the file again, by its SHA-256, and from which day it holds."""

    sha256 = HiddenField(validators=[InputRequired()])
    name = HiddenField()
    on = DateField(_l("From which day"), default=local_day, validators=[Optional(), in_the_past])
    end_missing = BooleanField(_l("End the places that are not in the file"))

    @property
    def since(self) -> date:
        """The day from which it holds."""
        return self.on.data or ALWAYS


def show_error(form: FlaskForm, error: CollectorError) -> None:
    """Put an error beside the field that it is about, or above the form."""
    for name in FIELD_OF_ERROR.get(error.code, ()):
        if name in form._fields:
            form[name].errors = [*form[name].errors, error.message]
            return
    form.form_errors.append(error.message)
