"""The phone behind a request's device token."""

from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from collector.accounts.tokens import hash_token
from collector.errors import CollectorError
from collector.store import Device
from collector.store.people import APP


def authenticate_device(session: Session, headers: Any = None) -> Device:
    """Give the phone whose token the request carries as `Authorization: Bearer …`, its person loaded.

    Raises CollectorError `device_unknown` for no or a strange token, `device_revoked` for one that was taken back.
    """
    scheme, _, token = (headers or request.headers).get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise CollectorError("device_unknown")
    # The password of another client is no token of ours, though both are kept alike.
    query = select(Device).where(Device.token_hash == hash_token(token.strip()), Device.kind == APP)
    device = session.execute(query.options(joinedload(Device.user))).scalar_one_or_none()
    if device is None:
        raise CollectorError("device_unknown")
    if device.revoked_at is not None or not device.user.is_active:
        raise CollectorError("device_revoked")
    return device
