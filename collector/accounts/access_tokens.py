"""Access tokens: with one, a program acts as a person of the office, within their role, places and sight of personal answers."""

from datetime import datetime, timedelta

from flask import Request, g
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from collector.accounts.guesses import count_guess
from collector.accounts.signed_in import SignedIn
from collector.accounts.tokens import hash_token, new_token
from collector.errors import CollectorError
from collector.journal import record
from collector.store import AccessToken, User, utc_now
from collector.store.access import API
from collector.store.people import VOLUNTEER
from collector.store.session import reading, writing

#: Characters of a token by which its owner tells it from others.
BEGINNING = 6
#: How often a token's latest use is written down.
NOTED_EVERY = timedelta(minutes=1)


def issue_token(
    session: Session,
    user: User,
    *,
    kind: str = API,
    name: str = "",
    is_read_only: bool = True,
    lifetime: timedelta | None = None,
) -> tuple[AccessToken, str]:
    """Make a token for `user`. Gives it with its text, which is kept nowhere."""
    text = new_token()
    token = AccessToken(
        user_id=user.id,
        name=name,
        kind=kind,
        token_hash=hash_token(text),
        beginning=text[:BEGINNING],
        is_read_only=is_read_only,
        session_epoch=user.session_epoch,
        expires_at=utc_now() + lifetime if lifetime else None,
    )
    session.add(token)
    session.flush()
    if kind == API:
        record(session, "token.make", str(token.id), user_id=user.id, person=user.id)
    return token, text


def revoke_token(session: Session, token: AccessToken, *, by: str) -> None:
    """Take a token back: no program gets in with it any more."""
    if token.revoked_at is None:
        token.revoked_at = utc_now()
        if token.kind == API:
            record(session, "token.revoke", str(token.id), user_id=by, person=token.user_id)
        session.flush()


def find_token(session: Session, text: str) -> AccessToken:
    """The token with this text, its person loaded. Raises CollectorError `token_unknown`, also for one that no longer counts."""
    query = select(AccessToken).where(AccessToken.token_hash == hash_token(text)).options(joinedload(AccessToken.user))
    token = session.execute(query).scalar_one_or_none()
    if token is None or not counts(token, utc_now()):
        raise CollectorError("token_unknown")
    return token


def counts(token: AccessToken, now: datetime) -> bool:
    """Tell whether a token lets anybody in at `now`."""
    user = token.user
    is_ended = token.revoked_at is not None or token.session_epoch != user.session_epoch
    is_over = token.expires_at is not None and token.expires_at <= now
    return not is_ended and not is_over and user.is_active and user.role != VOLUNTEER


def bearer_of(request: Request) -> str:
    """The token that a request carries as `Authorization: Bearer …` (RFC 6750, section 2.1). Raises CollectorError `token_unknown`."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise CollectorError("token_unknown")
    return text.strip()


def token_of(request: Request) -> AccessToken:
    """The token that a request carries. Raises CollectorError `token_unknown`, `too_many_guesses`."""
    text = bearer_of(request)
    try:
        return find_token(reading(), text)
    except CollectorError:
        count_guess(text, request.remote_addr or "")
        raise


def act_with(token: AccessToken) -> None:
    """Let this request act as the token's person: `current_user` and `current_scope()` are theirs, whatever cookies came along."""
    act_as(token.user, is_read_only=token.is_read_only)
    note_use(token)


def act_as(user: User, *, is_read_only: bool = False) -> None:
    """Let this request act as `user`, who has shown that they are it in another way than by a session."""
    person = SignedIn(user)
    person.is_read_only = is_read_only
    g.pop("scope", None)
    # Where Flask-Login keeps who is signed in for the rest of a request.
    g._login_user = person


def note_use(token: AccessToken) -> None:
    """Write down that a token was used, at most once a minute."""
    now = utc_now()
    if token.last_used_at is not None and token.last_used_at > now - NOTED_EVERY:
        return
    token_id = token.id
    with writing() as session:
        session.execute(update(AccessToken).where(AccessToken.id == token_id).values(last_used_at=now))


def tokens_of(session: Session, user_id: str) -> list[AccessToken]:
    """The tokens that a person made for programs and has not taken back, newest first."""
    query = select(AccessToken).where(AccessToken.user_id == user_id, AccessToken.kind == API)
    return list(session.scalars(query.where(AccessToken.revoked_at.is_(None)).order_by(AccessToken.id.desc())))


def authenticate(request: Request) -> None:
    """Let the request act with the token that it carries.

    Raises CollectorError `token_unknown`, `too_many_guesses`, and `token_read_only` where the request would write and the token may not.
    """
    token = token_of(request)
    if token.is_read_only and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise CollectorError("token_read_only")
    act_with(token)
