"""Pages of sign-in and people."""

import secrets
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from collector.accounts import operations, queries, recoveries
from collector.accounts.inputs import (
    LanguageForm,
    OfficeUserForm,
    PlacesForm,
    SignInForm,
    VolunteerForm,
)
from collector.accounts.local_paths import local_path
from collector.accounts.permissions import may_give_role
from collector.accounts.sign_in import sign_in as check_sign_in
from collector.accounts.signed_in import SignedIn, requires
from collector.errors import CollectorError
from collector.languages import language
from collector.sealing.keys import sealing_key
from collector.store import Device, Enrolment, User, utc_now
from collector.store.people import VOLUNTEER
from collector.store.session import reading, writing

bp = Blueprint("accounts", __name__, url_prefix="/office")


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """The sign-in page. A refused try answers 401, too many of them 429."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("coverage.board"))
    form = SignInForm(next=request.args.get("next", ""))
    status = 200
    fault = ""
    if form.validate_on_submit():
        try:
            user = check_sign_in(form.login.data or "", form.password.data or "", request.remote_addr or "")
        except CollectorError as error:
            status, fault = error.status, error.message
        else:
            if user is not None:
                login_user(SignedIn(user))
                return redirect(local_path(form.next.data, url_for("coverage.board")))
            status, fault = 401, _("Login or password is wrong.")
    elif request.method == "POST":
        status = 400
    return render_template("office/sign_in.html", form=form, fault=fault), status


@bp.post("/sign-out")
def sign_out() -> Response:
    """End the session; the chosen language stays."""
    logout_user()
    return redirect(url_for("accounts.sign_in"))


@bp.post("/language")
def switch_language() -> Response:
    """Speak another language from now on, on the page that the switch stands on."""
    form = LanguageForm()
    if form.validate_on_submit():
        session["language"] = form.language.data
    return redirect(local_path(form.next.data, url_for("coverage.board")))


@bp.get("/people")
@requires("people.change")
def people() -> str:
    """Volunteers and people of the office."""
    volunteers, office = queries.list_people(reading(), language())
    asking = {asked.user_id for asked in recoveries.list_open_recoveries(reading())}
    return render_template("office/people.html", volunteers=volunteers, office=office, asking=asking)


@bp.route("/people/new-volunteer", methods=["GET", "POST"])
@requires("people.change")
def add_volunteer() -> Any:
    """Add a volunteer, then go to their page, where the code is issued."""
    form = VolunteerForm()
    subdistricts = offer_places(form)
    if not form.validate_on_submit():
        return render_template("office/new_volunteer.html", form=form, subdistricts=subdistricts), answer_status(form)
    by = current_user.id
    with writing() as store:
        user = operations.create_user(
            store, name=form.name.data or "", role=VOLUNTEER, language=form.language.data, by=by
        )
        operations.assign_places(store, user, form.places.data or [], by=by)
        user_id = user.id
    flash(_("The volunteer was added. Now issue a code for their phone."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.route("/people/new-office-user", methods=["GET", "POST"])
@requires("people.change")
def add_office_user() -> Any:
    """Add a person of the office; shows the generated password once."""
    form = OfficeUserForm()
    form.role.choices = [choice for choice in form.role.choices if may_give_role(current_user.role, choice.value)]
    if form.validate_on_submit() and queries.has_login(reading(), form.login.data or ""):
        form.login.errors = [*form.login.errors, _("Somebody has this login already.")]
    if request.method != "POST" or form.errors:
        return render_template("office/new_office_user.html", form=form), answer_status(form)
    password = secrets.token_urlsafe(12)
    with writing() as store:
        user = operations.create_user(
            store,
            name=form.name.data or "",
            role=form.role.data,
            login=form.login.data,
            password=password,
            language=form.language.data,
            by=current_user.id,
        )
        shown = {"name": user.name, "login": user.login, "password": password}
    return render_template("office/new_password.html", **shown)


@bp.get("/people/<user_id>")
@requires("people.change")
def person(user_id: str) -> str:
    """One person: communities, codes and phones."""
    return show_person(find_user(user_id))


@bp.post("/people/<user_id>/places")
@requires("people.change")
def change_places(user_id: str) -> Any:
    """Change a volunteer's communities."""
    form = PlacesForm()
    offer_places(form)
    if not form.validate_on_submit():
        raise CollectorError("not_found")
    with writing() as store:
        operations.assign_places(store, find_user(user_id), form.places.data or [], by=current_user.id)
    flash(_("The communities were changed. The phone learns it at its next sync."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/<user_id>/code")
@requires("people.change")
def issue_code(user_id: str) -> str:
    """Issue an enrolment code and show it, this once: the server keeps only its hash."""
    with writing() as store:
        user = find_user(user_id)
        if not user.is_active or user.role != VOLUNTEER:
            raise CollectorError("not_allowed")
        enrolment, token = operations.issue_enrolment(store, user, by=current_user.id)
        expires_at = enrolment.expires_at
    return show_person(find_user(user_id), card=make_card(token, expires_at, find_user(user_id).language))


@bp.post("/people/codes/<int:enrolment_id>/revoke")
@requires("people.change")
def revoke_code(enrolment_id: int) -> Response:
    """Take a code back, with the phones that were enrolled by it."""
    with writing() as store:
        enrolment = found(store.get(Enrolment, enrolment_id))
        operations.revoke_enrolment(store, enrolment, by=current_user.id)
        user_id = enrolment.user_id
    flash(_("The code was taken back, and with it every phone that had used it."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/phones/<device_id>/revoke")
@requires("people.change")
def revoke_phone(device_id: str) -> Response:
    """Take a phone's access back."""
    with writing() as store:
        device = found(store.get(Device, device_id))
        operations.revoke_device(store, device, by=current_user.id)
        user_id = device.user_id
    flash(_("The phone's access was taken back. What it holds stays on it until it is enrolled again."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/<user_id>/deactivate")
@requires("people.change")
def deactivate(user_id: str) -> Response:
    """Let a person in no longer. Nobody can do this to themselves or to somebody with more rights."""
    with writing() as store:
        user = find_user(user_id)
        if user.id == current_user.id or not may_give_role(current_user.role, user.role):
            raise CollectorError("not_allowed")
        operations.deactivate_user(store, user, by=current_user.id)
    flash(_("This person can no longer sign in or sync. What they collected stays."), "success")
    return redirect(url_for("accounts.person", user_id=user_id))


@bp.post("/people/recoveries/<recovery_id>/grant")
@requires("people.change")
def grant_recovery(recovery_id: str) -> Response:
    """Let somebody in again who forgot a PIN."""
    return answer_recovery(
        recovery_id, True, _("Allowed. The phone opens as soon as it has a signal, and asks for a new PIN.")
    )


@bp.post("/people/recoveries/<recovery_id>/refuse")
@requires("people.change")
def refuse_recovery(recovery_id: str) -> Response:
    """Keep a phone shut whose question is not to be believed."""
    return answer_recovery(recovery_id, False, _("Refused. The phone stays shut; what it holds is kept on it."))


def answer_recovery(recovery_id: str, is_granted: bool, words: str) -> Response:
    """Answer a phone's question and go back to its person."""
    with writing() as store:
        asked = recoveries.decide_recovery(store, recovery_id, sealing_key(), is_granted=is_granted, by=current_user.id)
        user_id = asked.user_id
    flash(words, "success")
    return redirect(url_for("accounts.person", user_id=user_id))


def found(thing: Any) -> Any:
    """Give `thing`. Raises CollectorError `not_found` if there is none."""
    if thing is None:
        raise CollectorError("not_found")
    return thing


def find_user(user_id: str) -> User:
    """The person with `user_id`. Raises CollectorError `not_found`."""
    user: User = found(reading().get(User, user_id))
    return user


def answer_status(form: Any) -> int:
    """200 for a form that is shown, 400 for one that was sent with faults."""
    return 400 if form.errors or request.method == "POST" else 200


def offer_places(form: Any) -> list[queries.Subdistrict]:
    """Let `form.places` choose among all communities; gives them by subdistrict for the page."""
    subdistricts = queries.list_subdistricts(reading(), language())
    form.places.choices = [
        SelectChoice(str(place.id), place.code) for group in subdistricts for place in group.communities
    ]
    return subdistricts


def make_card(token: str, expires_at: Any, volunteer_language: str) -> dict[str, Any]:
    """What an enrolment card shows: the link, its QR code as a data address, and words in the volunteer's language."""
    link = current_app.config["SETTINGS"].public_url + url_for("field.shell", token=token)
    code = segno.make(link, error="m", micro=False)
    # Phones give a page the camera, the position and a service worker only over HTTPS or on the same machine.
    needs_https = urlsplit(link).scheme != "https" and urlsplit(link).hostname not in ("localhost", "127.0.0.1")
    with force_locale(volunteer_language):
        steps = [
            _("Scan the code with your phone's camera."),
            _("Open the link and press “Start”."),
            _("Add the page to your home screen."),
        ]
        until = _("Works until")
        warning = _("Keep this card to yourself: whoever has it can send responses in your name.")
    return {
        "language": volunteer_language,
        "steps": steps,
        "until": until,
        "warning": warning,
        "link": link,
        "qr": code.svg_data_uri(scale=8, border=4, light="#fff"),
        "expires_at": expires_at,
        "needs_https": needs_https,
    }


def show_person(user: User, card: dict[str, Any] | None = None) -> str:
    """The page of one person, with a freshly issued code if there is one."""
    store = reading()
    form = PlacesForm(formdata=None, data={"places": queries.assigned_communities(store, user)})
    return render_template(
        "office/person.html",
        user=user,
        form=form,
        card=card,
        subdistricts=offer_places(form),
        enrolments=queries.list_enrolments(store, user),
        devices=queries.list_devices(store, user),
        recoveries=[(asked, recoveries.number_of(asked)) for asked in recoveries.list_open_recoveries(store, user.id)],
        now=utc_now(),
        may_deactivate=user.is_active and user.id != current_user.id and may_give_role(current_user.role, user.role),
    )
