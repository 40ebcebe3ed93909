"""The phone behind a request's device token."""

from typing import Any

from flask import request
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from collector.accounts.guesses import count_guess
from collector.accounts.tokens import hash_token
from collector.errors import CollectorError
from collector.store import Device, User
from collector.store.people import APP

_DEVICES, _USERS = Device.__table__.c, User.__table__.c
OF_TOKEN = (
    select(_DEVICES.id, _DEVICES.revoked_at, _USERS.is_active)
    .select_from(Device.__table__.join(User.__table__, _USERS.id == _DEVICES.user_id))
    # The password of another client is no token of ours, though both are kept alike.
    .where(_DEVICES.token_hash == bindparam("token_hash"), _DEVICES.kind == APP)
)


def authenticate_device(session: Session, headers: Any = None) -> Device:
    """Give the phone whose token the request carries as `Authorization: Bearer …`, its person loaded.

    Raises CollectorError `device_unknown` for no or a strange token, `too_many_guesses` for a further strange one of many from the same
    address, `device_revoked` for one that was taken back.
    """
    device_id = identify_device(session, headers)
    return session.get_one(Device, device_id, options=[joinedload(Device.user)])


def identify_device(session: Session, headers: Any = None) -> str:
    """The id of that phone, for who needs no more of it; raises the same."""
    scheme, _, token = (headers or request.headers).get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise CollectorError("device_unknown")
    device = session.execute(OF_TOKEN, {"token_hash": hash_token(token.strip())}).one_or_none()
    if device is None:
        count_guess(token.strip(), request.remote_addr or "")
        raise CollectorError("device_unknown")
    if device.revoked_at is not None or not device.is_active:
        raise CollectorError("device_revoked")
    device_id: str = device.id
    return device_id
