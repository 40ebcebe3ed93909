"""One's own account: password, language, sessions, the second step of the sign-in. For everybody of the office."""

from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from collector.accounts import operations, second_factor
from collector.accounts.inputs import CodeForm, ConfirmForm, OwnLanguageForm, OwnPasswordForm, OwnPasswordOnlyForm
from collector.accounts.role_names import role_name
from collector.accounts.sign_in import is_own_password
from collector.accounts.signed_in import SignedIn, requires_sign_in
from collector.errors import CollectorError
from collector.store import User
from collector.store.session import reading, writing

bp = Blueprint("account", __name__, url_prefix="/office/account")

#: Where the session keeps a secret that the authenticator app has not confirmed yet.
UNCONFIRMED = "new_second_step"


@bp.get("")
@requires_sign_in
def account() -> str:
    """The account page."""
    return show_account()


@bp.post("/password")
@requires_sign_in
def change_password() -> Any:
    """Change one's password, for the present one. Elsewhere one is signed out; here one stays."""
    form = OwnPasswordForm()
    form.logins = [me().login or ""]
    if not form.validate_on_submit() or not is_password_right(form.old):
        return show_account(password=form), 400
    with writing() as store:
        user = me()
        operations.set_password(store, user, form.new.data or "", by=user.id)
    stay_signed_in()
    flash(_("Your password was changed. Wherever else you were signed in, you no longer are."), "success")
    return redirect(url_for("account.account"))


@bp.post("/language")
@requires_sign_in
def change_language() -> Any:
    """Change the language in which the office speaks to one, on every computer."""
    form = OwnLanguageForm()
    if not form.validate_on_submit():
        return show_account(language=form), 400
    with writing() as store:
        user = me()
        operations.change_person(store, user, name=user.name, language=form.language.data, by=user.id)
    session.pop("language", None)
    flash(_("Saved."), "success")
    return redirect(url_for("account.account"))


@bp.post("/sessions/end")
@requires_sign_in
def end_sessions() -> Response:
    """Sign out wherever else one is signed in."""
    with writing() as store:
        operations.end_sessions(store, me(), by=current_user.id)
    stay_signed_in()
    flash(_("Wherever else you were signed in, you no longer are."), "success")
    return redirect(url_for("account.account"))


@bp.route("/second-step", methods=["GET", "POST"])
@requires_sign_in
def second_step() -> Any:
    """Switch the second step on: the secret as QR code and text, then a code that shows that the app has it."""
    user = me()
    if user.totp_secret is not None:
        return redirect(url_for("account.account"))
    secret = session.setdefault(UNCONFIRMED, second_factor.new_secret())
    form = CodeForm()
    if form.validate_on_submit():
        with writing() as store:
            codes = second_factor.switch_on(store, me(), secret, form.code.data or "")
        if codes:
            session.pop(UNCONFIRMED, None)
            return render_template("office/account_codes.html", codes=codes, is_new=True)
        form.code.errors = [*form.code.errors, _("This code is wrong. Is the clock of your phone right?")]
    code = segno.make(second_factor.secret_address(secret, user.login or ""), error="m", micro=False)
    page = render_template(
        "office/account_second_step.html",
        form=form,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        qr=code.svg_data_uri(scale=6, border=4, light="#fff"),
    )
    return page, 400 if request.method == "POST" else 200


@bp.post("/second-step/off")
@requires_sign_in
def switch_second_step_off() -> Any:
    """Let the password alone be enough again, for the password."""
    form = OwnPasswordOnlyForm()
    if not form.validate_on_submit() or not is_password_right(form.password):
        return show_account(second_step=form), 400
    with writing() as store:
        second_factor.switch_off(store, me(), by=current_user.id)
    flash(_("The second step is off."), "success")
    return redirect(url_for("account.account"))


@bp.post("/recovery-codes")
@requires_sign_in
def renew_recovery_codes() -> Any:
    """Ten new recovery codes in place of the earlier ones, for the password; shown once."""
    form = OwnPasswordOnlyForm()
    if not form.validate_on_submit() or not is_password_right(form.password):
        return show_account(second_step=form), 400
    with writing() as store:
        user = me()
        if user.totp_secret is None:
            raise CollectorError("not_found")
        codes = second_factor.renew_codes(store, user)
    return render_template("office/account_codes.html", codes=codes, is_new=False)


def me() -> User:
    """The person who is signed in. Raises CollectorError `sign_in_needed` if they are no more."""
    user = reading().get(User, current_user.id)
    if user is None:
        raise CollectorError("sign_in_needed")
    return user


def is_password_right(field: Any) -> bool:
    """Tell whether `field` holds the password of whoever is signed in, with the fault at the field if not."""
    try:
        if is_own_password(me(), field.data or "", request.remote_addr or ""):
            return True
        field.errors = [*field.errors, _("This is not your password.")]
    except CollectorError as error:
        field.errors = [*field.errors, error.message]
    return False


def stay_signed_in() -> None:
    """Begin a session with the new count here, where the old ones have just ended."""
    login_user(SignedIn(me()))


def show_account(
    password: OwnPasswordForm | None = None,
    language: OwnLanguageForm | None = None,
    second_step: OwnPasswordOnlyForm | None = None,
) -> str:
    """The account page, with a form as it was sent and its faults."""
    user = me()
    return render_template(
        "office/account.html",
        user=user,
        role=role_name(user.role),
        password=password or OwnPasswordForm(formdata=None),
        language_form=language or OwnLanguageForm(formdata=None, data={"language": user.language}),
        second_step=second_step or OwnPasswordOnlyForm(formdata=None),
        confirm=ConfirmForm(formdata=None),
    )
