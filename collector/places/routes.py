"""Pages of places: the tree on a day, search, adding one, the table to download."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language, local_day, read_day
from collector.place_order import read_order
from collector.places import (
    boundary_routes,
    change_routes,
    import_routes,
    list_entry_routes,
    list_import_routes,
    list_routes,
    queries,
)
from collector.places.inputs import AddForm, show_error
from collector.places.operations import add_place
from collector.places.place_export import write_places
from collector.settings import MAX_LIST_BYTES
from collector.store.places import ALWAYS
from collector.store.session import reading, writing

bp = Blueprint("places", __name__, url_prefix="/office")


@bp.url_value_preprocessor
def allow_tables(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let boundaries and lists be larger than other bodies. Runs before the check of the CSRF token, which reads the body."""
    request.max_content_length = MAX_LIST_BYTES


@bp.get("/places")
@requires("places.change")
def tree() -> str:
    """The tree: of today, or of `?on=YYYY-MM-DD`; below one place with `?under=<id>`; or what `?q=` finds."""
    on = past_day(request.args.get("on", ""))
    order = read_order(reading(), on)
    under = request.args.get("under", type=int)
    if under is not None and under not in order.nodes:
        raise CollectorError("not_found")
    search = request.args.get("q", "").strip()
    return render_template(
        "office/places.html",
        tree=queries.draw_tree(order, under),
        found=queries.search_places(order, search) if search else None,
        former=queries.list_former(order),
        order=order,
        under=order.nodes[under] if under is not None else None,
        search=search,
        on=on,
        today=local_day(),
    )


@bp.route("/places/add", methods=["GET", "POST"])
@requires("places.change")
def add() -> Any:
    """Add one place; `?under=<code>` says under which."""
    form = AddForm(parent=request.args.get("under", ""))
    order = read_order(reading())
    if form.validate_on_submit():
        try:
            with writing() as store:
                parent = queries.resolve_place(store, order, form.parent.data) if form.parent.data else None
                place = add_place(
                    store,
                    code=form.code.data,
                    names=form.names,
                    parent=parent,
                    since=form.on.data or ALWAYS,
                    note=form.note.data,
                    by=current_user.id,
                )
                place_id, name = place.id, place.name(language())
        except CollectorError as error:
            show_error(form, error)
        else:
            flash(_("%(name)s was added", name=name), "success")
            return redirect(url_for("places.place", place_id=place_id))
    page = render_template("office/place_add.html", form=form, suggestions=queries.suggest_places(order, language()))
    return page, 400 if form.errors else 200


@bp.get("/places.csv")
@requires("places.change")
def download() -> Response:
    """The places that stand, as a table that imports again unchanged; `?on=` of an earlier day."""
    on = past_day(request.args.get("on", ""))
    content = write_places(read_order(reading(), on), queries.list_notes(reading()))
    answer = Response(content, mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"places-{on or local_day()}.csv")
    return answer


def past_day(text: str) -> date | None:
    """The day that an address asks for; None for today, for none, and for what is no day."""
    day = read_day(text)
    return day if day is not None and day < local_day() else None


change_routes.add_routes(bp)
import_routes.add_routes(bp)
boundary_routes.add_routes(bp)
list_routes.add_routes(bp)
list_import_routes.add_routes(bp)
list_entry_routes.add_routes(bp)
