"""One door of a list: what happened there, and what the list says of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.place_order import read_order
from collector.places import list_operations, list_queries
from collector.places.list_inputs import DoorForm, offer_volunteers
from collector.places.list_queries import NOBODY
from collector.places.list_table import Door
from collector.places.list_words import words_of_outcomes
from collector.places.queries import resolve_place, suggest_places
from collector.store import ListEntry, Response, User, VisitList
from collector.store.session import reading, writing


def add_routes(bp: Blueprint) -> None:
    """Add the doors to the blueprint."""
    bp.route("/lists/<int:list_id>/doors/add", methods=["GET", "POST"])(add_door)
    bp.route("/lists/<int:list_id>/doors/<int:entry_id>", methods=["GET", "POST"])(door)


@requires("targets.change")
def add_door(list_id: int) -> Any:
    """Add one door to a list."""
    found = find(reading(), list_id)
    form = door_form()
    if form.validate_on_submit():
        try:
            with writing() as store:
                found = find(store, list_id)
                list_operations.add_door(store, found, read_door(store, form), by=current_user.id)
        except CollectorError as error:
            show_error(form, error)
        else:
            flash(_("The door was added."), "success")
            return redirect(url_for("places.list", list_id=list_id))
    page = render_template("office/list_door_add.html", visit_list=found, form=form, suggestions=suggestions())
    return page, 400 if form.errors else 200


@requires("targets.change")
def door(list_id: int, entry_id: int) -> Any:
    """One door with its visits; posted to, what the list says of it is changed."""
    store = reading()
    found, entry = find(store, list_id), find_door(store, list_id, entry_id)
    form = door_form(entry)
    if form.validate_on_submit():
        try:
            with writing() as store:
                entry = find_door(store, list_id, entry_id)
                list_operations.edit_door(store, entry, read_door(store, form), by=current_user.id)
        except CollectorError as error:
            if error.code == "not_found":
                raise
            show_error(form, error)
        else:
            flash(_("The door was saved."), "success")
            return redirect(url_for("places.door", list_id=list_id, entry_id=entry_id))
    order = read_order(store)
    end = order.counts_for.get(entry.place_id, entry.place_id)
    response = store.get(Response, entry.response_id) if entry.response_id else None
    page = render_template(
        "office/list_door.html",
        visit_list=found,
        entry=entry,
        place=order.nodes[end].name(language()),
        volunteer=store.get(User, entry.assigned_to) if entry.assigned_to else None,
        visits=list_queries.visits_of(store, entry),
        words=words_of_outcomes(),
        response=response if response and current_scope().covers(response.place_id) else None,
        form=form,
        suggestions=suggestions(),
    )
    return page, 400 if form.errors else 200


def find(session: Session, list_id: int) -> VisitList:
    """A list with doors in scope. Raises CollectorError `not_found`."""
    return list_queries.find_list(session, list_id, current_scope(), current_user.id)


def find_door(session: Session, list_id: int, entry_id: int) -> ListEntry:
    """A door in scope. Raises CollectorError `not_found`."""
    return list_queries.find_door(session, list_id, entry_id, current_scope())


def door_form(entry: ListEntry | None = None) -> DoorForm:
    """The form of a door, filled in from one that is there; whose key stays."""
    store = reading()
    form = DoorForm()
    chosen = store.get(User, entry.assigned_to) if entry is not None and entry.assigned_to else None
    offer_volunteers(form.volunteer, list_queries.list_volunteers(store, current_scope()), chosen=chosen)
    if entry is not None:
        form.key.data = entry.key
        if not form.is_submitted():
            form.place.data = read_order(store).nodes[entry.place_id].code
            form.label.data, form.note.data = entry.label, entry.note
            form.volunteer.data = entry.assigned_to or NOBODY
    return form


def read_door(session: Session, form: DoorForm) -> Door:
    """What was filled in. Raises CollectorError `place_unknown`, `place_ambiguous`; a place outside the scope is unknown."""
    order = read_order(session)
    place = resolve_place(session, order, form.place.data)
    end = order.counts_for.get(place.id)
    if end is None or not current_scope().covers(end):
        raise CollectorError("place_unknown", place=form.place.data)
    volunteer = None if form.volunteer.data == NOBODY else form.volunteer.data
    return Door(form.key.data, end, form.label.data, form.note.data, volunteer)


def show_error(form: DoorForm, error: CollectorError) -> None:
    """Put an error beside the field that it is about."""
    field = form.key if error.code == "door_key_taken" else form.place
    field.errors = [*field.errors, error.message]


def suggestions() -> list[tuple[str, str]]:
    """Codes and names of the places in scope."""
    order = read_order(reading())
    in_scope = {node.code for node in order.communities if current_scope().covers(node.id)}
    return [(code, name) for code, name in suggest_places(order, language()) if code in in_scope]
