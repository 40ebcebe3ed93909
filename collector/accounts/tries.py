"""The limit on wrong tries of whatever can be tried (docs/people.md, Limits on tries)."""

import secrets
from ipaddress import IPv6Address, ip_address
from math import ceil

from flask import Flask, current_app, g

from collector.accounts.try_counts import TryCounts, open_counts
from collector.errors import CollectorError
from collector.settings import Settings

#: Wrong tries for one login from one address after which further ones have to wait.
TRIES = 10
#: Wrong passwords from one address, whatever the logins.
TRIES_OF_ADDRESS = 100
#: Stands for the login where tries are counted whatever it is; no login begins with a blank.
ANY_LOGIN = " any"
#: Bits of an address of IPv6 that one subscriber has to choose from.
FREE_BITS = 64

EXTENSION = "collector_tries"


def init_app(app: Flask, settings: Settings) -> None:
    """Let `app` count tries where LIMITS_URL says. Raises ValueError for an address that is none."""
    app.extensions[EXTENSION] = open_counts(settings.limits_url)


def counts() -> TryCounts:
    """Where the current app counts tries."""
    found: TryCounts = current_app.extensions[EXTENSION]
    return found


def begin_try(login: str, address: str) -> str:
    """Count a try as a wrong one before it is looked at, so that none of many at once slips past the limit. Gives what it is called.

    Raises CollectorError `too_many_tries`.
    """
    what = secrets.token_hex(8)
    refuse_for("too_many_tries", counts().count(key_of(login, address), what, TRIES))
    return what


def begin_try_of_address(address: str) -> str:
    """The same for all passwords that are tried from one address. Raises CollectorError `too_many_tries`."""
    what = secrets.token_hex(8)
    refuse_for("too_many_tries", counts().count(key_of(ANY_LOGIN, address), what, TRIES_OF_ADDRESS))
    return what


def check_tries(login: str, address: str) -> None:
    """Raise CollectorError `too_many_tries` while further tries have to wait. Counts nothing: for whoever signs in with each request."""
    refuse_for("too_many_tries", counts().seconds_to_wait(key_of(login, address), TRIES))


def forget_try(login: str, address: str, what: str) -> None:
    """Take back one try: it was right."""
    counts().forget(key_of(login, address), what)


def forget_tries(login: str, address: str) -> None:
    """Forget the wrong tries of somebody who is in."""
    counts().forget(key_of(login, address))


def refuse_for(code: str, seconds: int) -> None:
    """Raise CollectorError `code` where somebody has to wait so long; the answer says it in its header, too (collector/edge.py)."""
    if seconds:
        g.retry_after_s = seconds
        raise CollectorError(code, minutes=ceil(seconds / 60))


def key_of(login: str, address: str) -> str:
    """What tries are counted by."""
    return f"{login}|{source_of(address)}"


def source_of(address: str) -> str:
    """An address as tries are counted by it: of IPv6 the part that whoever has it cannot choose; what is no address as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> FREE_BITS << FREE_BITS)}/{128 - FREE_BITS}"
