"""The page that takes in files of unsent responses."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from collector.accounts.signed_in import requires
from collector.disk import require_room
from collector.errors import CollectorError
from collector.intake.unsent_import import Outcome, import_unsent
from collector.review.inputs import UnsentForm
from collector.settings import MAX_UNSENT_FILE_BYTES

MEGABYTE = 1024 * 1024
#: Bytes of a request with several files; each may have MAX_UNSENT_FILE_BYTES.
UPLOAD_BYTES = 4 * MAX_UNSENT_FILE_BYTES + MEGABYTE


def add_routes(bp: Blueprint) -> None:
    """Register the page on the review blueprint."""
    bp.url_value_preprocessor(allow_large_files)
    bp.add_url_rule("/unsent-file", "unsent_file", unsent_file, methods=["GET", "POST"])


def allow_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let those who may import send more than other bodies hold. Runs before the check of the CSRF token, which reads the body."""
    if endpoint == "review.unsent_file" and current_user.is_authenticated and current_user.may("responses.change"):
        request.max_content_length = UPLOAD_BYTES


@requires("quarantine.change")
def unsent_file() -> Any:
    """The form, and after it what became of each file: nothing of a file that is too large, else all that is whole."""
    form = UnsentForm()
    if not form.validate_on_submit():
        return show_page(form), 400 if request.method == "POST" else 200
    require_room()
    chosen = [file for file in form.files.data or () if isinstance(file, FileStorage) and file.filename]
    for file in chosen:
        if size_of(file) > MAX_UNSENT_FILE_BYTES:
            name, limit = (file.filename or "")[:100], MAX_UNSENT_FILE_BYTES // MEGABYTE
            raise CollectorError("unsent_file_too_large", name=name, limit_mb=limit)
    outcomes = [import_unsent(file.stream, file.filename or "", by=current_user.id) for file in chosen]
    return show_page(UnsentForm(formdata=None), outcomes), 200 if all(done.is_whole for done in outcomes) else 400


def size_of(file: FileStorage) -> int:
    """Bytes of an uploaded file."""
    return file.stream.seek(0, 2)


def show_page(form: UnsentForm, outcomes: list[Outcome] | None = None) -> str:
    """The page, with what became of the files that were just sent."""
    return render_template("office/unsent_file.html", form=form, outcomes=outcomes or [])
