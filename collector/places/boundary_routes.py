"""Boundaries of places: which places have one, uploading them, and the file that maps draw."""

import hashlib
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.place_order import read_order
from collector.places.boundaries import (
    Match,
    bounded_places,
    drop_boundaries,
    match_boundaries,
    save_boundaries,
    write_boundaries,
)
from collector.places.boundary_file import BoundaryFile, read_boundaries
from collector.places.inputs import ApplyForm, FileForm
from collector.store.session import reading, writing
from collector.uploads import drop_upload, keep_upload, read_upload


def add_routes(bp: Blueprint) -> None:
    """Add the boundaries to the blueprint."""
    bp.route("/places/boundaries", methods=["GET", "POST"], endpoint="boundary_list")(boundary_list)
    bp.post("/places/boundaries/apply")(apply_boundaries)
    bp.post("/places/boundaries/drop")(drop_all_boundaries)
    bp.get("/places/boundaries.geojson")(boundaries)


@requires("places.change")
def boundary_list() -> Any:
    """Which places have a boundary; a file with others is shown before it is kept."""
    form = FileForm()
    if form.validate_on_submit():
        content = form.file.data.read()
        try:
            file = read_boundaries(content)
        except CollectorError as error:
            form.file.errors = [error.message]
        else:
            return show_preview(file, match_boundaries(file, read_order(reading())), keep_upload(content))
    return show_list(form), 400 if form.errors else 200


@requires("places.change")
def apply_boundaries() -> Any:
    """Keep the boundaries of the file that was looked at."""
    form = ApplyForm()
    try:
        file = read_boundaries(read_upload(form.sha256.data or ""))
    except CollectorError as error:
        upload = FileForm(formdata=None)
        upload.file.errors = [error.message]
        return show_list(upload), 400
    with writing() as store:
        match = match_boundaries(file, read_order(store))
        save_boundaries(store, match, by=current_user.id)
    drop_upload(form.sha256.data or "")
    count = len(match.geometries)
    flash(ngettext("%(num)s boundary was kept.", "%(num)s boundaries were kept.", count), "success")
    return redirect(url_for("places.boundary_list"))


@requires("places.change")
def drop_all_boundaries() -> Response:
    """Take all boundaries away. They come back with the file."""
    with writing() as store:
        drop_boundaries(store, by=current_user.id)
    flash(_("The boundaries were taken away."), "success")
    return redirect(url_for("places.boundary_list"))


@requires("coverage.see")
def boundaries() -> Response:
    """The boundaries of the places that one answers for, as GeoJSON. Asked for again, unchanged, it costs nothing to send."""
    content = write_boundaries(reading(), read_order(reading()), current_scope(), language())
    answer = Response(content, mimetype="application/geo+json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(hashlib.sha256(content).hexdigest())
    return answer.make_conditional(request)


def show_list(form: FileForm) -> str:
    """The page of boundaries."""
    order, bounded = read_order(reading()), bounded_places(reading())
    return render_template(
        "office/place_boundaries.html",
        form=form,
        bounded=len(bounded),
        communities=len(order.communities),
        without=[node for node in order.communities if node.id not in bounded],
    )


def show_preview(file: BoundaryFile, match: Match, sha256: str) -> Any:
    """What a file of boundaries would bring."""
    order = read_order(reading())
    communities = {node.id for node in order.communities}
    page = render_template(
        "office/place_boundaries_preview.html",
        form=ApplyForm(formdata=None, sha256=sha256),
        match=match,
        matched=len(match.geometries),
        without=[node for node in order.communities if node.id not in match.geometries],
        communities=len(communities),
        faults=file.faults,
    )
    return page, 200 if match.geometries else 400
