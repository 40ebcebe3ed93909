"""Who asks: a session's token or an access token (Bearer), or login and password with each request (Basic), as Excel and ruODK do."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from flask import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import act_as, act_with, counts, token_of
from collector.accounts.sign_in import LOGIN_LENGTH, sign_in
from collector.accounts.tokens import hash_token
from collector.errors import CollectorError
from collector.store import AccessToken, User, utc_now
from collector.store.access import API
from collector.store.people import VOLUNTEER
from collector.store.session import reading

#: For how long a right password need not be checked again: checking takes long, on purpose, and photos come by the thousand.
KEPT = timedelta(minutes=5)
#: Right passwords that a process remembers, as hashes.
KEPT_AT_MOST = 1000


@dataclass(frozen=True)
class Known:
    """Somebody who has shown who they are, and the access token that they did it with, if it was one."""

    user: User
    token: AccessToken | None = None


class RightPasswords:
    """Hashes of what was right lately, made with a key that only this process has and that ends with it."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._until: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = Lock()

    def hash(self, user: User, password: str) -> bytes:
        """What stands for a password while it is this person's, and while their sessions have not been ended."""
        parts = (user.id, user.password_hash or "", str(user.session_epoch), password)
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, text, hashlib.sha256).digest()

    def has(self, hashed: bytes, now: datetime) -> bool:
        """Tell whether this was right lately."""
        with self._lock:
            until = self._until.get(hashed)
            return until is not None and now < until

    def add(self, hashed: bytes, now: datetime) -> None:
        """Remember that this was right."""
        with self._lock:
            self._until[hashed] = now + KEPT
            self._until.move_to_end(hashed)
            while len(self._until) > KEPT_AT_MOST:
                self._until.popitem(last=False)


right_passwords = RightPasswords()


def know(login: str, password: str, address: str) -> Known:
    """The person of the office whose login this is, with their password or an access token of theirs.

    Raises CollectorError `credentials_wrong`, also where a password alone does not do since a second step is on; `too_many_tries`.
    """
    login = login.strip().casefold()[:LOGIN_LENGTH]
    session, now = reading(), utc_now()
    token = _token_of(session, login, password)
    if token is not None:
        return Known(token.user, token)
    user = session.scalar(select(User).where(User.login == login))
    if (
        user is not None
        and needs_password_alone(user)
        and right_passwords.has(right_passwords.hash(user, password), now)
    ):
        return Known(user)
    user = sign_in(login, password, address)
    if user is None or not needs_password_alone(user):
        raise CollectorError("credentials_wrong")
    right_passwords.add(right_passwords.hash(user, password), now)
    return Known(user)


def needs_password_alone(user: User) -> bool:
    """Tell whether this is somebody of the office who signs in without a second step."""
    return user.is_active and user.role != VOLUNTEER and user.totp_secret is None


def _token_of(session: Session, login: str, text: str) -> AccessToken | None:
    """The access token with that text, if it is this person's. Nobody guesses one, so that no tries are counted."""
    query = select(AccessToken).where(AccessToken.token_hash == hash_token(text), AccessToken.kind == API)
    found = session.scalar(query)
    return found if found is not None and found.user.login == login and counts(found, utc_now()) else None


def authenticate(request: Request) -> AccessToken | None:
    """Let this request act as whoever it says; gives the token that it came with, if any. Cookies count for nothing.

    Raises CollectorError `token_unknown`, `too_many_guesses`, `credentials_wrong`, `too_many_tries`.
    """
    try:
        given = request.authorization
    except ValueError:
        # Letters beyond ASCII in what should be Base64.
        raise CollectorError("token_unknown") from None
    if given is not None and given.type == "basic":
        known = know(given.username or "", given.password or "", request.remote_addr or "")
    else:
        token = token_of(request)
        known = Known(token.user, token)
    if known.token is not None:
        act_with(known.token)
    else:
        act_as(known.user, is_read_only=True)
    return known.token
