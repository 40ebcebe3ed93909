"""Signing in with login and password, the second step where it is on, and the limit on wrong tries."""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.accounts.operations import check_password
from collector.accounts.second_factor import take_code
from collector.errors import CollectorError
from collector.store import FailedSignIn, User, utc_now
from collector.store.people import VOLUNTEER
from collector.store.session import reading, writing

#: Wrong tries for one login from one address, within `WINDOW`, after which further ones have to wait.
TRIES = 10
WINDOW = timedelta(minutes=5)
#: Stands for the address where tries are counted wherever they come from.
SECOND_STEP = "second step"
#: Characters of a login that count; nobody has a longer one.
LOGIN_LENGTH = 100


def seconds_to_wait(tries: list[datetime], now: datetime) -> int:
    """How long the next try has to wait, given the moments of earlier wrong ones; 0 when it need not."""
    recent = sorted(moment for moment in tries if moment > now - WINDOW)
    if len(recent) < TRIES:
        return 0
    return ceil((recent[-TRIES] + WINDOW - now).total_seconds())


def sign_in(login: str, password: str, address: str) -> User | None:
    """Give the person of the office whose login and password these are, or None.

    Somebody with a second step is not in yet: `pass_second_step`. Raises CollectorError `too_many_tries` when there were too many wrong
    ones, even if this one is right.
    """
    login = login.strip().casefold()[:LOGIN_LENGTH]
    try_id = begin_try(login, address)
    user = reading().execute(select(User).where(User.login == login)).scalar_one_or_none()
    if not check_password(user, password) or user is None or user.role == VOLUNTEER:
        return None
    if user.totp_secret is None:
        forget_tries(login, address)
    else:
        # Wrong codes still count: a password that is known must not begin their count anew.
        forget_try(try_id)
    return user


def is_own_password(user: User, password: str, address: str) -> bool:
    """Tell whether somebody who is signed in typed their password. Raises CollectorError `too_many_tries`, as for signing in."""
    login = user.login or ""
    try_id = begin_try(login, address)
    is_right = check_password(user, password)
    if is_right:
        forget_try(try_id)
    return is_right


def pass_second_step(user_id: str, epoch: int, code: str, address: str) -> User | None:
    """Give the person whose password was right before, if `code` is right too; None otherwise.

    `epoch` is their count of ended sessions as it was then. Raises CollectorError `too_many_tries`.
    """
    user = reading().get(User, user_id)
    if user is None or user.login is None:
        return None
    login = user.login
    # From whatever address: only somebody with the right password gets here, and nobody else can use their tries up.
    begin_try(login, SECOND_STEP)
    begin_try(login, address)
    with writing() as session:
        user = session.get(User, user_id, with_for_update=True)
        is_same = user is not None and user.is_active and user.session_epoch == epoch
        if user is None or not is_same or not take_code(session, user, code):
            return None
    forget_tries(login, address)
    forget_tries(login, SECOND_STEP)
    return reading().get(User, user_id)


def begin_try(login: str, address: str) -> int:
    """Count a try as a wrong one before it is looked at, so that none of many at once slips past the limit. Gives its number.

    Raises CollectorError `too_many_tries`.
    """
    with writing() as session:
        return count_try(session, key_of(login, address), utc_now())


def check_tries(session: Session, login: str, address: str) -> None:
    """Raise CollectorError `too_many_tries` while further tries have to wait. Counts nothing: for whoever signs in with each request."""
    now = utc_now()
    wait = seconds_to_wait(
        list(session.scalars(select(FailedSignIn.at).where(FailedSignIn.key == key_of(login, address)))), now
    )
    if wait:
        raise CollectorError("too_many_tries", minutes=ceil(wait / 60))


def count_try(session: Session, key: str, now: datetime) -> int:
    """Add a wrong try; gives its number.

    Raises CollectorError `too_many_tries`. A refused try is not counted, so that the wait ends by itself.
    """
    session.execute(delete(FailedSignIn).where(FailedSignIn.at <= now - WINDOW))
    tries = list(session.scalars(select(FailedSignIn.at).where(FailedSignIn.key == key)))
    wait = seconds_to_wait(tries, now)
    if wait:
        raise CollectorError("too_many_tries", minutes=ceil(wait / 60))
    counted = FailedSignIn(key=key, at=now)
    session.add(counted)
    session.flush()
    return counted.id


def forget_try(try_id: int) -> None:
    """Take back one try: it was right."""
    with writing() as session:
        session.execute(delete(FailedSignIn).where(FailedSignIn.id == try_id))


def forget_tries(login: str, address: str) -> None:
    """Forget the wrong tries of somebody who is in."""
    with writing() as session:
        session.execute(delete(FailedSignIn).where(FailedSignIn.key == key_of(login, address)))


def key_of(login: str, address: str) -> str:
    """What tries are counted by."""
    return f"{login}|{address}"
