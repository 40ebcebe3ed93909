"""Sessions, and who somebody is."""

from typing import Any

from flask import g, jsonify, request
from flask_login import current_user

from collector.accounts.access_tokens import find_token
from collector.accounts.tokens import new_token
from collector.central.access import know
from collector.central.blueprint import bp
from collector.central.operations import close_session, open_session
from collector.central.people import read_people
from collector.central.queries import moment_text
from collector.central.schemas import SessionSchema, actor
from collector.errors import CollectorError
from collector.store import AccessToken, User
from collector.store.access import SESSION
from collector.store.session import reading, writing


@bp.post("/sessions")
def begin_session() -> Any:
    """Begin a session. Somebody who gave an access token instead of a password gets that same one: it ends when they take it back."""
    given = SessionSchema.read(request)
    known = know(given["email"], given["password"], request.remote_addr or "")
    if known.token is not None:
        return jsonify(session_shape(known.token, given["password"]))
    with writing() as session:
        token, text = open_session(session, session.merge(known.user, load=False))
    return jsonify(session_shape(token, text))


def session_shape(token: AccessToken, text: str) -> dict[str, Any]:
    """A session as clients know it. It has no cookie, so that there is no forgery to protect it from; `csrf` is there for its shape."""
    return {
        "token": text,
        "csrf": new_token(),
        "createdAt": moment_text(token.created_at),
        "expiresAt": moment_text(token.expires_at),
    }


@bp.get("/sessions/restore")
@bp.get("/sessions/current")
def current_session() -> Any:
    """When the session began and ends."""
    token: AccessToken | None = g.central_token
    if token is None:
        raise CollectorError("not_found")
    return jsonify(createdAt=moment_text(token.created_at), expiresAt=moment_text(token.expires_at))


@bp.delete("/sessions/<text>")
def end_session(text: str) -> Any:
    """End a session of one's own. An access token that somebody made on their account page is taken back there."""
    token = g.central_token if text == "current" else find_own(text)
    if token is None:
        raise CollectorError("not_found")
    if token.kind != SESSION:
        raise CollectorError("not_allowed")
    with writing() as session:
        close_session(session, session.merge(token))
    return jsonify(success=True)


def find_own(text: str) -> AccessToken | None:
    """The token with that text, if it is of whoever asks."""
    try:
        token = find_token(reading(), text)
    except CollectorError:
        return None
    return token if token.user_id == current_user.id else None


@bp.get("/users/current")
def current_user_shape() -> Any:
    """Who asks."""
    user = reading().get_one(User, current_user.id)
    shape = actor(user, read_people(reading())) | {"email": user.login}
    if request.headers.get("X-Extended-Metadata", "").lower() == "true":
        shape["verbs"] = ["project.read", "form.list", "form.read", "submission.list", "submission.read"]
    return jsonify(shape)
