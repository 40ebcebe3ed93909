"""Pages of questionnaires: list, upload, versions, their files, preview, publishing."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language, local_moment, written_moment
from collector.questionnaires import operations, queries
from collector.questionnaires.assemble import compile_with, kept_files, with_files
from collector.questionnaires.compile import Compiled, compile_workbook
from collector.questionnaires.findings import WorkbookRefused
from collector.questionnaires.inputs import FilesForm, UploadForm, WindowForm, chosen
from collector.questionnaires.operations import add_draft, name_clash, publish_version
from collector.questionnaires.served import file_answer, original_answer
from collector.questionnaires.uploads import Workbook, read_files, read_upload, workbook_first
from collector.settings import MAX_FORM_FILES_BYTES, MAX_WORKBOOK_BYTES
from collector.store import Questionnaire, Version, VersionFile
from collector.store.questionnaires import DRAFT
from collector.store.session import reading, writing

bp = Blueprint("questionnaires", __name__, url_prefix="/office/questionnaires")

#: Bytes of a request that carries a workbook and files: those, and the form around them.
UPLOAD_BYTES = MAX_WORKBOOK_BYTES + MAX_FORM_FILES_BYTES + 256 * 1024
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.app_template_global("title_of")
def title_of(version: Version | None) -> str:
    """The title of a version in the page's language, for templates."""
    return queries.title_of(version, language())


