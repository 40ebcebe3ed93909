"""The pages of sign-in: login and password, the second step, and the language of the office."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from collector.accounts import session_age
from collector.accounts.blueprint import bp
from collector.accounts.inputs import CodeForm, LanguageForm, SignInForm
from collector.accounts.landing import first_page
from collector.accounts.local_paths import local_path
from collector.accounts.sign_in import pass_second_step
from collector.accounts.sign_in import sign_in as check_sign_in
from collector.accounts.signed_in import SignedIn
from collector.errors import CollectorError
from collector.store import User, utc_now

#: Where the session keeps who has typed the right password and owes a code, and for how long that holds, seconds.
PENDING = "second_step"
PENDING_S = 600


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """The sign-in page. A refused try answers 401, too many of them 429."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(first_page())
    form = SignInForm(next=request.args.get("next", ""))
    status, fault = (400 if request.method == "POST" else 200), ""
    if form.validate_on_submit():
        try:
            user = check_sign_in(form.login.data or "", form.password.data or "", request.remote_addr or "")
        except CollectorError as error:
            status, fault = error.status, error.message
        else:
            if user is not None:
                return begin_second_step(user, form.next.data) if user.totp_secret else let_in(user, form.next.data)
            status, fault = 401, _("Login or password is wrong.")
    return render_template("office/sign_in.html", form=form, fault=fault), status


def begin_second_step(user: User, next_page: str | None) -> Response:
    """Remember that the password was right, and ask for the code."""
    session[PENDING] = {"user": user.id, "epoch": user.session_epoch, "at": int(utc_now().timestamp())}
    return redirect(url_for("accounts.second_step", next=next_page or None))


@bp.route("/sign-in/code", methods=["GET", "POST"])
def second_step() -> Any:
    """The page of the second step. A wrong code answers 401, too many of them 429."""
    if current_user.is_authenticated:
        return redirect(first_page())
    pending = session.get(PENDING)
    if pending is None or pending["at"] < utc_now().timestamp() - PENDING_S:
        session.pop(PENDING, None)
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")))
    form = CodeForm(next=request.args.get("next", ""))
    status, fault = (400 if request.method == "POST" else 200), ""
    if form.validate_on_submit():
        try:
            user = pass_second_step(pending["user"], pending["epoch"], form.code.data or "", request.remote_addr or "")
        except CollectorError as error:
            status, fault = error.status, error.message
        else:
            if user is not None:
                session.pop(PENDING, None)
                return let_in(user, form.next.data)
            status, fault = 401, _("This code is wrong, or it was used already. Wait for the next one.")
    return render_template("office/sign_in_code.html", form=form, fault=fault), status


def let_in(user: User, next_page: str | None) -> Response:
    """Sign `user` in and go on to the page that was asked for, else to the first one of their role."""
    login_user(SignedIn(user))
    session_age.begin(session, int(utc_now().timestamp()))
    return redirect(local_path(next_page, first_page()))


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
    return redirect(local_path(form.next.data, first_page()))
