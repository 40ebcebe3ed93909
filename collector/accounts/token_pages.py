"""Access tokens on one's account: made for programs, shown once, taken back. An owner sees those of everybody."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import Length

from collector.accounts.access_tokens import counts, issue_token, revoke_token, tokens_of
from collector.accounts.account_pages import bp
from collector.accounts.inputs import REQUIRED, ConfirmForm, not_blank, stripped
from collector.accounts.signed_in import requires_sign_in
from collector.errors import CollectorError
from collector.store import AccessToken, User, utc_now
from collector.store.access import API
from collector.store.people import OWNER
from collector.store.session import reading, writing

READ, WRITE = "read", "write"


class TokenForm(FlaskForm):
    """A new token."""

    name = StringField(_l("What for"), filters=[stripped], validators=[REQUIRED, not_blank, Length(max=200)])
    reach = RadioField(
        _l("It may"),
        choices=[
            SelectChoice(READ, _l("read")),
            SelectChoice(WRITE, _l("read, ask for exports and change webhooks")),
        ],
        default=READ,
    )
    days = RadioField(
        _l("It works for"),
        coerce=int,
        choices=[
            SelectChoice(30, _l("30 days")),
            SelectChoice(90, _l("90 days")),
            SelectChoice(365, _l("a year")),
            SelectChoice(0, _l("until it is taken back")),
        ],
        default=90,
    )


@bp.route("/tokens", methods=["GET", "POST"])
@requires_sign_in
def tokens() -> Any:
    """The person's tokens; and a new one, whose text is shown this once."""
    form = TokenForm()
    if not form.validate_on_submit():
        return show_tokens(form), 400 if form.errors else 200
    with writing() as session:
        user = session.get_one(User, current_user.id)
        lifetime = timedelta(days=form.days.data) if form.days.data else None
        is_read_only = form.reach.data == READ
        _token, text = issue_token(
            session, user, name=form.name.data or "", is_read_only=is_read_only, lifetime=lifetime
        )
    return show_tokens(TokenForm(formdata=None), text), 201


@bp.post("/tokens/<int:token_id>/revoke", endpoint="revoke_token")
@requires_sign_in
def revoke_token_of(token_id: int) -> Response:
    """Take a token back: one's own, and as an owner anybody's."""
    with writing() as session:
        token = session.get(AccessToken, token_id)
        if token is None or token.kind != API or not (token.user_id == current_user.id or current_user.role == OWNER):
            raise CollectorError("not_found")
        revoke_token(session, token, by=current_user.id)
    flash(_("The token was taken back. Programs that hold it get in no more."), "success")
    return redirect(url_for("account.tokens"))


def show_tokens(form: TokenForm, text: str = "") -> str:
    """The page; `text` is that of a token that was just made."""
    session = reading()
    now = utc_now()
    return render_template(
        "office/account_tokens.html",
        form=form,
        text=text,
        own=[(token, counts(token, now)) for token in tokens_of(session, current_user.id)],
        others=[(token, counts(token, now)) for token in tokens_of_others(session)],
        confirm=ConfirmForm(formdata=None),
    )


def tokens_of_others(session: Session) -> list[AccessToken]:
    """The tokens of other people that were not taken back, for an owner; none for others."""
    if current_user.role != OWNER:
        return []
    query = select(AccessToken).join(User, User.id == AccessToken.user_id).options(joinedload(AccessToken.user))
    query = query.where(AccessToken.kind == API, AccessToken.user_id != current_user.id)
    return list(session.scalars(query.where(AccessToken.revoked_at.is_(None)).order_by(User.name, AccessToken.id)))
