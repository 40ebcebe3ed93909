"""A phone asks to be let in again after a forgotten PIN, and fetches the answer (docs/sync-protocol.md, Recovery)."""

import base64

from flask import Blueprint, Response
from marshmallow import ValidationError, fields, validate

from collector.accounts.devices import authenticate_device
from collector.accounts.recoveries import ask_recovery, find_recovery
from collector.errors import CollectorError
from collector.intake.documents import TolerantSchema
from collector.sealing.keys import sealing_key
from collector.store import Device
from collector.store.session import reading, writing
from collector.sync.bodies import json_answer, read_json


class RecoverySchema(TolerantSchema):
    """A question to be let in again."""

    user = fields.String(required=True)
    key_id = fields.String(required=True)
    # A box of 32 bytes has 113, and a point 65.
    sealed = fields.String(required=True, validate=validate.Length(equal=152))
    reply_key = fields.String(required=True, validate=validate.Length(equal=88))


def add_routes(bp: Blueprint) -> None:
    """Register the addresses on the sync blueprint."""
    bp.add_url_rule("/recoveries", "ask", ask, methods=["POST"])
    bp.add_url_rule("/recoveries/<recovery_id>", "recovery", recovery)


def ask() -> Response:
    """Take a question in; the same one again has the same id."""
    device = authenticate_device(reading())
    device_id, user_id = device.id, device.user_id
    try:
        wanted = RecoverySchema().load(read_json())
        sealed = base64.b64decode(wanted["sealed"], validate=True)
        reply_key = base64.b64decode(wanted["reply_key"], validate=True)
    except (ValidationError, ValueError):
        raise CollectorError("recovery_malformed") from None
    if wanted["user"] != user_id:
        raise CollectorError("recovery_of_other_user")
    key = sealing_key()
    if wanted["key_id"] != key.id:
        raise CollectorError("sealing_key_differs")
    with writing() as session:
        asked = ask_recovery(session, session.get_one(Device, device_id), sealed, reply_key, key)
        answer = {"id": asked.id, "state": asked.state}
    return json_answer(answer, 201)


def recovery(recovery_id: str) -> Response:
    """Tell how a question stands, with the answer once it is granted."""
    session = reading()
    asked = find_recovery(session, recovery_id, authenticate_device(session))
    return json_answer({"state": asked.state, "sealed": asked.answer})