@bp.url_value_preprocessor
def allow_workbooks(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a workbook be larger than other bodies. Runs before the check of the CSRF token, which reads the body."""
    request.max_content_length = UPLOAD_BYTES


@bp.get("")
@requires("questionnaires.change")
def questionnaires() -> str:
    """All questionnaires, and the form that uploads a workbook."""
    return show_list(UploadForm())


@bp.post("")
@requires("questionnaires.change")
def upload() -> Any:
    """Take a workbook in: a draft when it is right, else the table of what is wrong, and nothing is stored."""
    form = UploadForm()
    if not form.validate_on_submit():
        return show_list(form), 400
    (name, content), *beside = workbook_first(chosen(form.workbook))
    try:
        uploaded = read_upload(name, content, beside)
    except WorkbookRefused as refused:
        return show_list(form, name, Compiled(errors=[refused.finding])), 400
    compiled, whole = compile_with(uploaded, kept_files(reading()))
    if compiled.errors:
        return show_list(form, uploaded.name, compiled), 400
    say_taken_over(uploaded, whole)
    return store_draft(compiled, whole)


def say_taken_over(uploaded: Workbook, whole: Workbook) -> None:
    """Name the files that came from an earlier version."""
    names = [name for name in whole.files if name not in uploaded.files]
    if names:
        flash(_("Taken over from the version before: %(names)s", names=in_a_row(names)), "info")


def store_draft(compiled: Compiled, workbook: Workbook) -> Response:
    """Keep what was compiled well, say what became of it, and go to the questionnaire's page."""
    with writing() as store:
        version = add_draft(store, compiled, workbook, by=current_user.id)
        is_draft = version.state == DRAFT
    if is_draft:
        flash(_("The workbook is a draft now. Try it out, then publish it."), "success")
    else:
        flash(_("This content is published already."), "info")
    return redirect(url_for("questionnaires.questionnaire", form_id=compiled.form_id))


@bp.get("/<path:form_id>")
@requires("questionnaires.change")
def questionnaire(form_id: str) -> str:
    """One questionnaire: its versions, the files of its newest, and the draft's warnings."""
    return show_questionnaire(form_id, FilesForm())


@bp.get("/<path:form_id>/versions/<int:number>/preview")
@requires("questionnaires.change")
def preview(form_id: str, number: int) -> str:
    """Try a version out, drawn by the phone's own code."""
    return render_template("office/preview.html", version=find_version(form_id, number))


@bp.get("/<path:form_id>/versions/<int:number>/model.json")
@requires("questionnaires.change")
def model(form_id: str, number: int) -> Response:
    """The form model of a version."""
    return Response(find_version(form_id, number).model_json, mimetype="application/json")


@bp.get("/<path:form_id>/versions/<int:number>/workbook")
@requires("questionnaires.change")
def workbook(form_id: str, number: int) -> Response:
    """The workbook as it was uploaded."""
    version = find_version(form_id, number)
    if version.workbook is None:
        raise CollectorError("not_found")
    response = Response(version.workbook, mimetype=WORKBOOK_TYPE)
    name = version.workbook_name or f"{form_id}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.post("/<path:form_id>/versions/<int:number>/files")
@requires("questionnaires.change")
def add_files(form_id: str, number: int) -> Any:
    """Add files to a version, or replace some: a new draft with the same workbook."""
    form = FilesForm()
    version = find_version(form_id, number)
    if not form.validate_on_submit():
        return show_questionnaire(form_id, form), 400
    try:
        added = read_files(chosen(form.files))
    except WorkbookRefused as refused:
        return show_questionnaire(form_id, form, Compiled(errors=[refused.finding])), 400
    workbook = with_files(reading(), version, added)
    compiled = compile_workbook(workbook.content, workbook.name, workbook.files)
    if compiled.errors:
        return show_questionnaire(form_id, form, compiled), 400
    if compiled.model_hash == version.model_hash:
        flash(_("Nothing changed: the questionnaire does not name these files, or has them already."), "info")
        return redirect(url_for("questionnaires.questionnaire", form_id=form_id))
    return store_draft(compiled, workbook)


@bp.get("/<path:form_id>/versions/<int:number>/files/<sha256>")
@requires("questionnaires.change")
def file(form_id: str, number: int, sha256: str) -> Response:
    """A file of a version as a phone gets it, for the preview."""
    return file_answer(find_file(form_id, number, sha256, VersionFile.sha256))


@bp.get("/<path:form_id>/versions/<int:number>/originals/<sha256>")
@requires("questionnaires.change")
def original(form_id: str, number: int, sha256: str) -> Response:
    """A file of a version as it was uploaded."""
    return original_answer(find_file(form_id, number, sha256, VersionFile.original_sha256))


@bp.post("/<path:form_id>/versions/<int:number>/publish")
@requires("questionnaires.change")
def publish(form_id: str, number: int) -> Any:
    """Make a version the one that phones get. Where a list is missing, only after being asked."""
    version = find_version(form_id, number)
    missing = [kept for kept in queries.files_of(reading(), version) if kept.is_list and kept.sha256 is None]
    if missing and "even_without_lists" not in request.form:
        return render_template("office/publish_without_lists.html", version=version, missing=missing)
    with writing() as store:
        publish_version(store, find_version(form_id, number), by=current_user.id)
    flash(_("Published. Phones get this version at their next sync."), "success")
    return redirect(url_for("questionnaires.questionnaire", form_id=form_id))


@bp.post("/<path:form_id>/window")
@requires("questionnaires.change")
def set_window(form_id: str) -> Any:
    """Set when a questionnaire is open, in the district's time zone."""
    form = WindowForm()
    if not form.validate_on_submit():
        return show_questionnaire(form_id, FilesForm(), window=form), 400
    moments = [local_moment(field.data) if field.data else None for field in (form.opens_at, form.closes_at)]
    with writing() as store:
        row = queries.find_questionnaire(store, form_id)
        if row is None:
            raise CollectorError("not_found")
        operations.set_window(store, row.questionnaire, *moments, by=current_user.id)
    flash(_("Saved. Phones learn it at their next sync."), "success")
    return redirect(url_for("questionnaires.questionnaire", form_id=form_id))


def window_form(questionnaire: Questionnaire) -> WindowForm:
    """The form with the questionnaire's window in it."""
    opens_at, closes_at = questionnaire.opens_at, questionnaire.closes_at
    return WindowForm(
        formdata=None,
        opens_at=written_moment(opens_at) if opens_at else None,
        closes_at=written_moment(closes_at) if closes_at else None,
    )


def find_file(form_id: str, number: int, sha256: str, column: Any) -> VersionFile:
    """The file of a version whose `column` holds `sha256`. Raises CollectorError `not_found`."""
    found = queries.find_file(reading(), find_version(form_id, number), column, sha256)
    if found is None:
        raise CollectorError("not_found")
    return found


def find_version(form_id: str, number: int) -> Version:
    """A version. Raises CollectorError `not_found`."""
    version = queries.find_version(reading(), form_id, number)
    if version is None:
        raise CollectorError("not_found")
    return version


def show_list(form: UploadForm, refused: str = "", compiled: Any = None) -> str:
    """The list page; with the name of a `refused` workbook and what was found in it."""
    return render_template(
        "office/questionnaires.html",
        rows=queries.list_questionnaires(reading()),
        form=form,
        refused=refused,
        errors=queries.read_findings(compiled.errors if compiled else [], language()),
        warnings=queries.read_findings(compiled.warnings if compiled else [], language()),
    )


def show_questionnaire(
    form_id: str, form: FilesForm, compiled: Compiled | None = None, window: WindowForm | None = None
) -> str:
    """The page of one questionnaire; with what is wrong with files that were `compiled` in vain, or with a `window`."""
    row = queries.find_questionnaire(reading(), form_id)
    if row is None:
        raise CollectorError("not_found")
    shown = row.draft or row.current
    return render_template(
        "office/questionnaire.html",
        row=row,
        link=current_app.config["SETTINGS"].public_url + url_for("field.shell", page=f"new/{form_id}"),
        versions=queries.listed_versions(row.questionnaire),
        shown=shown,
        files=queries.files_of(reading(), shown) if shown else [],
        form=form,
        window=window or window_form(row.questionnaire),
        zone=current_app.config["SETTINGS"].time_zone,
        errors=queries.read_findings(compiled.errors if compiled else [], language()),
        warnings=queries.read_findings(shown.warnings if shown else [], language()),
        clash=name_clash(reading(), row.draft) if row.draft else None,
    )


def in_a_row(names: list[str], limit: int = 5) -> str:
    """The first names, and how many more there are."""
    more = _(" and %(count)s more", count=len(names) - limit) if len(names) > limit else ""
    return f"{_(', ').join(names[:limit])}{more}"
