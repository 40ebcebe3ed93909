"""Pages and files of a version: preview, model, workbook, files beside it, all of it in one .zip, and what it changes."""

from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector.accounts.signed_in import requires
from collector.disk import require_room
from collector.downloads import name_download
from collector.errors import CollectorError
from collector.questionnaires import queries
from collector.questionnaires.assemble import with_files
from collector.questionnaires.blueprint import bp, find_row, find_version
from collector.questionnaires.compile import Compiled, compile_workbook
from collector.questionnaires.findings import WorkbookRefused
from collector.questionnaires.inputs import FilesForm, chosen
from collector.questionnaires.package import packed
from collector.questionnaires.page import compare_versions, show_questionnaire, store_draft
from collector.questionnaires.served import file_answer, original_answer
from collector.questionnaires.uploads import read_files
from collector.store import Version, VersionFile
from collector.store.session import reading

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    name_download(response, version.workbook_name or f"{form_id}.xlsx")
    return response


@bp.get("/<path:form_id>/versions/<int:number>/all.zip")
@requires("questionnaires.change")
def all_files(form_id: str, number: int) -> Response:
    """The workbook with all files beside it, as they were uploaded: a .zip that can be uploaded again."""
    version = find_version(form_id, number)
    name = f"{form_id}-{version.number}.zip"
    return send_file(packed(reading(), version), "application/zip", as_attachment=True, download_name=name)


@bp.post("/<path:form_id>/versions/<int:number>/files")
@requires("questionnaires.change")
def add_files(form_id: str, number: int) -> Any:
    """Add files to a version, or replace some: a new draft with the same workbook."""
    form = FilesForm()
    version = find_version(form_id, number)
    if not form.validate_on_submit():
        return show_questionnaire(form_id, form), 400
    require_room()
    try:
        added = read_files(chosen(form.files))
    except WorkbookRefused as refused:
        return show_questionnaire(form_id, form, Compiled(errors=[refused.finding])), 400
    whole = with_files(reading(), version, added)
    compiled = compile_workbook(whole.content, whole.name, whole.files)
    if compiled.errors:
        return show_questionnaire(form_id, form, compiled), 400
    if compiled.model_hash == version.model_hash:
        flash(_("Nothing changed: the questionnaire does not name these files, or has them already."), "info")
        return redirect(url_for("questionnaires.questionnaire", form_id=form_id))
    return store_draft(compiled, whole)


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


@bp.get("/<path:form_id>/compare")
@requires("questionnaires.change")
def compare(form_id: str) -> str:
    """What version `to` changes against version `from`, by default the newest against the one before it."""
    row = find_row(form_id)
    versions = queries.listed_versions(row.questionnaire)
    by_number = {version.number: version for version in versions}
    after = chosen_version(by_number, "to", versions[0].number)
    earlier = [version.number for version in versions if version.number < after.number]
    before = chosen_version(by_number, "from", earlier[0] if earlier else after.number)
    return render_template(
        "office/questionnaire_compare.html",
        row=row,
        versions=versions,
        comparison=compare_versions(before, after, is_counted=True),
    )


def chosen_version(versions: dict[int, Version], key: str, default: int) -> Version:
    """The version whose number the address has under `key`. Raises CollectorError `not_found`."""
    try:
        return versions[int(request.args.get(key) or default)]
    except (KeyError, ValueError):
        raise CollectorError("not_found") from None


def find_file(form_id: str, number: int, sha256: str, column: Any) -> VersionFile:
    """The file of a version whose `column` holds `sha256`. Raises CollectorError `not_found`."""
    found = queries.find_file(reading(), find_version(form_id, number), column, sha256)
    if found is None:
        raise CollectorError("not_found")
    return found
