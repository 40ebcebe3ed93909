"""Forms of the questionnaire pages."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import DateTimeLocalField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from collector.languages import LANGUAGES
from collector.questionnaires.settings_sheet import FORM_ID, LENGTH_LIMITS
from collector.store import Version

FORM_ID_LIMIT, TITLE_LIMIT = LENGTH_LIMITS["form_id"], LENGTH_LIMITS["form_title"]
#: What the names of fields for titles in further languages begin with.
TITLE_IN = "title_"
CHOOSE_FIRST = _l("Choose a file first.")


class UploadForm(FlaskForm):
    """A workbook and the files that it names, or a .zip with all of it, chosen together."""

    workbook = MultipleFileField(_l("Excel workbook (XLSForm)"), validators=[FileRequired(CHOOSE_FIRST)])


class FilesForm(FlaskForm):
    """Files for a version that is there already."""

    files = MultipleFileField(_l("Lists and media"), validators=[FileRequired(CHOOSE_FIRST)])


def in_this_age(_form: FlaskForm, field: DateTimeLocalField) -> None:
    """Refuse years that no survey has; the ends of the calendar have no equivalent in another zone."""
    if field.data and not 2000 <= field.data.year <= 2200:
        raise ValidationError(_l("The year must be between 2000 and 2200."))


def moment_field(label: object) -> DateTimeLocalField:
    """A moment in the district's time zone, or nothing. Without a zone: that is `local_moment`'s part."""
    return DateTimeLocalField(
        label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], validators=[Optional(), in_this_age]
    )


class WindowForm(FlaskForm):
    """When a questionnaire is open."""

    opens_at = moment_field(_l("Opens"))
    closes_at = moment_field(_l("Closes"))

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        """Refuse a window that closes before it opens."""
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_l("It has to close after it opens."))


def trimmed(text: str | None) -> str:
    """What was typed, without blanks at its ends."""
    return (text or "").strip()


class DuplicateForm(FlaskForm):
    """Id and title of a copy. Titles in further languages are the fields whose names begin with `title_`."""

    form_id = StringField(_l("Form id"), filters=[trimmed], validators=[DataRequired(), Length(max=FORM_ID_LIMIT)])
    form_title = StringField(_l("Title"), filters=[trimmed], validators=[DataRequired(), Length(max=TITLE_LIMIT)])

    def validate_form_id(self, field: StringField) -> None:
        """Refuse an id that an address cannot hold."""
        if not FORM_ID.fullmatch(field.data):
            raise ValidationError(_l("It stands in addresses: without / \\ % ? #, and not beginning with a full stop."))

    def title_fields(self) -> list[StringField]:
        """The fields of titles in further languages."""
        return [field for field in self if field.name.startswith(TITLE_IN)]

    def titles(self) -> dict[str, str]:
        """Titles in further languages, by code."""
        return {field.name.removeprefix(TITLE_IN): field.data for field in self.title_fields()}


def duplicate_form(version: Version) -> DuplicateForm:
    """The form for a copy of `version`, with a proposal in it and a field for the title in each language that the version has."""

    class Form(DuplicateForm):
        """With the fields of this version's languages."""

    for code in version.titles:
        label = _l("Title (%(language)s)", language=LANGUAGES.get(code, code))
        validators = [DataRequired(), Length(max=TITLE_LIMIT)]
        setattr(Form, TITLE_IN + code, StringField(label, filters=[trimmed], validators=validators))
    proposal = {TITLE_IN + code: copy_of(title) for code, title in version.titles.items()}
    return Form(
        form_id=f"{version.questionnaire.form_id[: FORM_ID_LIMIT - 5]}_copy",
        form_title=copy_of(version.title),
        **proposal,
    )


def copy_of(title: str) -> str:
    """The title that is proposed for a copy."""
    return str(_("%(title)s (copy)", title=title[: TITLE_LIMIT - 20]))


def chosen(field: MultipleFileField) -> list[tuple[str, bytes]]:
    """Names and contents of the files that somebody chose. A browser sends an empty one where nobody chose any."""
    return [
        (file.filename, file.read()) for file in field.data or () if isinstance(file, FileStorage) and file.filename
    ]
