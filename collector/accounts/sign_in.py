"""Signing in with login and password, and the limit on wrong passwords."""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.accounts.operations import check_password
from collector.errors import CollectorError
from collector.store import FailedSignIn, User, utc_now
from collector.store.session import reading, writing

#: Wrong passwords for one login from one address, within `WINDOW`, after which further tries have to wait.
TRIES = 10
WINDOW = timedelta(minutes=5)
#: Characters of a login that count; nobody has a longer one.
LOGIN_LENGTH = 100


def seconds_to_wait(tries: list[datetime], now: datetime) -> int:
    """How long the next try has to wait, given the moments of earlier wrong ones; 0 when it need not."""
    recent = sorted(moment for moment in tries if moment > now - WINDOW)
    if len(recent) < TRIES:
        return 0
    return ceil((recent[-TRIES] + WINDOW - now).total_seconds())


def sign_in(login: str, password: str, address: str) -> User | None:
    """Give the person whose login and password these are, or None.

    Raises CollectorError `too_many_tries` when there were too many wrong passwords, even if this one is right.
    """
    login = login.strip().casefold()[:LOGIN_LENGTH]
    key = f"{login}|{address}"
    with writing() as session:
        count_try(session, key, utc_now())
    user = reading().execute(select(User).where(User.login == login)).scalar_one_or_none()
    if not check_password(user, password):
        return None
    with writing() as session:
        session.execute(delete(FailedSignIn).where(FailedSignIn.key == key))
    return user


def count_try(session: Session, key: str, now: datetime) -> None:
    """Count a try as a wrong one before its password is looked at, so that none of many at once slips past the limit.

    Raises CollectorError `too_many_tries`. A refused try is not counted, so that the wait ends by itself.
    """
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - WINDOW))
    tries = list(session.scalars(select(FailedSignIn.at).where(FailedSignIn.key == key)))
    wait = seconds_to_wait(tries, now)
    if wait:
        raise CollectorError("too_many_tries", minutes=ceil(wait / 60))
    session.add(FailedSignIn(key=key, at=now))
    session.flush()
