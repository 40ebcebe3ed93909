"""The pages on which the office changes answers: a form of what a response says, and a reason. What was said first stays (A77)."""

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake.edits import find_consequences, prepare_edit, store_edit
from collector.languages import language
from collector.questionnaires.engine import shared_engine
from collector.questionnaires.published import form_model
from collector.review.access import asked_filters, find_visible, hidden_paths, shows_names
from collector.review.edit_fields import Field, Layout, Part, Typed, fields_in, read_typed, with_typed
from collector.review.filters import Filters
from collector.review.inputs import EditForm
from collector.review.response_page import back_arguments, form_languages
from collector.store import Questionnaire, Response, Revision
from collector.store.session import reading, writing


def add_routes(bp: Blueprint) -> None:
    """Add the form to the review's blueprint."""
    bp.route("/responses/<response_id>/edit", methods=["GET", "POST"])(edit)


@requires("responses.change")
def edit(response_id: str) -> Any:
    """The form of the current answers, and what was typed into it: a further revision, unless another one came meanwhile."""
    store, filters = reading(), asked_filters()
    found = find_visible(store, response_id)
    revision = current_revision(store, found)
    if found.is_conflicted and request.method == "GET":
        flash(_("This response was changed in two places. First choose which revision is right."), "info")
        return to_response(found.id, filters)
    if found.erased:
        flash(_("Answers of this response were erased. What is left stays as it is."), "info")
        return to_response(found.id, filters)
    if revision.version_id is None:
        flash(_("The questionnaire's version is not known here, so that its answers cannot be changed."), "info")
        return to_response(found.id, filters)
    if request.method == "GET":
        form = EditForm(formdata=None, base=found.current_revision)
        return show_form(store, found, form, parts_of(store, found, revision, filters), filters)
    form = EditForm()
    base = store.get(Revision, (response_id, form.base.data or 0))
    if base is None or base.version_id is None:
        raise CollectorError("request_malformed")
    typed = read_typed(parts_of(store, found, base, filters), request.form)
    is_valid = form.validate_on_submit()
    if base.number != found.current_revision or found.is_conflicted:
        return show_meanwhile(store, found, form, typed, filters)
    is_changed = bool(typed.changes or typed.removed)
    if not is_valid or typed.faults or not is_changed:
        parts = with_typed(parts_of(store, found, base, filters), typed)
        return show_form(store, found, form, parts, filters, typed=typed, is_unchanged=not is_changed), 400
    made = prepare_edit(store, found, base, typed.changes, typed.removed, shared_engine())
    with writing() as store:
        number = store_edit(store, response_id, made, reason=form.reason.data, by=current_user.id)
    if number is None:
        found = find_visible(reading(), response_id)
        return show_meanwhile(reading(), found, form, typed, filters)
    flash(
        ngettext(
            "%(num)s answer was changed. The earlier ones are kept as a revision.",
            "%(num)s answers were changed. The earlier ones are kept as a revision.",
            made.changed,
        ),
        "success",
    )
    return to_response(response_id, filters)


def show_meanwhile(store: Session, found: Response, form: EditForm, typed: Typed, filters: Filters) -> Any:
    """The form of the answers that came meanwhile, with what was typed in it: nothing of it is lost, and nothing of theirs."""
    form.base.raw_data = None
    form.base.process_data(found.current_revision)
    parts = with_typed(parts_of(store, found, current_revision(store, found), filters), typed)
    page = show_form(store, found, form, parts, filters, typed=typed, meanwhile=found.current_revision)
    return page, 409


def parts_of(store: Session, found: Response, revision: Revision, filters: Filters) -> list[Field | Part]:
    """The fields of a revision's answers; none of one whose version is not known."""
    if revision.version_id is None:
        return []
    model, document = form_model(store, revision.version_id), json.loads(revision.document)
    answers = document["answers"]
    unasked = find_consequences(model, document, answers, shared_engine()).unasked
    hidden = hidden_paths(store.get(Questionnaire, found.questionnaire_id))
    return Layout(model.tree, answers, filters.labels or language(), unasked, hidden).parts()


def show_form(
    store: Session,
    found: Response,
    form: EditForm,
    parts: list[Field | Part],
    filters: Filters,
    *,
    typed: Typed | None = None,
    is_unchanged: bool = False,
    meanwhile: int | None = None,
) -> str:
    """The page of the form."""
    questionnaire = store.get_one(Questionnaire, found.questionnaire_id)
    revision = current_revision(store, found)
    model = form_model(store, revision.version_id).tree if revision.version_id else None
    return render_template(
        "office/response_edit.html",
        found=found,
        name=found.instance_name if shows_names(questionnaire) else "",
        form=form,
        parts=parts,
        removed=typed.removed if typed else (),
        faults=[one for one in fields_in(parts) if one.fault],
        is_unchanged=is_unchanged,
        meanwhile=meanwhile,
        filters=filters,
        labels=filters.labels or language(),
        form_languages=form_languages(model),
        back=back_arguments(filters),
    )


def current_revision(store: Session, found: Response) -> Revision:
    """The current revision of a response."""
    return store.get_one(Revision, (found.id, found.current_revision))


def to_response(response_id: str, filters: Filters) -> Any:
    """Go to the page of the response."""
    return redirect(url_for("review.response", response_id=response_id, **back_arguments(filters)))
