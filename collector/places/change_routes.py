"""The page of one place, and what can be changed there; each change with the day from which it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.place_order import read_order
from collector.places import operations, queries
from collector.places.acts import last_day
from collector.places.history import tell_history
from collector.places.inputs import EndForm, MergeForm, MoveForm, RenameForm, SplitForm, show_error
from collector.places.undo import last_act, undo_last_act
from collector.store import Place, PlaceBoundary
from collector.store.session import reading, writing


@dataclass(frozen=True)
class Change:
    """A kind of change: its form, what carries it out, and what is said afterwards."""

    form: type[FlaskForm]
    carry_out: Callable[[Session, Place, Any], None]
    done: Any


def rename(session: Session, place: Place, form: RenameForm) -> None:
    """Call a place otherwise."""
    operations.rename_place(session, place, form.names, form.on.data, by=current_user.id)


def move(session: Session, place: Place, form: MoveForm) -> None:
    """Put a place under another one."""
    text = form.parent.data
    parent = queries.resolve_place(session, read_order(session), text) if text else None
    operations.move_place(session, place, parent, form.on.data, by=current_user.id)


def merge(session: Session, place: Place, form: MergeForm) -> None:
    """Make a place part of another one."""
    into = queries.resolve_place(session, read_order(session), form.into.data)
    operations.merge_place(session, place, into, form.on.data, by=current_user.id)


def split(session: Session, place: Place, form: SplitForm) -> None:
    """Make several places of one."""
    filled = [index for index, entry in enumerate(form.parts) if entry.form.is_filled]
    parts = [operations.Part(form.parts[index].form.code.data, form.parts[index].form.names) for index in filled]
    heir = filled.index(int(form.heir.data)) if form.heir.data else None
    operations.split_place(session, place, parts, heir, form.on.data, by=current_user.id)


def end(session: Session, place: Place, form: EndForm) -> None:
    """End a place."""
    operations.end_place(session, place, form.on.data, by=current_user.id)


CHANGES = {
    "rename": Change(RenameForm, rename, _l("The new name was saved.")),
    "move": Change(MoveForm, move, _l("The place was moved.")),
    "merge": Change(MergeForm, merge, _l("The place was merged. Its responses count for the other one now.")),
    "split": Change(SplitForm, split, _l("The place was split.")),
    "end": Change(EndForm, end, _l("The place was ended.")),
}


def add_routes(bp: Blueprint) -> None:
    """Add the page of a place to the blueprint."""
    bp.get("/places/<int:place_id>")(place)
    bp.post("/places/<int:place_id>/<any(rename, move, merge, split, end):kind>")(change)
    bp.post("/places/<int:place_id>/undo")(undo)


@requires("places.change")
def place(place_id: int) -> str:
    """One place: its names, what is under it, its history, and the forms that change it."""
    return show_place(queries.find_place(reading(), place_id))


@requires("places.change")
def change(place_id: int, kind: str) -> Any:
    """Carry out one kind of change."""
    chosen = CHANGES[kind]
    form = chosen.form(prefix=kind)
    if form.validate_on_submit():
        try:
            with writing() as store:
                chosen.carry_out(store, queries.find_place(store, place_id), form)
        except CollectorError as error:
            if error.code == "not_found":
                raise
            show_error(form, error)
        else:
            flash(str(chosen.done), "success")
            return redirect(url_for("places.place", place_id=place_id))
    return show_place(queries.find_place(reading(), place_id), kind, form), 400


@requires("places.change")
def undo(place_id: int) -> Any:
    """Take back the last act on a place, with all that it changed elsewhere."""
    try:
        with writing() as store:
            undo_last_act(store, queries.find_place(store, place_id), by=current_user.id)
    except CollectorError as error:
        if error.code == "not_found":
            raise
        flash(error.message, "danger")
        return redirect(url_for("places.place", place_id=place_id))
    flash(_("The last change was taken back."), "success")
    if reading().get(Place, place_id) is None:
        return redirect(url_for("places.tree"))
    return redirect(url_for("places.place", place_id=place_id))


def show_place(found: Place, kind: str = "", form: FlaskForm | None = None) -> str:
    """The page of a place; with the form of the `kind` of change that was refused."""
    store = reading()
    order = read_order(store)
    lineage = [order.nodes[id_] for id_ in order.lineage(found.id)[1:]]
    forms = {name: change.form(formdata=None, prefix=name) for name, change in CHANGES.items()}
    forms["rename"].name_zh.data = found.names.get("zh", "")
    forms["rename"].name_en.data = found.names.get("en", "")
    forms["move"].parent.data = lineage[0].code if lineage else ""
    if form is not None:
        forms[kind] = form
    act = last_act(store, found)
    counts_for = order.counts_for.get(found.id)
    return render_template(
        "office/place.html",
        place=found,
        lineage=list(reversed(lineage)),
        under=order.children.get(found.id, ()),
        merged=queries.list_merged_into(order, found.id),
        counts_for=order.nodes[counts_for] if counts_for not in (None, found.id) else None,
        forms=forms,
        opened=kind,
        last_day=last_day(store, found.id),
        history=tell_history(store, found, language()),
        act_size=len({state.place_id for state in act}) if act and act[0].act_id else 0,
        has_boundary=store.get(PlaceBoundary, found.id) is not None,
        suggestions=queries.suggest_places(order, language()),
    )
