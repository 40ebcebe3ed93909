"""Importing responses: choose files, look at what they hold, take them in."""

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.importing.contents import Chosen
from collector.importing.inputs import (
    MAX_FILES,
    MAX_NAME,
    ApplyForm,
    FilesForm,
    drop_uploads,
    read_uploads,
    write_uploads,
)
from collector.importing.operations import Progress, import_responses
from collector.importing.preview import Preview, preview
from collector.importing.queries import find_target
from collector.importing.sources import Target, open_source
from collector.importing.words import SOURCES
from collector.intake.quarantine import REASONS
from collector.languages import language
from collector.questionnaires.queries import list_questionnaires, title_of
from collector.settings import MAX_IMPORT_BYTES
from collector.store.session import reading
from collector.uploads import keep_upload_stream

bp = Blueprint("importing", __name__, url_prefix="/office/imports")

MEGABYTE = 1024 * 1024
#: Bytes of a request with several files.
UPLOAD_BYTES = 4 * MAX_IMPORT_BYTES + MEGABYTE
#: Seconds after which an import stops and asks to go on: no proxy in front gives up before.
SECONDS_A_TURN = 20


@bp.url_value_preprocessor
def allow_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let those who may import send more than other bodies hold. Runs before the check of the CSRF token, which reads the body."""
    is_upload = endpoint == "importing.import_responses_page"
    if is_upload and current_user.is_authenticated and current_user.may("quarantine.change"):
        request.max_content_length = UPLOAD_BYTES


@bp.route("/", methods=["GET", "POST"], endpoint="import_responses_page")
@requires("quarantine.change")
def import_page() -> Any:
    """Choose files, and see what they hold. Nothing is taken in yet."""
    form = _files_form()
    if not form.validate_on_submit():
        return _show_choice(form), 400 if request.method == "POST" else 200
    chosen = [file for file in form.files.data or () if isinstance(file, FileStorage) and file.filename]
    try:
        _check_sizes(chosen)
        kept = [(keep_upload_stream(file.stream), (file.filename or "")[:MAX_NAME]) for file in chosen[:MAX_FILES]]
        uploads = write_uploads(kept)
        shown = _look(read_uploads(uploads), _target(form.questionnaire.data))
    except CollectorError as error:
        form.files.errors = [error.message]
        return _show_choice(form), error.status
    apply = ApplyForm(formdata=None, questionnaire=form.questionnaire.data, uploads=uploads, done=0)
    return _show_preview(apply, shown, [name for _sha256, name in kept])


@bp.post("/apply")
@requires("quarantine.change")
def apply_import() -> Any:
    """Take in what was looked at, as much of it as one request has time for; the page asks to go on with the rest."""
    form = ApplyForm()
    try:
        if not form.validate():
            raise CollectorError("upload_gone")
        files = read_uploads(form.uploads.data or "")
        target = _target(form.questionnaire.data or "")
        with open_source(files, target) as (source, media):
            progress = import_responses(
                source,
                media,
                by=current_user.id,
                form_id=target.form.form_id,
                skipped=form.done.data or 0,
                seconds=SECONDS_A_TURN,
            )
    except CollectorError as error:
        choice = _files_form()
        choice.files.errors = [error.message]
        return _show_choice(choice), error.status
    if progress.is_whole:
        drop_uploads(form.uploads.data or "")
    return _show_progress(form, progress)


def _files_form() -> FilesForm:
    form = FilesForm()
    rows = [row for row in list_questionnaires(reading()) if row.current is not None]
    form.questionnaire.choices = [
        (row.questionnaire.form_id, f"{title_of(row.current, language())} ({row.questionnaire.form_id})")
        for row in rows
    ]
    if request.method == "GET":
        form.questionnaire.data = request.args.get("questionnaire", "")
    return form


def _check_sizes(files: list[FileStorage]) -> None:
    for file in files:
        size_bytes = file.stream.seek(0, 2)
        file.stream.seek(0)
        if size_bytes > MAX_IMPORT_BYTES:
            name = (file.filename or "")[:100]
            raise CollectorError("import_too_large", name=name, limit_mb=MAX_IMPORT_BYTES // MEGABYTE)


def _target(form_id: str) -> Target:
    return find_target(reading(), form_id, current_app.config["SETTINGS"].time_zone)


def _look(files: list[Chosen], target: Target) -> Preview:
    with open_source(files, target) as (source, media):
        return preview(reading(), source, media)


def _show_choice(form: FilesForm) -> str:
    limit_mb = MAX_IMPORT_BYTES // MEGABYTE
    return render_template("office/import_responses.html", form=form, limit_mb=limit_mb)


def _show_preview(form: ApplyForm, shown: Preview, names: list[str]) -> str:
    return render_template(
        "office/import_responses_preview.html",
        form=form,
        shown=shown,
        counts=shown.counts,
        names=names,
        form_id=form.questionnaire.data,
        source=SOURCES[shown.source],
        reasons=[(REASONS[code], count) for code, count in shown.reasons.most_common()],
    )


def _show_progress(form: ApplyForm, progress: Progress) -> str:
    uploads, form_id = form.uploads.data, form.questionnaire.data
    onward = ApplyForm(formdata=None, questionnaire=form_id, uploads=uploads, done=progress.done)
    return render_template(
        "office/import_responses_done.html", form=onward, progress=progress, counts=progress.counts, form_id=form_id
    )
