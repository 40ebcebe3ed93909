"""Sessions of clients: begun with a login and a password, ended by themselves after a day."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector.accounts.access_tokens import issue_token, revoke_token
from collector.store import AccessToken, User, utc_now
from collector.store.access import SESSION

#: For how long a session lasts.
LIFETIME = timedelta(hours=24)


def open_session(session: Session, user: User) -> tuple[AccessToken, str]:
    """Begin a session; gives it with the text of its token. Those of this person that are over are forgotten."""
    over = AccessToken.expires_at < utc_now()
    session.execute(delete(AccessToken).where(AccessToken.user_id == user.id, AccessToken.kind == SESSION, over))
    return issue_token(session, user, kind=SESSION, is_read_only=True, lifetime=LIFETIME)


def close_session(session: Session, token: AccessToken) -> None:
    """End a session."""
    revoke_token(session, token, by=token.user_id)
