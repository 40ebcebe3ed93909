"""Who is signed in to the office, and what they may do there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user

from collector.accounts.cookies import Cookies
from collector.accounts.permissions import may
from collector.accounts.session_age import is_over
from collector.errors import CollectorError
from collector.store import User, utc_now
from collector.store.people import OWNER, VOLUNTEER
from collector.store.session import reading

Params = ParamSpec("Params")
Result = TypeVar("Result")


class SignedIn(UserMixin):
    """The person behind a session cookie, as plain values that outlive a database session."""

    def __init__(self, user: User) -> None:
        self.id = user.id
        self.name = user.name
        self.role = user.role
        self.language = user.language
        self.sees_personal = user.sees_personal
        self.session_epoch = user.session_epoch
        #: Whether all places are theirs (collector/accounts/scope.py).
        self.is_whole = user.role == OWNER or not user.assignments
        #: Whether only reading is allowed: with an access token that says so.
        self.is_read_only = False

    def get_id(self) -> str:
        """What the session cookie keeps: who it is, and the count of the times that all their sessions were ended."""
        return f"{self.id}:{self.session_epoch}"

    def may(self, action: str) -> bool:
        """Tell whether this person may do `action`."""
        return may(self.role, action, is_whole=self.is_whole)


def init_app(app: Flask) -> None:
    """Register Flask-Login on `app`, and how its sessions are kept."""
    app.session_interface = Cookies()
    manager = LoginManager(app)
    manager.user_loader(load_signed_in)
    manager.unauthorized_handler(ask_to_sign_in)
    app.config.update(REMEMBER_COOKIE_HTTPONLY=True, REMEMBER_COOKIE_SAMESITE="Lax")


def load_signed_in(session_id: str) -> SignedIn | None:
    """The person whose session has this id (`SignedIn.get_id`), or None, which ends it.

    That is so when they left, when their sessions were ended, and when its time is over.
    """
    user_id, _colon, epoch = session_id.partition(":")
    user = reading().get(User, user_id)
    if user is None or not user.is_active or user.role == VOLUNTEER or (epoch or "0") != str(user.session_epoch):
        return None
    # Programs name the person of a token by the same way, without a session.
    if session.get("_user_id") == session_id and is_over(session, int(utc_now().timestamp())):
        return None
    return SignedIn(user)


def ask_to_sign_in() -> Any:
    """Send a visitor to the sign-in page and back again afterwards.

    Raises CollectorError `sign_in_needed` where that would lose what was typed: the edge keeps it in a page (collector/held_forms.py).
    """
    if request.method == "POST":
        raise CollectorError("sign_in_needed")
    return redirect(url_for("accounts.sign_in", next=request.full_path if request.method == "GET" else None))


def requires_sign_in(view: Callable[Params, Result]) -> Callable[Params, Result]:
    """Let everybody of the office through; others are asked to sign in."""

    @wraps(view)
    def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Any:
        return view(*args, **kwargs) if current_user.is_authenticated else ask_to_sign_in()

    return guarded


def requires(action: str) -> Callable[[Callable[Params, Result]], Callable[Params, Result]]:
    """Let only people through whose role allows `action`; others are asked to sign in, or get `not_allowed`."""

    def decorate(view: Callable[Params, Result]) -> Callable[Params, Result]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Any:
            if not current_user.is_authenticated:
                return ask_to_sign_in()
            if not current_user.may(action):
                raise CollectorError("not_allowed")
            return view(*args, **kwargs)

        # tests/accounts/test_every_route.py holds it against the table of all routes.
        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate
