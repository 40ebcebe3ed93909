"""Forms of the questionnaire pages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class UploadForm(FlaskForm):
    """A workbook. Whether it is one is found out by reading it: its name proves nothing."""

    workbook = FileField(_l("Excel workbook (XLSForm)"), validators=[FileRequired(_l("Choose a file first."))])
