"""The page of one person, and what is changed there."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts import operations, queries, recoveries, second_factor
from collector.accounts.blueprint import bp
from collector.accounts.choosing import (
    check_places,
    offer_places,
    offer_questionnaires,
    offer_roles,
    wanted_places,
    wanted_rights,
)
from collector.accounts.collect_access import CollectCard
from collector.accounts.enrolment_cards import Card
from collector.accounts.history import account_history
from collector.accounts.inputs import ConfirmForm, OfficePersonForm, OfficePlacesForm, PersonForm, WorkForm
from collector.accounts.people_pages import check_rights
from collector.accounts.reach import current_reach, find_changeable, find_user
from collector.accounts.role_names import EXPLAINED, role_name
from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.languages import language
from collector.place_order import read_order
from collector.store import User, utc_now
from collector.store.people import OWNER, VOLUNTEER
from collector.store.session import reading, writing


@bp.get("/people/<user_id>")
@requires("people.change")
def person(user_id: str) -> str:
    """One person: work, codes and phones, what came of it, and what was done to the account."""
    return show_person(find_user(user_id))


@bp.post("/people/<user_id>/places")
@requires("people.change")
def change_places(user_id: str) -> Any:
    """Change where somebody goes or what they answer for, and which questionnaires a volunteer fills in."""
    user = find_user(user_id)
    is_volunteer = user.role == VOLUNTEER
    if not is_volunteer and not current_reach().may_change(user):
        raise CollectorError("not_allowed")
    form = WorkForm() if is_volunteer else OfficePlacesForm()
    offer_places(form)
    if is_volunteer:
        offer_questionnaires(form)
    wanted = wanted_places(form, user)
    if not form.validate_on_submit() or not check_places(form, wanted):
        return show_person(user, work=form), 400
    with writing() as store:
        user = find_user(user_id)
        operations.assign_places(store, user, wanted, by=current_user.id)
        # Whoever works elsewhere too fills in what is decided for all of their places.
        if is_volunteer and current_reach().may_change(user):
            operations.assign_questionnaires(store, user, form.questionnaires.data or [], by=current_user.id)
    said = _("Saved. The phone learns it at its next sync.") if is_volunteer else _("Saved.")
    flash(said, "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.route("/people/<user_id>/edit", methods=["GET", "POST"])
@requires("people.change")
def edit_person(user_id: str) -> Any:
    """Change name and language, and the role of a person of the office."""
    user = find_changeable(user_id)
    is_office = user.role != VOLUNTEER
    kept = {"name": user.name, "language": user.language, "role": user.role, "hides_personal": not user.sees_personal}
    form = OfficePersonForm(data=kept) if is_office else PersonForm(data=kept)
    if is_office:
        offer_roles(form)
    if not form.validate_on_submit() or (is_office and not check_rights(form)):
        page = render_template("office/edit_person.html", user=user, form=form, explained=EXPLAINED)
        return page, 400 if request.method == "POST" else 200
    by = current_user.id
    with writing() as store:
        user = find_changeable(user_id)
        operations.change_person(store, user, name=form.name.data or "", language=form.language.data, by=by)
        if is_office:
            role, sees_personal = wanted_rights(form)
            operations.change_role(store, user, role, sees_personal=sees_personal, by=by)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/<user_id>/deactivate")
@requires("people.change")
def deactivate(user_id: str) -> Response:
    """Let a person in no longer. Nobody can do this to themselves or to somebody with more rights."""
    with writing() as store:
        operations.deactivate_user(store, find_changeable(user_id), by=current_user.id)
    flash(_("This person can no longer sign in or sync. What they collected stays."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/<user_id>/activate")
@requires("people.change")
def activate(user_id: str) -> Response:
    """Let somebody in again who had left."""
    with writing() as store:
        operations.activate_user(store, find_changeable(user_id), by=current_user.id)
    flash(_("This person is back: sign-in, phones and codes that were not taken back work again."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.route("/people/<user_id>/password", methods=["GET", "POST"])
@requires("people.change")
def reset_password(user_id: str) -> Any:
    """Make a new password for somebody of the office, shown once; wherever they are signed in, they are so no longer."""
    user = find_office_user(user_id)
    if not ConfirmForm().validate_on_submit():
        return render_template("office/person_sign_in.html", user=user, may_switch_off=may_switch_off(user))
    password = operations.new_password()
    with writing() as store:
        user = find_office_user(user_id)
        operations.set_password(store, user, password, by=current_user.id)
    return render_template(
        "office/new_password.html", is_new=False, user_id=user.id, name=user.name, login=user.login, password=password
    )


@bp.post("/people/<user_id>/second-step/off")
@requires("people.change")
def switch_second_step_off(user_id: str) -> Response:
    """Let somebody in with the password alone who lost the second step; for owners to do."""
    with writing() as store:
        user = find_office_user(user_id)
        if not may_switch_off(user):
            raise CollectorError("not_allowed")
        second_factor.switch_off(store, user, by=current_user.id)
    flash(_("The second step is off. The password alone is enough until it is switched on again."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


def find_office_user(user_id: str) -> User:
    """Somebody of the office who may be changed. Raises CollectorError `not_found`, `not_allowed`."""
    user = find_changeable(user_id)
    if user.role == VOLUNTEER or user.login is None:
        raise CollectorError("not_found")
    return user


def may_switch_off(user: User) -> bool:
    """Tell whether the reader may switch the second step of `user` off."""
    return user.totp_secret is not None and current_user.role == OWNER


def show_person(user: User, card: Card | None = None, work: Any = None, collect_card: CollectCard | None = None) -> str:
    """The page of one person, with a freshly issued code or access; `work`: the form of places as it was sent, with faults."""
    store, reach = reading(), current_reach()
    is_volunteer = user.role == VOLUNTEER
    form = work
    if form is None:
        assigned = queries.assigned_questionnaires(store, user)
        form = (
            WorkForm(formdata=None, data={"questionnaires": assigned})
            if is_volunteer
            else OfficePlacesForm(formdata=None)
        )
    return render_template(
        "office/person.html",
        user=user,
        role=role_name(user.role),
        form=form,
        card=card,
        collect_card=collect_card,
        tree=offer_places(form, user),
        places=queries.place_names(user, read_order(store), language()),
        questionnaires=offer_questionnaires(form) if is_volunteer else [],
        enrolments=queries.list_enrolments(store, user),
        devices=queries.list_devices(store, user),
        recoveries=[(asked, recoveries.number_of(asked)) for asked in recoveries.list_open_recoveries(store, user.id)],
        counts=queries.responses_by_state(store, user, current_scope()),
        history=account_history(store, user),
        now=utc_now(),
        may_change=reach.may_change(user),
    )
