"""Forms of the questionnaire pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import DateTimeLocalField
from wtforms.validators import Optional, ValidationError

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


def chosen(field: MultipleFileField) -> list[tuple[str, bytes]]:
    """Names and contents of the files that somebody chose. A browser sends an empty one where nobody chose any."""
    return [
        (file.filename, file.read()) for file in field.data or () if isinstance(file, FileStorage) and file.filename
    ]
