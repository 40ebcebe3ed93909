"""Forms of the account pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from collector.languages import LANGUAGES
from collector.store.people import OWNER, SUPERVISOR

LANGUAGE_CHOICES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
REQUIRED = InputRequired(_l("This is needed."))


def stripped(text: str | None) -> str | None:
    """`text` without blanks around it."""
    return text.strip() if text else text


def folded(text: str | None) -> str | None:
    """`text` as logins are kept, case-folded; that may be longer than what was typed."""
    return text.casefold() if text else text


def not_blank(_form: FlaskForm, field: StringField) -> None:
    """Refuse a text that is only blanks."""
    if not field.data:
        raise ValidationError(_l("This is needed."))


class SignInForm(FlaskForm):
    """Login and password."""

    login = StringField(_l("Login"), validators=[REQUIRED, Length(max=100)])
    password = PasswordField(_l("Password"), validators=[REQUIRED, Length(max=500)])
    next = HiddenField()


class LanguageForm(FlaskForm):
    """Which language pages speak from now on."""

    language = RadioField(choices=LANGUAGE_CHOICES)
    next = HiddenField()


class VolunteerForm(FlaskForm):
    """A new volunteer."""

    name = StringField(_l("Name"), filters=[stripped], validators=[REQUIRED, not_blank, Length(max=200)])
    language = RadioField(_l("Language"), choices=LANGUAGE_CHOICES, default="zh")
    places = SelectMultipleField(_l("Communities"), coerce=int)


class PlacesForm(FlaskForm):
    """The communities of a volunteer."""

    places = SelectMultipleField(_l("Communities"), coerce=int)


class OfficeUserForm(FlaskForm):
    """A new person of the office; the password is generated."""

    name = StringField(_l("Name"), filters=[stripped], validators=[REQUIRED, not_blank, Length(max=200)])
    login = StringField(_l("Login"), filters=[stripped, folded], validators=[REQUIRED, not_blank, Length(max=100)])
    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(SUPERVISOR, _l("Supervisor")), SelectChoice(OWNER, _l("Owner"))],
        default=SUPERVISOR,
    )
    language = RadioField(_l("Language"), choices=LANGUAGE_CHOICES, default="zh")
