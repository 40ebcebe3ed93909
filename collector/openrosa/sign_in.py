"""The client behind a request: its name and password, by Basic or Digest."""

import hmac
from datetime import timedelta

from flask import g, request
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload
from werkzeug.datastructures import Authorization

from collector.accounts.digest import is_right
from collector.accounts.guesses import count_guess
from collector.accounts.sign_in import LOGIN_LENGTH
from collector.accounts.tokens import hash_token
from collector.accounts.tries import begin_try, check_tries
from collector.errors import CollectorError
from collector.intake.placing import plain
from collector.openrosa.challenges import is_private, nonce_moment
from collector.openrosa.replays import use_once
from collector.store import Device, utc_now
from collector.store.data_keys import CannotOpen
from collector.store.people import OPENROSA
from collector.store.session import reading, writing

#: How often a client's latest request is written down.
NOTED_EVERY = timedelta(minutes=1)
#: Before the name of a client where its wrong tries are counted: nobody of the office has such a login.
OF_CLIENT = "openrosa "


def authenticate_client() -> Device:
    """Give the client whose name and password the request proves to have, its person loaded; answers then speak that person's language.

    Raises CollectorError `client_unknown`, `client_stale` (right, but to be proved anew), `device_revoked`, `too_many_tries` (A79),
    `too_many_guesses`.
    """
    given = _given()
    if given is None:
        raise CollectorError("client_unknown")
    login = plain(given.get("username") or "", LOGIN_LENGTH)
    counted_as, address = OF_CLIENT + login, request.remote_addr or ""
    check_tries(counted_as, address)
    device = find_client(reading(), login)
    if device is None:
        count_guess(login, address)
    if device is None or not _is_proved(device, given):
        begin_try(counted_as, address)
        raise CollectorError("client_unknown")
    if device.revoked_at is not None or not device.user.is_active:
        raise CollectorError("device_revoked")
    if given.type == "digest":
        _take_nonce(given)
    g.client_language = device.user.language
    return device


def _given() -> Authorization | None:
    """What the client says of itself; None for nothing that can be read."""
    try:
        return request.authorization
    except ValueError:
        # Letters beyond ASCII where base64 is due.
        return None


def find_client(session: Session, login: str) -> Device | None:
    """The client that signs in with `login`, its person loaded; None without."""
    query = select(Device).where(Device.login == login, Device.kind == OPENROSA).options(joinedload(Device.user))
    return session.execute(query).scalar_one_or_none()


def note_client(device: Device) -> None:
    """Write down that a client was in touch, at most once a minute."""
    now = utc_now()
    if device.last_seen_at is None or now - device.last_seen_at >= NOTED_EVERY:
        device_id = device.id
        with writing() as session:
            session.execute(update(Device).where(Device.id == device_id).values(last_seen_at=now))


def _is_proved(device: Device, given: Authorization) -> bool:
    if given.type == "basic":
        password = hash_token(given.get("password") or "")
        return is_private() and hmac.compare_digest(password, device.token_hash)
    secret = _secret_of(device)
    if given.type != "digest" or not secret:
        return False
    return is_right(secret, request.method, _target(), given.parameters)


def _secret_of(device: Device) -> str | None:
    """What stands for a phone's password in Digest authentication; None where it was damaged."""
    try:
        return device.digest
    except CannotOpen:
        return None


def _target() -> str:
    """Path and query of the request as the client wrote them."""
    written = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    return str(written or request.full_path)


def _take_nonce(given: Authorization) -> None:
    """Take a proof that is right, once. Raises CollectorError `client_stale` for a nonce that counts no longer or was used so before."""
    nonce, count = given.get("nonce") or "", given.get("nc") or ""
    made_at = nonce_moment(nonce)
    if made_at is None:
        raise CollectorError("client_stale")
    with writing() as session:
        is_new = use_once(session, nonce, count.lower(), made_at)
    if not is_new:
        raise CollectorError("client_stale")
