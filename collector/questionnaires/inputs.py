"""Forms of the questionnaire pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired, MultipleFileField
from werkzeug.datastructures import FileStorage

CHOOSE_FIRST = _l("Choose a file first.")


class UploadForm(FlaskForm):
    """A workbook and the files that it names, or a .zip with all of it, chosen together."""

    workbook = MultipleFileField(_l("Excel workbook (XLSForm)"), validators=[FileRequired(CHOOSE_FIRST)])


class FilesForm(FlaskForm):
    """Files for a version that is there already."""

    files = MultipleFileField(_l("Lists and media"), validators=[FileRequired(CHOOSE_FIRST)])


def chosen(field: MultipleFileField) -> list[tuple[str, bytes]]:
    """Names and contents of the files that somebody chose. A browser sends an empty one where nobody chose any."""
    return [
        (file.filename, file.read()) for file in field.data or () if isinstance(file, FileStorage) and file.filename
    ]
