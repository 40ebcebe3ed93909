"""Settings of a questionnaire: when it is open, whether it is tried out, which answers are personal; its copy and the archive."""

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language, local_moment
from collector.questionnaires import operations, queries
from collector.questionnaires.assemble import originals
from collector.questionnaires.blueprint import bp, find_row
from collector.questionnaires.compile import Compiled, compile_workbook
from collector.questionnaires.duplicate import is_xlsx, rename_form
from collector.questionnaires.inputs import FilesForm, WindowForm, duplicate_form
from collector.questionnaires.model_items import label_in
from collector.questionnaires.page import show_questionnaire
from collector.questionnaires.personal import fields_of, with_what_is_made_from
from collector.questionnaires.uploads import Workbook
from collector.store import Questionnaire
from collector.store.session import reading, writing


def back_to(form_id: str) -> Response:
    """Go to the questionnaire's page."""
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
        operations.set_window(store, find_row(form_id).questionnaire, *moments, by=current_user.id)
    flash(_("Saved. Phones learn it at their next sync."), "success")
    return back_to(form_id)


@bp.post("/<path:form_id>/testing")
@requires("questionnaires.change")
def set_testing(form_id: str) -> Response | str:
    """Begin (`on`) or end trying a questionnaire out. Where responses came in that count, it begins only after being asked."""
    row = find_row(form_id)
    is_testing = "on" in request.form
    if is_testing and row.responses and "even_with_responses" not in request.form:
        return render_template("office/questionnaire_testing.html", row=row)
    with writing() as store:
        operations.set_testing(store, find_row(form_id).questionnaire, is_testing, by=current_user.id)
    if is_testing:
        flash(_("It is being tried out: what is filled in from now on is a test and counted apart."), "success")
    else:
        flash(_("The test is over: what is filled in from now on counts."), "success")
    return back_to(form_id)


@bp.post("/<path:form_id>/archive")
@requires("questionnaires.change")
def archive(form_id: str) -> Response:
    """Put a questionnaire into the archive."""
    set_archived(form_id, True)
    flash(
        _("It is in the archive: phones begin no new response at their next sync. What they still hold is taken in."),
        "success",
    )
    return back_to(form_id)


@bp.post("/<path:form_id>/unarchive")
@requires("questionnaires.change")
def unarchive(form_id: str) -> Response:
    """Bring a questionnaire back from the archive."""
    set_archived(form_id, False)
    flash(_("It is back from the archive. Phones get it at their next sync."), "success")
    return back_to(form_id)


def set_archived(form_id: str, is_archived: bool) -> None:
    """Put a questionnaire into the archive or bring it back."""
    with writing() as store:
        operations.set_archived(store, find_row(form_id).questionnaire, is_archived, by=current_user.id)


@bp.get("/<path:form_id>/personal")
@requires("questionnaires.change")
def personal(form_id: str) -> str:
    """Choose the questions whose answers tell who somebody is. Those that look like it are pointed out."""
    questionnaire = find_row(form_id).questionnaire
    models = [json.loads(version.model_json) for version in reversed(queries.listed_versions(questionnaire))]
    fields = fields_of(models)
    marked = set(questionnaire.personal_fields)
    current = questionnaire.current_version
    in_workbook = set(current.personal_fields if current else ())
    rows = [
        {
            "path": field.path,
            "label": label_in(field.item.labels, models[-1], language()) or field.item.name,
            "looks_personal": field.looks_personal,
            "is_marked": field.path in marked,
            "is_in_workbook": field.path in in_workbook,
        }
        for field in fields
    ]
    return render_template("office/questionnaire_personal.html", row=find_row(form_id), fields=rows)


@bp.post("/<path:form_id>/personal")
@requires("questionnaires.change")
def set_personal(form_id: str) -> Response:
    """Keep which questions are personal. What is made from a newly marked one is marked along, and may be unmarked afterwards."""
    wanted = set(request.form.getlist("fields"))
    with writing() as store:
        questionnaire = find_row(form_id).questionnaire
        models = [json.loads(version.model_json) for version in queries.listed_versions(questionnaire)]
        wanted |= with_what_is_made_from(models, wanted - set(questionnaire.personal_fields))
        paths = [field.path for field in fields_of(models) if field.path in wanted]
        operations.set_personal_fields(store, questionnaire, paths, by=current_user.id)
        number = len(questionnaire.personal_fields)
    flash(ngettext("Saved: %(num)s personal question.", "Saved: %(num)s personal questions.", number), "success")
    return back_to(form_id)


@bp.route("/<path:form_id>/duplicate", methods=["GET", "POST"])
@requires("questionnaires.change")
def duplicate(form_id: str) -> Any:
    """Make a draft of a new questionnaire with the same questions and settings, under an id and a title of its own."""
    row = find_row(form_id)
    version = row.newest
    if version is None:
        raise CollectorError("not_found")
    form = duplicate_form(version)
    if not is_xlsx(version.workbook):
        return render_template("office/questionnaire_duplicate.html", row=row, form=None, errors=[])
    is_right = form.validate_on_submit()
    if is_right and queries.find_questionnaire(reading(), form.form_id.data) is not None:
        form.form_id.errors = [_("Another questionnaire has this id.")]
        is_right = False
    if not is_right:
        status = 400 if request.method == "POST" else 200
        return render_template("office/questionnaire_duplicate.html", row=row, form=form, errors=[]), status
    content = rename_form(version.workbook or b"", form.form_id.data, form.form_title.data, form.titles())
    workbook = Workbook(f"{form.form_id.data}.xlsx", content, originals(reading(), version.id))
    compiled = compile_workbook(workbook.content, workbook.name, workbook.files)
    if compiled.errors:
        errors = queries.read_findings(compiled.errors, language())
        return render_template("office/questionnaire_duplicate.html", row=row, form=form, errors=errors), 400
    return store_duplicate(row.questionnaire, compiled, workbook)


def store_duplicate(source: Questionnaire, compiled: Compiled, workbook: Workbook) -> Response:
    """Keep a copy as a draft and go to its page."""
    source_id = source.id
    with writing() as store:
        operations.add_duplicate(store, source_id, compiled, workbook, by=current_user.id)
    flash(_("The copy is a draft now. Phones get nothing before you publish it."), "success")
    return back_to(compiled.form_id)
