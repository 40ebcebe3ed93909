"""Pages of questionnaires: list, upload, versions, preview, publishing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.questionnaires import queries
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.inputs import UploadForm
from collector.questionnaires.operations import Workbook, add_draft, name_clash, publish_version
from collector.settings import MAX_WORKBOOK_BYTES
from collector.store import Version
from collector.store.questionnaires import DRAFT
from collector.store.session import reading, writing

bp = Blueprint("questionnaires", __name__, url_prefix="/office/questionnaires")

#: Bytes of a request that carries a workbook: the workbook and the form around it.
UPLOAD_BYTES = MAX_WORKBOOK_BYTES + 64 * 1024
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
    file = form.workbook.data
    workbook = Workbook(file.filename or "", file.read())
    compiled = compile_workbook(workbook.content, workbook.name)
    if compiled.errors:
        return show_list(form, workbook.name, compiled), 400
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
    """One questionnaire: its versions and the draft's warnings."""
    row = queries.find_questionnaire(reading(), form_id)
    if row is None:
        raise CollectorError("not_found")
    warned = row.draft or row.current
    return render_template(
        "office/questionnaire.html",
        row=row,
        versions=queries.listed_versions(row.questionnaire),
        warned=warned,
        warnings=queries.read_findings(warned.warnings if warned else [], language()),
        clash=name_clash(reading(), row.draft) if row.draft else None,
    )


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


@bp.post("/<path:form_id>/versions/<int:number>/publish")
@requires("questionnaires.change")
def publish(form_id: str, number: int) -> Response:
    """Make a version the one that phones get."""
    with writing() as store:
        publish_version(store, find_version(form_id, number), by=current_user.id)
    flash(_("Published. Phones get this version at their next sync."), "success")
    return redirect(url_for("questionnaires.questionnaire", form_id=form_id))


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
