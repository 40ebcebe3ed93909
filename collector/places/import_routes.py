"""Importing places: choose a file, look at what it changes, apply it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import local_day
from collector.places.inputs import ApplyForm, FileForm, show_error
from collector.places.place_import import apply_places, preview_places
from collector.store import Place
from collector.store.session import reading, writing
from collector.uploads import drop_upload, keep_upload, read_upload


def add_routes(bp: Blueprint) -> None:
    """Add the import to the blueprint."""
    bp.route("/places/import", methods=["GET", "POST"])(import_places)
    bp.post("/places/import/apply")(apply_import)


@requires("places.change")
def import_places() -> Any:
    """Choose a file, and see what it would change. Nothing is changed yet."""
    form = FileForm()
    if form.validate_on_submit():
        name, content = form.file.data.filename, form.file.data.read()
        try:
            difference = preview_places(reading(), name, content)
        except CollectorError as error:
            form.file.errors = [error.message]
        else:
            has_places = reading().scalar(select(Place.id).limit(1)) is not None
            # The first tree has stood from the start; what changes later changes on a day.
            day = local_day() if has_places else None
            apply = ApplyForm(formdata=None, sha256=keep_upload(content), name=name, on=day)
            page = render_template(
                "office/place_preview.html", difference=difference, form=apply, faults=difference.faults
            )
            return page, 400 if difference.faults else 200
    return render_template("office/place_import.html", form=form), 400 if form.errors else 200


@requires("places.change")
def apply_import() -> Any:
    """Apply the file that was looked at. It is held against the tree again: somebody may have changed it meanwhile."""
    form = ApplyForm()
    upload = FileForm(formdata=None)
    try:
        content = read_upload(form.sha256.data or "")
        difference = preview_places(reading(), form.name.data or "", content)
    except CollectorError as error:
        show_error(upload, error)
        return render_template("office/place_import.html", form=upload), 400
    faults = difference.faults
    if form.validate():
        with writing() as store:
            difference = preview_places(store, form.name.data or "", content)
            is_ending = form.end_missing.data
            faults = apply_places(store, difference, form.since, is_ending_missing=is_ending, by=current_user.id)
        if not faults:
            drop_upload(form.sha256.data or "")
            flash(_("The places were imported."), "success")
            return redirect(url_for("places.tree"))
    return render_template("office/place_preview.html", difference=difference, form=form, faults=faults), 400
