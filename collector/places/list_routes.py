"""Lists of doors: which there are, how far each is, and who is sent where."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language, local_day
from collector.place_order import read_order
from collector.places import list_operations, list_queries
from collector.places.list_export import write_doors
from collector.places.list_inputs import MAX_ASSIGNED, AssignForm, ListForm, offer_volunteers
from collector.places.list_queries import NOBODY, OUTCOMES, DoorFilters, read_door_filters
from collector.places.list_words import words_of_outcomes
from collector.store import ListEntry, Questionnaire, User, VisitList
from collector.store.session import reading, writing


def add_routes(bp: Blueprint) -> None:
    """Add the lists to the blueprint."""
    bp.get("/lists")(lists)
    bp.route("/lists/add", methods=["GET", "POST"])(add_list)
    bp.get("/lists/<int:list_id>", endpoint="list")(show)
    bp.route("/lists/<int:list_id>/edit", methods=["GET", "POST"])(edit_list)
    bp.post("/lists/<int:list_id>/assign")(assign)
    bp.post("/lists/<int:list_id>/<any(archive, take_up):what>", endpoint="archive_list")(archive)
    bp.post("/lists/<int:list_id>/targets", endpoint="list_targets")(take_targets)
    bp.get("/lists/<int:list_id>/doors.csv", endpoint="download_list")(download)


@requires("targets.change")
def lists() -> str:
    """The lists with doors in scope; `?archived=1`: those that were put away."""
    is_archived = bool(request.args.get("archived"))
    rows = list_queries.list_lists(reading(), current_scope(), current_user.id, is_archived=is_archived)
    return render_template("office/lists.html", rows=rows, is_archived=is_archived, titles=titles_of(reading()))


@requires("targets.change")
def add_list() -> Any:
    """Make a list; its doors come with a file, or one by one."""
    form = list_form()
    if form.validate_on_submit():
        with writing() as store:
            made = list_operations.create_list(store, form.name.data, chosen_form(form), by=current_user.id)
            list_id = made.id
        return redirect(url_for("places.import_list", list_id=list_id))
    return render_template("office/list_edit.html", form=form, visit_list=None), 400 if form.errors else 200


@requires("targets.change")
def edit_list(list_id: int) -> Any:
    """Change a list's name and questionnaire."""
    found = find(reading(), list_id)
    form = list_form(found)
    if form.validate_on_submit():
        with writing() as store:
            found = find_whole(store, list_id)
            list_operations.edit_list(store, found, form.name.data, chosen_form(form), by=current_user.id)
        flash(_("The list was saved."), "success")
        return redirect(url_for("places.list", list_id=list_id))
    return render_template("office/list_edit.html", form=form, visit_list=found), 400 if form.errors else 200


@requires("targets.change")
def show(list_id: int) -> str:
    """One list: how far it is by community, and its doors."""
    form = AssignForm(formdata=None)
    offer_volunteers(form.volunteer, list_queries.list_volunteers(reading(), current_scope()))
    return show_list(list_id, form)


@requires("targets.change")
def assign(list_id: int) -> Any:
    """Send a volunteer to the chosen doors, or to all that the filter shows."""
    form = AssignForm()
    offer_volunteers(form.volunteer, list_queries.list_volunteers(reading(), current_scope()))
    filters = read_door_filters(request.args).from_start()
    if not form.validate_on_submit():
        return show_list(list_id, form), 400
    with writing() as store:
        found = find(store, list_id)
        ids = chosen_doors(store, list_id, filters)
        if len(ids) > MAX_ASSIGNED:
            form.volunteer.errors = [
                _(
                    "These are more than %(count)s doors. Narrow the filter, and assign them in parts.",
                    count=MAX_ASSIGNED,
                )
            ]
        elif not ids:
            form.volunteer.errors = [_("Choose at least one door first.")]
        else:
            volunteer = None if form.volunteer.data == NOBODY else form.volunteer.data
            list_operations.assign_doors(store, found, ids, volunteer, by=current_user.id)
    if form.volunteer.errors:
        return show_list(list_id, form), 400
    name = next(choice.label for choice in form.volunteer.choices if choice.value == form.volunteer.data)
    flash(
        ngettext("%(num)s door was assigned: %(name)s.", "%(num)s doors were assigned: %(name)s.", len(ids), name=name),
        "success",
    )
    return redirect(url_for("places.list", list_id=list_id, **filters.as_arguments()))


@requires("targets.change")
def archive(list_id: int, what: str) -> Response:
    """Put a list away, or take it up again."""
    with writing() as store:
        found = find_whole(store, list_id)
        list_operations.archive_list(store, found, is_archived=what == "archive", by=current_user.id)
    done = _("The list was put away. Phones get it no longer.") if what == "archive" else _("The list is in use again.")
    flash(done, "success")
    return redirect(url_for("places.list", list_id=list_id))


