"""Forms of the account pages."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from collector.accounts.role_names import EXPLAINED, NAMES
from collector.accounts.weak_passwords import is_weak
from collector.languages import LANGUAGES
from collector.store.people import SUPERVISOR

LANGUAGE_CHOICES = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
REQUIRED = InputRequired(_l("This is needed."))
#: Characters that a password which somebody chose has at least.
MIN_PASSWORD = 10
KEEP, CHANGE, ADD = "keep", "change", "add"


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


def name_field() -> StringField:
    """The name of a person."""
    return StringField(_l("Name"), filters=[stripped], validators=[REQUIRED, not_blank, Length(max=200)])


def language_field() -> RadioField:
    """The language that pages and cards speak to a person."""
    return RadioField(_l("Language"), choices=LANGUAGE_CHOICES, default="zh")


class SignInForm(FlaskForm):
    """Login and password."""

    login = StringField(_l("Login"), validators=[REQUIRED, Length(max=100)])
    password = PasswordField(_l("Password"), validators=[REQUIRED, Length(max=500)])
    next = HiddenField()


class CodeForm(FlaskForm):
    """The code of the second step."""

    code = StringField(_l("Code"), filters=[stripped], validators=[REQUIRED, not_blank, Length(max=40)])
    next = HiddenField()


class LanguageForm(FlaskForm):
    """Which language pages speak from now on."""

    language = RadioField(choices=LANGUAGE_CHOICES)
    next = HiddenField()


class VolunteerForm(FlaskForm):
    """A new volunteer."""

    name = name_field()
    language = language_field()
    places = SelectMultipleField(_l("Communities to visit"), coerce=int)
    questionnaires = SelectMultipleField(_l("Questionnaires"), coerce=int)


class WorkForm(FlaskForm):
    """The places of a person, and the questionnaires of a volunteer."""

    places = SelectMultipleField(_l("Communities to visit"), coerce=int)
    questionnaires = SelectMultipleField(_l("Questionnaires"), coerce=int)


class OfficePlacesForm(FlaskForm):
    """The places that somebody of the office answers for."""

    places = SelectMultipleField(_l("Answers for"), coerce=int)


class RoleFields:
    """Role, and whether an analyst sees personal fields."""

    role = RadioField(
        _l("Role"),
        choices=[SelectChoice(role, NAMES[role]) for role in EXPLAINED],
        default=SUPERVISOR,
    )
    hides_personal = BooleanField(_l("Without personal answers (reviewers and analysts)"))


class OfficeUserForm(RoleFields, FlaskForm):
    """A new person of the office; the password is generated."""

    name = name_field()
    login = StringField(_l("Login"), filters=[stripped, folded], validators=[REQUIRED, not_blank, Length(max=100)])
    language = language_field()
    places = SelectMultipleField(_l("Answers for"), coerce=int)


class PersonForm(FlaskForm):
    """Name and language of a person."""

    name = name_field()
    language = language_field()


class OfficePersonForm(RoleFields, PersonForm):
    """The same of a person of the office, with the role."""


class TeamForm(FlaskForm):
    """What several volunteers get at once."""

    how_places = RadioField(
        _l("Communities to visit"),
        choices=[
            SelectChoice(KEEP, _l("Leave them as they are")),
            SelectChoice(CHANGE, _l("Move: only those chosen below")),
            SelectChoice(ADD, _l("Add those chosen below")),
        ],
        default=KEEP,
    )
    places = SelectMultipleField(_l("Communities to visit"), coerce=int)
    how_questionnaires = RadioField(
        _l("Questionnaires"),
        choices=[
            SelectChoice(KEEP, _l("Leave them as they are")),
            SelectChoice(CHANGE, _l("Only those chosen below")),
        ],
        default=KEEP,
    )
    questionnaires = SelectMultipleField(_l("Questionnaires"), coerce=int)


class CardsForm(FlaskForm):
    """What becomes of earlier codes when new cards are printed."""

    earlier = RadioField(
        _l("Earlier codes and phones"),
        choices=[
            SelectChoice(KEEP, _l("They go on working")),
            SelectChoice(CHANGE, _l("They are taken back: only the new cards let a phone in")),
        ],
        default=KEEP,
    )


class VolunteerFileForm(FlaskForm):
    """A table of volunteers."""

    file = FileField(_l("CSV or Excel file"), validators=[FileRequired(_l("Choose a file."))])


class VolunteerApplyForm(FlaskForm):
    """The same table, kept since its preview."""

    sha256 = HiddenField(validators=[Regexp(r"^[0-9a-f]{64}$")])
    name = HiddenField(validators=[Length(max=255)])


class ConfirmForm(FlaskForm):
    """Nothing but the token of the page."""


class OwnPasswordForm(FlaskForm):
    """A new password of one's own. `logins`: what a guesser knows the person by."""

    logins: Sequence[str] = ()

    old = PasswordField(_l("Present password"), validators=[REQUIRED, Length(max=500)])
    new = PasswordField(
        _l("New password"),
        validators=[
            REQUIRED,
            Length(min=MIN_PASSWORD, message=_l("At least %(number)s characters.", number=MIN_PASSWORD)),
            Length(max=500),
        ],
    )
    again = PasswordField(_l("New password once more"), validators=[REQUIRED])

    def validate_new(self, field: Any) -> None:
        """Refuse what is soon guessed."""
        if is_weak(field.data or "", [current_user.name, *self.logins]):
            raise ValidationError(
                _l(
                    "This is soon guessed: a common password, a name, or a pattern. Take several words that do not belong together."
                )
            )

    def validate_again(self, field: Any) -> None:
        """Refuse what differs: it cannot be read on the screen."""
        if field.data != self.new.data:
            raise ValidationError(_l("This is not the same as the new password."))


class OwnPasswordOnlyForm(FlaskForm):
    """One's password, for what changes how one signs in."""

    password = PasswordField(_l("Your password"), validators=[REQUIRED, Length(max=500)])


class OwnLanguageForm(FlaskForm):
    """The language in which the office speaks to one."""

    language = language_field()
