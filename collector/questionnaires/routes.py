"""Pages of questionnaires: the list, uploading, the page of one, publishing. Those of its versions and of its settings are in
version_routes.py and setting_routes.py."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts.signed_in import requires
from collector.disk import require_room
from collector.languages import language
from collector.questionnaires import queries, setting_routes, version_routes  # noqa: F401
from collector.questionnaires.assemble import compile_with, kept_files
from collector.questionnaires.blueprint import bp as bp
from collector.questionnaires.blueprint import find_version
from collector.questionnaires.compile import Compiled
from collector.questionnaires.findings import WorkbookRefused
from collector.questionnaires.inputs import FilesForm, UploadForm, chosen
from collector.questionnaires.listing import ListFilter, listed
from collector.questionnaires.operations import publish_version
from collector.questionnaires.page import say_taken_over, show_questionnaire, store_draft
from collector.questionnaires.states import LOOKS, STATES
from collector.questionnaires.uploads import read_upload, workbook_first
from collector.store.session import reading, writing


@bp.get("")
@requires("questionnaires.change")
def questionnaires() -> str:
    """All questionnaires but the archived ones, or those of a state or with a word in the title; and the form that uploads a workbook."""
    return show_list(UploadForm())


@bp.post("")
@requires("questionnaires.change")
def upload() -> Any:
    """Take a workbook in: a draft when it is right, else the table of what is wrong, and nothing is stored."""
    form = UploadForm()
    if not form.validate_on_submit():
        return show_list(form), 400
    require_room()
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


@bp.get("/<path:form_id>")
@requires("questionnaires.change")
def questionnaire(form_id: str) -> str:
    """One questionnaire: its draft and what it changes, its versions, the files of its newest, and its settings."""
    return show_questionnaire(form_id, FilesForm())


@bp.post("/<path:form_id>/versions/<int:number>/publish")
@requires("questionnaires.change")
def publish(form_id: str, number: int) -> Response | str:
    """Make a version the one that phones get; `for_testing`: to try it out first. Where a list is missing, only after being asked."""
    version = find_version(form_id, number)
    for_testing = "for_testing" in request.form
    missing = [kept for kept in queries.files_of(reading(), version) if kept.is_list and kept.sha256 is None]
    if missing and "even_without_lists" not in request.form:
        return render_template(
            "office/publish_without_lists.html", version=version, missing=missing, for_testing=for_testing
        )
    with writing() as store:
        version = find_version(form_id, number)
        publish_version(store, version, by=current_user.id, for_testing=for_testing)
        is_archived = version.questionnaire.archived_at is not None
    if is_archived:
        flash(
            _("Published. Phones get this version once the questionnaire is brought back from the archive."), "success"
        )
    else:
        flash(_("Published. Phones get this version at their next sync."), "success")
    return redirect(url_for("questionnaires.questionnaire", form_id=form_id))


def show_list(form: UploadForm, refused: str = "", compiled: Compiled | None = None) -> str:
    """The list page; with the name of a `refused` workbook and what was found in it."""
    chosen_filter = ListFilter.from_args(request.args)
    return render_template(
        "office/questionnaires.html",
        found=listed(reading(), chosen_filter, language()),
        filter=chosen_filter,
        states=STATES,
        looks=LOOKS,
        form=form,
        refused=refused,
        errors=queries.read_findings(compiled.errors if compiled else [], language()),
        warnings=queries.read_findings(compiled.warnings if compiled else [], language()),
    )