@requires("targets.change")
def take_targets(list_id: int) -> Response:
    """Expect as many responses of each community as the list has doors there."""
    try:
        with writing() as store:
            found = find(store, list_id)
            order = read_order(store)
            count = list_operations.take_as_targets(store, found, current_scope(), order, by=current_user.id)
    except CollectorError as error:
        if error.code == "not_found":
            raise
        flash(error.message, "danger")
    else:
        flash(
            ngettext("The target of %(num)s community was set.", "The targets of %(num)s communities were set.", count),
            "success",
        )
    return redirect(url_for("places.list", list_id=list_id))


@requires("targets.change")
def download(list_id: int) -> Response:
    """The doors that the filter shows, with their outcomes, as a table."""
    store, filters = reading(), read_door_filters(request.args).from_start()
    find(store, list_id)
    order = read_order(store)
    entries = store.scalars(list_queries.filter_doors(store, list_id, current_scope(), order, filters))
    answer = Response(write_doors(store, entries, order), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"list-{list_id}-{local_day()}.csv")
    return answer


def find(session: Session, list_id: int) -> VisitList:
    """A list with doors in scope. Raises CollectorError `not_found`."""
    return list_queries.find_list(session, list_id, current_scope(), current_user.id)


def find_whole(session: Session, list_id: int) -> VisitList:
    """A list all doors of which are in scope. Raises CollectorError `not_found`, `not_allowed`."""
    found = find(session, list_id)
    if list_queries.has_door_outside(session, list_id, current_scope()):
        raise CollectorError("not_allowed")
    return found


def chosen_doors(session: Session, list_id: int, filters: DoorFilters) -> list[int]:
    """Ids of the doors that were ticked, or of all that the filter shows, at most one more than may be assigned at once."""
    query = list_queries.filter_doors(session, list_id, current_scope(), read_order(session), filters)
    query_ids = query.with_only_columns(ListEntry.id)
    if not request.form.get("all"):
        ticked = [
            int(text) for text in request.form.getlist("entry")[:MAX_ASSIGNED] if text.isdecimal() and len(text) < 10
        ]
        query_ids = query_ids.where(ListEntry.id.in_(ticked))
    return list(session.scalars(query_ids.limit(MAX_ASSIGNED + 1)))


def list_form(found: VisitList | None = None) -> ListForm:
    """The form of a list, filled in from one that is there."""
    form = ListForm(name=found.name if found else "", questionnaire=str(found.questionnaire_id or "") if found else "")
    titles = titles_of(reading())
    form.questionnaire.choices = [
        SelectChoice("", _("the volunteer chooses")),
        *(SelectChoice(str(id_), title) for id_, title in titles.items()),
    ]
    return form


def chosen_form(form: ListForm) -> int | None:
    """The id of the questionnaire that was chosen."""
    return int(form.questionnaire.data) if form.questionnaire.data else None


def titles_of(session: Session) -> dict[int, str]:
    """Titles of the questionnaires in use, by id."""
    return {form.id: title_of(form) for form in list_queries.list_forms(session)}


def title_of(questionnaire: Questionnaire) -> str:
    """The title of a questionnaire in the page's language."""
    version = questionnaire.current_version
    return (version.titles.get(language()) or version.title) if version else questionnaire.form_id


def show_list(list_id: int, form: AssignForm) -> str:
    """The page of a list."""
    store, scope = reading(), current_scope()
    found, order, filters = find(store, list_id), read_order(store), read_door_filters(request.args)
    entries, after = list_queries.page_of_doors(store, list_id, scope, order, filters)
    *tallies, whole = list_queries.tally_list(store, list_id, scope, order)
    volunteers = {user.id: user.name for user in list_queries.list_volunteers(store, scope)}
    sent = {entry.assigned_to for entry in entries} - set(volunteers)
    others = store.execute(select(User.id, User.name).where(User.id.in_(sent)))
    questionnaire = store.get(Questionnaire, found.questionnaire_id) if found.questionnaire_id else None
    return render_template(
        "office/list.html",
        visit_list=found,
        title=title_of(questionnaire) if questionnaire else "",
        tallies=list_queries.sum_up(tallies, order),
        communities=len(tallies),
        whole=whole,
        entries=entries,
        filters=filters,
        after=after,
        places={id_: order.nodes[end].name(language()) for id_, end in order.counts_for.items()},
        volunteers=volunteers,
        names=volunteers | {row.id: row.name for row in others},
        outcomes=OUTCOMES,
        words=words_of_outcomes(),
        form=form,
        is_all_mine=not list_queries.has_door_outside(store, list_id, scope),
        nobody=NOBODY,
    )
