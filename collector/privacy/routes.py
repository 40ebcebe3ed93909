"""Pages that erase: answers of one response, of several in the list, and after a time of a questionnaire."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake.erasure import REQUEST
from collector.intake.stripping import ALL
from collector.languages import language
from collector.privacy.erasing import erase_each
from collector.privacy.inputs import ChosenForm, EraseForm, RetentionForm
from collector.privacy.retention import count_due, set_retention
from collector.questionnaires.queries import QuestionnaireRow, find_questionnaire, title_of
from collector.review.access import asked_filters, find_visible, shows_names
from collector.review.decisions import EVERY, chosen_ids
from collector.store import Questionnaire
from collector.store.session import reading, writing

bp = Blueprint("privacy", __name__, url_prefix="/office")

#: Responses that are erased at once: each is a transaction of its own, and somebody waits for the page.
MAX_AT_ONCE = 500


@bp.route("/responses/<response_id>/erase", methods=["GET", "POST"])
@requires("responses.change")
def erase(response_id: str) -> Any:
    """Erase answers of one response, after it was asked what and why."""
    form, found = EraseForm(), find_visible(reading(), response_id)
    if found.erased == ALL:
        flash(_("Its answers were erased before."), "info")
        return redirect(url_for("review.response", response_id=response_id))
    if not form.validate_on_submit():
        name = found.instance_name if shows_names(reading().get(Questionnaire, found.questionnaire_id)) else ""
        page = render_template("office/response_erase.html", form=form, found=found, name=name)
        return page, 400 if form.errors else 200
    erase_each(
        [response_id],
        form.extent.data,
        reason=REQUEST,
        note=form.note.data,
        by=current_user.id,
        scope=current_scope(),
    )
    flash(_("The answers were erased. The response still counts."), "success")
    return redirect(url_for("review.response", response_id=response_id))


@bp.post("/responses/erase")
@requires("responses.change")
def erase_many() -> Any:
    """Erase answers of the responses that were chosen in the list, after it was asked what and why."""
    chosen, form, filters = ChosenForm(), EraseForm(), asked_filters()
    if not chosen.validate():
        raise CollectorError("request_malformed")
    ids, is_cut = chosen_ids(chosen.which.data, filters)
    is_cut, ids = is_cut or len(ids) > MAX_AT_ONCE, ids[:MAX_AT_ONCE]
    arguments = filters.as_arguments()
    if not ids:
        flash(_("No response is ticked."), "info")
        return redirect(url_for("review.responses", **arguments))
    is_asked = "asked" in request.form
    if not (is_asked and form.validate()):
        form = form if is_asked else EraseForm(formdata=None)
        page = render_template(
            "office/responses_erase.html",
            form=form,
            ids=() if chosen.which.data == EVERY else ids,
            count=len(ids),
            is_cut=is_cut,
            limit=MAX_AT_ONCE,
            arguments=arguments,
        )
        return page, 400 if is_asked else 200
    number = erase_each(
        ids, form.extent.data, reason=REQUEST, note=form.note.data, by=current_user.id, scope=current_scope()
    )
    flash(
        ngettext(
            "The answers of %(num)s response were erased. It still counts.",
            "The answers of %(num)s responses were erased. They still count.",
            number,
        ),
        "success" if number else "info",
    )
    return redirect(url_for("review.responses", **arguments))


def find_row(form_id: str) -> QuestionnaireRow:
    """A questionnaire. Raises CollectorError `not_found`."""
    row = find_questionnaire(reading(), form_id)
    if row is None:
        raise CollectorError("not_found")
    return row


@bp.route("/retention/<path:form_id>", methods=["GET", "POST"])
@requires("questionnaires.change")
def retention(form_id: str) -> Any:
    """For how long a questionnaire's answers are kept. Before it holds, it is said of how many responses answers go at once."""
    row = find_row(form_id)
    questionnaire = row.questionnaire
    kept = {"days": questionnaire.retention_days, "extent": questionnaire.retention_extent}
    form = RetentionForm() if request.method == "POST" else RetentionForm(formdata=None, data=kept)
    if not form.validate_on_submit():
        return show_retention(row, form, None), 400 if form.errors else 200
    days, extent = form.days.data, form.extent.data
    number = 0 if days is None else count_due(reading(), questionnaire, days, extent)
    if number and request.form.get("counted") != f"{days} {extent}":
        return show_retention(row, form, number)
    return keep_retention(form_id, days, extent)


def keep_retention(form_id: str, days: int | None, extent: str) -> Response:
    """Keep the rule and go to the questionnaire's page."""
    with writing() as store:
        set_retention(store, find_row(form_id).questionnaire, days, extent, by=current_user.id)
    if days is None:
        flash(_("Saved: answers are kept until somebody erases them."), "success")
    else:
        flash(ngettext("Saved: after %(num)s day.", "Saved: after %(num)s days.", days), "success")
    return redirect(url_for("questionnaires.questionnaire", form_id=form_id))


def show_retention(row: QuestionnaireRow, form: RetentionForm, number: int | None) -> str:
    """The page of the rule; `number`: responses whose answers it erases at once, which is asked about."""
    return render_template(
        "office/questionnaire_retention.html",
        row=row,
        form=form,
        number=number,
        title=title_of(row.newest, language()) or row.questionnaire.form_id,
    )
