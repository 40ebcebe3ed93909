"""The pages of exports: what there is, how somebody wants it, and the files that they wait for."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.export import direct_routes
from collector.export.formats import FORMATS
from collector.export.inputs import ExportForm, form_values
from collector.export.jobs import operations
from collector.export.jobs import queries as jobs
from collector.export.jobs.rows import job_rows
from collector.export.jobs.sending import send_export
from collector.export.option_choices import language_choices, language_name, place_choices, version_choices
from collector.export.options import Options
from collector.export.queries import counted_questionnaires, find_questionnaire
from collector.export.sheets.selection import Selection, selection_for
from collector.export.sheets.versions import questionnaire_tables
from collector.store import Questionnaire
from collector.store.session import reading, writing

bp = Blueprint("export", __name__, url_prefix="/office/exports")
direct_routes.add_routes(bp)

#: Header with which `exports.js` asks for the list of files alone, without the page around it.
FRAGMENT_HEADER = "X-Fragment"


@bp.get("/")
@requires("responses.export")
def exports() -> str:
    """List what can be exported, and one's own files. `archived=1`: questionnaires in the archive too."""
    rows = job_rows(reading(), current_user.id)
    if request.headers.get(FRAGMENT_HEADER):
        return render_template("office/export_files.html", rows=rows)
    options = Options.from_args({name: request.args.get(name) for name in ("personal", "test")})
    with_archived = request.args.get("archived") == "1"
    return render_template(
        "office/exports.html",
        found=list_exports(options, with_archived=with_archived),
        asked={name: value for name, value in options.as_args().items() if name != "format"},
        with_archived=with_archived,
        is_whole=current_scope().is_whole,
        sees_personal=bool(current_user.sees_personal) and options.personal,
        rows=rows,
    )


def list_exports(options: Options, *, with_archived: bool) -> list[dict[str, Any]]:
    """Each questionnaire with the number of its responses and its tables."""
    session = reading()
    counted = Selection(current_scope(), with_tests=options.test)
    found = []
    for questionnaire, count in counted_questionnaires(session, counted, with_archived=with_archived):
        selection = selection_by(questionnaire, options)
        tables = selection.shown(questionnaire_tables(session, questionnaire.id))
        found.append({"questionnaire": questionnaire, "count": count, "tables": tables})
    return found


def selection_by(questionnaire: Questionnaire, options: Options) -> Selection:
    """What goes out to whoever asks, by these options."""
    sees_personal = bool(current_user.sees_personal)
    return selection_for(reading(), questionnaire, options, current_scope(), sees_personal=sees_personal)


def require_questionnaire(form_id: str) -> Questionnaire:
    """The questionnaire of an address. Raises CollectorError `not_found`."""
    questionnaire = find_questionnaire(reading(), form_id)
    if questionnaire is None:
        raise CollectorError("not_found")
    return questionnaire


@bp.get("/<form_id>")
@requires("responses.export")
def options(form_id: str) -> str:
    """All options for one questionnaire: as the address says, else as this person chose last."""
    questionnaire = require_questionnaire(form_id)
    if request.headers.get(FRAGMENT_HEADER):
        return render_template("office/export_files.html", rows=job_rows(reading(), current_user.id, questionnaire.id))
    asked = Options.from_args(request.args)
    is_remembered = False
    if not request.args:
        remembered = jobs.remembered_options(reading(), current_user.id, questionnaire.id)
        asked, is_remembered = remembered or asked, remembered is not None
    named = replace(asked, language=language_name(reading(), questionnaire, asked.language))
    form = fill_choices(ExportForm(data=form_values(named)), questionnaire)
    return show_options(questionnaire, form, asked, is_remembered)


def fill_choices(form: ExportForm, questionnaire: Questionnaire) -> ExportForm:
    """The form with what there is to choose of a questionnaire."""
    session = reading()
    form.language.choices = language_choices(session, questionnaire)
    form.versions.choices = version_choices(session, questionnaire)
    form.places.choices = place_choices(session, current_scope())
    return form


def show_options(questionnaire: Questionnaire, form: ExportForm, asked: Options, is_remembered: bool) -> str:
    """The page of options."""
    public_url = current_app.config["SETTINGS"].public_url
    return render_template(
        "office/export_options.html",
        questionnaire=questionnaire,
        form=form,
        about={code: one.about for code, one in FORMATS.items()},
        address=public_url + url_for("export.options", form_id=questionnaire.form_id, **asked.as_args()),
        is_remembered=is_remembered,
        is_usual=asked.as_args().keys() == {"format"},
        is_whole=current_scope().is_whole,
        rows=job_rows(reading(), current_user.id, questionnaire.id),
    )


@bp.post("/<form_id>")
@requires("responses.export")
def ask(form_id: str) -> Any:
    """Ask for a file. `quick=<format>`: the usual one of that format, without a look at the options or a change of what is remembered;
    `address`: only lead to the address of these options."""
    questionnaire = require_questionnaire(form_id)
    quick = request.form.get("quick")
    if quick is not None:
        wanted = Options.from_args({name: request.form.get(name) for name in ("personal", "test")} | {"format": quick})
    else:
        form = fill_choices(ExportForm(), questionnaire)
        if not form.validate():
            return show_options(questionnaire, form, Options(), is_remembered=False)
        wanted = form.options()
    # Whatever does not fit is said now, and not once somebody has waited for it.
    selection_by(questionnaire, wanted)
    if "address" in request.form:
        return redirect(url_for("export.options", form_id=form_id, _anchor="address", **wanted.as_args()))
    questionnaire_id = questionnaire.id
    with writing() as session:
        operations.ask_export(session, current_user.id, session.get_one(Questionnaire, questionnaire_id), wanted)
        if quick is None:
            operations.remember_options(session, current_user.id, questionnaire_id, wanted)
    return redirect(url_for("export.exports", _anchor="files"))


# No questionnaire is called “-”.
@bp.get("/-/<job_id>")
@requires("responses.export")
def file(job_id: str) -> Response:
    """Download a finished file, whole or in parts."""
    return send_export(jobs.find_job(reading(), job_id, current_user.id))


@bp.post("/-/<job_id>/again")
@requires("responses.export")
def again(job_id: str) -> BaseResponse:
    """Make a file anew: one that failed, or with what is there now."""
    with writing() as session:
        operations.try_again(session, jobs.find_job(session, job_id, current_user.id))
    return redirect(url_for("export.exports", _anchor="files"))


@bp.post("/-/<job_id>/delete")
@requires("responses.export")
def delete(job_id: str) -> BaseResponse:
    """Delete a file, or stop waiting for it."""
    with writing() as session:
        operations.delete_export(session, jobs.find_job(session, job_id, current_user.id))
    flash(_("Deleted."), "success")
    return redirect(url_for("export.exports", _anchor="files"))
