"""Forms of the review pages."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import (
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from collector.intake.words import DELETION_REASONS
from collector.store.responses import APPROVED, RECEIVED, REJECTED, RETURNED

#: States that a reviewer gives.
DECIDED = (APPROVED, RETURNED, REJECTED, RECEIVED)
NEEDED = _l("This is needed.")


def stripped(text: str | None) -> str | None:
    """`text` without blanks around it."""
    return text.strip() if text else text


def moment(text: str | None) -> datetime | None:
    """The moment, with its zone, that a page of ours has written; None for anything else."""
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def not_blank(_form: FlaskForm, field: TextAreaField) -> None:
    """Refuse a text that is only blanks."""
    if not field.data:
        raise ValidationError(NEEDED)


def note_field(label: object) -> TextAreaField:
    """A few words of a supervisor, which are needed."""
    return TextAreaField(label, filters=[stripped], validators=[InputRequired(NEEDED), not_blank, Length(max=500)])


class UnsentForm(FlaskForm):
    """Files of unsent responses, chosen together."""

    files = MultipleFileField(_l("Files from phones"), validators=[FileRequired(_l("Choose a file first."))])


class AcceptForm(FlaskForm):
    """A quarantined document becomes a response; of the chosen questionnaire, where it names none that is known."""

    questionnaire = SelectField(_l("Questionnaire"), coerce=int, validate_choice=False)


class AsideForm(FlaskForm):
    """A quarantined document is put aside."""

    note = note_field(_l("Why it is put aside"))


class TakeUpForm(FlaskForm):
    """A document that was put aside is opened again: only a button."""


class ChooseForm(FlaskForm):
    """One revision of a response in conflict becomes current; `seen` is the newest one that the page showed."""

    revision = IntegerField(validators=[InputRequired()])
    seen = IntegerField(validators=[InputRequired()])


class DeleteForm(FlaskForm):
    """A response is erased."""

    reason = RadioField(
        _l("Why it is deleted"),
        choices=[SelectChoice(code, words) for code, words in DELETION_REASONS.items()],
        validators=[InputRequired(NEEDED)],
    )
    note = note_field(_l("The reason in your words"))


def needs_reason(form: FlaskForm, field: TextAreaField) -> None:
    """Refuse to return or reject without a reason."""
    if form.state.data in (RETURNED, REJECTED) and not field.data:
        raise ValidationError(NEEDED)


class DecideForm(FlaskForm):
    """A decision about one response; `seen` is the revision that the page showed."""

    state = StringField(validators=[AnyOf(DECIDED)])
    reason = TextAreaField(_l("Reason"), filters=[stripped], validators=[Length(max=1000), needs_reason])
    seen = IntegerField(validators=[InputRequired()])


class BulkForm(FlaskForm):
    """A decision about many; which ones is read from the request."""

    state = StringField(validators=[AnyOf(DECIDED)])
    which = StringField(validators=[AnyOf(("ticked", "page", "every"))])
    #: When the page was made on which they were chosen; what has come since is left alone.
    seen_at = StringField(filters=[moment])
    reason = TextAreaField(_l("Reason"), filters=[stripped], validators=[Length(max=1000)])


class CommentForm(FlaskForm):
    """A remark about a response."""

    text = TextAreaField(
        _l("Comment"), filters=[stripped], validators=[InputRequired(NEEDED), not_blank, Length(max=2000)]
    )


class EditForm(FlaskForm):
    """Why answers are changed; `base` is the revision that the form was made of. The answers are fields of their own (edit_fields.py)."""

    reason = note_field(_l("Why the answers are changed"))
    base = IntegerField(validators=[InputRequired()])


class ApartForm(FlaskForm):
    """Responses that look alike are not the same: only a button, and their ids."""


class KeysForm(FlaskForm):
    """The questions whose answers together tell the same respondent."""

    keys = SelectMultipleField(_l("Questions"), validate_choice=False)
