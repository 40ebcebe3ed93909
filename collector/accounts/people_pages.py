"""The list of people, and adding somebody."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from collector.accounts import operations, queries, recoveries
from collector.accounts.blueprint import bp
from collector.accounts.choosing import (
    check_places,
    offer_places,
    offer_questionnaires,
    offer_roles,
    wanted_places,
    wanted_rights,
)
from collector.accounts.inputs import OfficeUserForm, VolunteerForm
from collector.accounts.reach import current_reach
from collector.accounts.role_names import EXPLAINED, role_name
from collector.accounts.signed_in import requires
from collector.languages import language
from collector.place_order import read_order
from collector.store.people import OWNER, VOLUNTEER
from collector.store.session import reading, writing


@bp.get("/people")
@requires("people.change")
def people() -> str:
    """Volunteers and people of the office: those whom the reader sees. `?q=` finds by name or place, `?all=1` ticks all."""
    order = read_order(reading())
    volunteers, office = queries.list_people(reading(), current_reach(), order, language())
    asking = {asked.user_id for asked in recoveries.list_open_recoveries(reading())}
    wanted = request.args.get("q", "").strip().casefold()
    shown = [row for row in volunteers if wanted in " ".join([row.user.name, *row.places]).casefold()]
    return render_template(
        "office/people.html",
        volunteers=shown,
        all_volunteers=len(volunteers),
        office=office,
        asking=asking,
        role_name=role_name,
        q=request.args.get("q", ""),
        all_ticked="all" in request.args,
    )


@bp.route("/people/new-volunteer", methods=["GET", "POST"])
@requires("people.change")
def add_volunteer() -> Any:
    """Add a volunteer, then go to their page, where the code is issued."""
    form = VolunteerForm()
    tree, questionnaires = offer_places(form), offer_questionnaires(form)
    wanted = wanted_places(form)
    if not form.validate_on_submit() or not check_places(form, wanted):
        page = render_template("office/new_volunteer.html", form=form, tree=tree, questionnaires=questionnaires)
        return page, 400 if request.method == "POST" else 200
    by = current_user.id
    with writing() as store:
        user = operations.create_user(
            store, name=form.name.data or "", role=VOLUNTEER, language=form.language.data, by=by
        )
        operations.assign_places(store, user, wanted, by=by)
        operations.assign_questionnaires(store, user, form.questionnaires.data or [], by=by)
        user_id = user.id
    flash(_("The volunteer was added. Now issue a code for their phone."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.route("/people/new-office-user", methods=["GET", "POST"])
@requires("people.change")
def add_office_user() -> Any:
    """Add a person of the office; shows the generated password once."""
    form = OfficeUserForm()
    offer_roles(form)
    tree = offer_places(form)
    wanted = wanted_places(form)
    if not form.validate_on_submit() or not is_office_user_right(form, wanted):
        page = render_template("office/new_office_user.html", form=form, tree=tree, explained=EXPLAINED)
        return page, 400 if request.method == "POST" else 200
    password = operations.new_password()
    role, sees_personal = wanted_rights(form)
    by = current_user.id
    with writing() as store:
        user = operations.create_user(
            store,
            name=form.name.data or "",
            role=role,
            login=form.login.data,
            password=password,
            language=form.language.data,
            sees_personal=sees_personal,
            by=by,
        )
        if role != OWNER and wanted:
            operations.assign_places(store, user, wanted, by=by)
        shown = {"user_id": user.id, "name": user.name, "login": user.login, "password": password}
    return render_template("office/new_password.html", is_new=True, **shown)


def is_office_user_right(form: OfficeUserForm, wanted: set[int]) -> bool:
    """Tell whether login, rights and places will do, with the faults at their fields if not."""
    if queries.has_login(reading(), form.login.data or ""):
        form.login.errors = [*form.login.errors, _("Somebody has this login already.")]
    return check_rights(form) and check_places(form, wanted) and not form.errors


def check_rights(form: Any) -> bool:
    """Tell whether the reader may give what was chosen, with the fault at the role if not."""
    role, sees_personal = wanted_rights(form)
    if current_reach().may_give(role, sees_personal=sees_personal):
        return True
    form.role.errors = [*form.role.errors, _("You cannot give a right that you do not have yourself.")]
    return False
