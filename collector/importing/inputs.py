"""Forms of the import's pages."""

import json
import re
from functools import partial

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import HiddenField, IntegerField, MultipleFileField, SelectField
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput

from collector.errors import CollectorError
from collector.importing.contents import Chosen
from collector.uploads import drop_upload, open_upload

#: Files that are chosen together: tables of one export, and archives with its photos.
MAX_FILES = 20
MAX_NAME = 200


class FilesForm(FlaskForm):
    """Files of an export, and the questionnaire that their responses belong to."""

    questionnaire = SelectField(_l("Questionnaire"))
    files = MultipleFileField(_l("Files of the export"), validators=[FileRequired(_l("Choose a file first."))])


class ApplyForm(FlaskForm):
    """What was previewed is to be done: of which uploads, into which questionnaire, and how many responses are in already."""

    questionnaire = HiddenField()
    #: JSON: the SHA-256 and the name of each upload.
    uploads = HiddenField()
    done = IntegerField(widget=HiddenInput(), default=0, validators=[NumberRange(0, 100_000_000)])


def write_uploads(uploads: list[tuple[str, str]]) -> str:
    """Uploads, each its SHA-256 and name, as the page gives them back."""
    return json.dumps(uploads, ensure_ascii=True)


def read_uploads(text: str) -> list[Chosen]:
    """Uploads that the page gave back. Raises CollectorError `upload_gone`, also when one is opened that is gone."""
    return [Chosen(name, partial(open_upload, sha256)) for sha256, name in _listed(text)]


def drop_uploads(text: str) -> None:
    """Forget the uploads, which were imported."""
    for sha256, _name in _listed(text):
        drop_upload(sha256)


def _listed(text: str) -> list[tuple[str, str]]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_FILES:
        raise CollectorError("upload_gone")
    for entry in listed:
        if not (isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)):
            raise CollectorError("upload_gone")
        if not re.fullmatch(r"[0-9a-f]{64}", entry[0]):
            raise CollectorError("upload_gone")
    return [(sha256, name[:MAX_NAME]) for sha256, name in listed]
