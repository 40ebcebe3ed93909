"""Erasing a response, and what is said of it afterwards."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake import words
from collector.intake.deletion import delete_response, erase_bytes
from collector.review import queries
from collector.review.access import find_visible, shows_names
from collector.review.inputs import DeleteForm
from collector.store import Questionnaire, Response
from collector.store.session import reading, writing


def add_routes(bp: Blueprint) -> None:
    """Add the deletion to the review's blueprint."""
    bp.route("/responses/<response_id>/delete", methods=["GET", "POST"])(delete)


@requires("responses.change")
def delete(response_id: str) -> Any:
    """Erase a response, after the reason was given."""
    form, store = DeleteForm(), reading()
    if store.get(Response, response_id) is None:
        return show_deleted(response_id)
    found = find_visible(store, response_id)
    if not form.validate_on_submit():
        name = found.instance_name if shows_names(store.get(Questionnaire, found.questionnaire_id)) else ""
        page = render_template("office/response_delete.html", form=form, found=found, name=name)
        return page, 400 if form.errors else 200
    with writing() as store:
        find_visible(store, response_id)
        leftover = delete_response(store, response_id, reason=form.reason.data, note=form.note.data, by=current_user.id)
    # Bytes go only when the rows are gone for good: the other way round a failing commit would leave a response without its files.
    with writing() as store:
        erase_bytes(store, leftover)
    flash(_("The response was deleted."), "success")
    return redirect(url_for("review.responses"))


def show_deleted(response_id: str) -> Any:
    """What is remembered of a deleted response, whose place is forgotten: for those who answer for all places.

    Raises CollectorError `not_found` if there was none, and for everybody else.
    """
    deleted = queries.find_deleted(reading(), response_id)
    if deleted is None or not current_scope().is_whole:
        raise CollectorError("not_found")
    page = render_template(
        "office/response_deleted.html",
        deleted=deleted,
        by=queries.name_of_author(reading(), deleted.deleted_by),
        reason=words.in_words(words.DELETION_REASONS, deleted.reason),
    )
    return page, 410
