"""Signing in with login and password, the second step where it is on, and the limit on wrong tries."""

from typing import NamedTuple

from sqlalchemy import select

from collector import metrics
from collector.accounts.operations import check_password
from collector.accounts.second_factor import take_code
from collector.accounts.tries import ANY_LOGIN, begin_try, begin_try_of_address, forget_tries, forget_try
from collector.errors import CollectorError
from collector.store import User
from collector.store.people import VOLUNTEER
from collector.store.session import reading, writing

#: Stands for the address where tries are counted wherever they come from.
SECOND_STEP = "second step"
#: Characters of a login that count; nobody has a longer one.
LOGIN_LENGTH = 100


def sign_in(login: str, password: str, address: str) -> User | None:
    """Give the person of the office whose login and password these are, or None.

    Somebody with a second step is not in yet: `pass_second_step`. Raises CollectorError `too_many_tries` when there were too many wrong
    ones, even if this one is right.
    """
    login = login.strip().casefold()[:LOGIN_LENGTH]
    tries = begin_password(login, address)
    user = reading().execute(select(User).where(User.login == login)).scalar_one_or_none()
    if not check_password(user, password) or user is None or user.role == VOLUNTEER:
        metrics.count_refused_sign_in("office")
        return None
    if user.totp_secret is None:
        forget_tries(login, address)
    else:
        # Wrong codes still count: a password that is known must not begin their count anew.
        forget_try(login, address, tries.of_login)
    forget_try(ANY_LOGIN, address, tries.of_address)
    return user


class PasswordTry(NamedTuple):
    """What a try is called where tries of its login are counted, and where all of its address are."""

    of_login: str
    of_address: str


def begin_password(login: str, address: str) -> PasswordTry:
    """Count a password as a wrong one before it is looked at. Raises CollectorError `too_many_tries`."""
    of_login = begin_try(login, address)
    try:
        return PasswordTry(of_login, begin_try_of_address(address))
    except CollectorError:
        # A refused try is not counted, so that the wait ends by itself.
        forget_try(login, address, of_login)
        raise


def is_own_password(user: User, password: str, address: str) -> bool:
    """Tell whether somebody who is signed in typed their password. Raises CollectorError `too_many_tries`, as for signing in."""
    login = user.login or ""
    what = begin_try(login, address)
    is_right = check_password(user, password)
    if is_right:
        forget_try(login, address, what)
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
            metrics.count_refused_sign_in("second_step")
            return None
    forget_tries(login, address)
    forget_tries(login, SECOND_STEP)
    return reading().get(User, user_id)
