"""Importing the doors of a list: choose a file, look at what it changes, apply it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.place_order import read_order
from collector.places import list_operations, list_queries
from collector.places.inputs import FileForm
from collector.places.list_inputs import ListApplyForm
from collector.places.list_table import ListDifference, compare_doors
from collector.spreadsheet import read_sheet
from collector.store import VisitList
from collector.store.session import reading, writing
from collector.uploads import drop_upload, keep_upload, read_upload


def add_routes(bp: Blueprint) -> None:
    """Add the import to the blueprint."""
    bp.route("/lists/<int:list_id>/import", methods=["GET", "POST"])(import_list)
    bp.post("/lists/<int:list_id>/import/apply")(apply_list)


@requires("targets.change")
def import_list(list_id: int) -> Any:
    """Choose a file of doors, and see what it would change. Nothing is changed yet."""
    form, found = FileForm(), find(reading(), list_id)
    if form.validate_on_submit():
        name, content = form.file.data.filename, form.file.data.read()
        try:
            difference = preview(reading(), list_id, name, content)
        except CollectorError as error:
            form.file.errors = [error.message]
        else:
            apply = ListApplyForm(formdata=None, sha256=keep_upload(content), name=name)
            return show_preview(found, difference, apply)
    return render_template("office/list_import.html", visit_list=found, form=form), 400 if form.errors else 200


@requires("targets.change")
def apply_list(list_id: int) -> Any:
    """Apply the file that was looked at, held against the list as it is now."""
    form = ListApplyForm()
    found = find(reading(), list_id)
    try:
        content = read_upload(form.sha256.data or "")
        with writing() as store:
            found = find(store, list_id)
            difference = preview(store, list_id, form.name.data or "", content)
            if not difference.faults:
                is_dropping = form.drop_missing.data
                list_operations.apply_doors(
                    store, found, difference, is_dropping_missing=is_dropping, by=current_user.id
                )
    except CollectorError as error:
        if error.code == "not_found":
            raise
        upload = FileForm(formdata=None)
        upload.file.errors = [error.message]
        return render_template("office/list_import.html", visit_list=found, form=upload), 400
    if difference.faults:
        return show_preview(found, difference, form)
    drop_upload(form.sha256.data or "")
    flash(_("The doors were imported."), "success")
    return redirect(url_for("places.list", list_id=list_id))


def find(session: Session, list_id: int) -> VisitList:
    """A list with doors in scope. Raises CollectorError `not_found`."""
    return list_queries.find_list(session, list_id, current_scope(), current_user.id)


def preview(session: Session, list_id: int, name: str, content: bytes) -> ListDifference:
    """What a file would change."""
    known = list_operations.known_for(session, list_id, current_scope(), read_order(session))
    return compare_doors(read_sheet(name, content), known)


def show_preview(found: VisitList, difference: ListDifference, form: ListApplyForm) -> Any:
    """What a file would change, or what is wrong with it."""
    page = render_template("office/list_preview.html", visit_list=found, difference=difference, form=form)
    return page, 400 if difference.faults else 200
