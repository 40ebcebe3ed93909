"""What the pages of questionnaires share: their blueprint, and finding what an address names."""

from typing import Any

from flask import Blueprint, request

from collector.errors import CollectorError
from collector.languages import language
from collector.questionnaires import queries
from collector.questionnaires.queries import QuestionnaireRow
from collector.settings import MAX_FORM_FILES_BYTES, MAX_WORKBOOK_BYTES
from collector.store import Version
from collector.store.session import reading

bp = Blueprint("questionnaires", __name__, url_prefix="/office/questionnaires")

#: Bytes of a request that carries a workbook and files: those, and the form around them.
UPLOAD_BYTES = MAX_WORKBOOK_BYTES + MAX_FORM_FILES_BYTES + 256 * 1024


@bp.app_template_global("title_of")
def title_of(version: Version | None) -> str:
    """The title of a version in the page's language, for templates."""
    return queries.title_of(version, language())


@bp.url_value_preprocessor
def allow_workbooks(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a workbook be larger than other bodies. Runs before the check of the CSRF token, which reads the body."""
    request.max_content_length = UPLOAD_BYTES


def find_row(form_id: str) -> QuestionnaireRow:
    """A questionnaire. Raises CollectorError `not_found`."""
    row = queries.find_questionnaire(reading(), form_id)
    if row is None:
        raise CollectorError("not_found")
    return row


def find_version(form_id: str, number: int) -> Version:
    """A version. Raises CollectorError `not_found`."""
    version = queries.find_version(reading(), form_id, number)
    if version is None:
        raise CollectorError("not_found")
    return version
