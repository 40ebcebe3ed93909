"""The phone's API: enrolment, push, pull, form models, visits. Specified in docs/sync-protocol.md."""

import json
from typing import Any

from flask import Blueprint, Response, request
from marshmallow import ValidationError
from sqlalchemy import select

from collector import metrics
from collector.accounts.devices import authenticate_device, identify_device
from collector.accounts.guesses import count_guess
from collector.accounts.operations import enrol_device
from collector.errors import CollectorError
from collector.intake.operations import Push, Sender
from collector.intake.placing import plain
from collector.languages import timestamp
from collector.questionnaires.served import file_answer, published_file
from collector.settings import MAX_PUSH_RESPONSES
from collector.store import Version, utc_now
from collector.store.session import glancing, reading, writing
from collector.sync import files, recoveries, visits
from collector.sync.bodies import json_answer, packed_answer, read_json
from collector.sync.operations import Contact, note_device
from collector.sync.phone_forms import form_entry, published_version
from collector.sync.pull import cursor_of, pull_state
from collector.sync.pushes import PhonePush, bring_in
from collector.sync.schemas import EnrolSchema, read_clock_offset_ms, read_push, read_waiting

bp = Blueprint("sync", __name__, url_prefix="/sync/v1")
files.add_routes(bp)
recoveries.add_routes(bp)
visits.add_routes(bp)


@bp.post("/enrol")
def enrol() -> Response:
    """Give a phone its device token for the token of an enrolment link."""
    try:
        wanted = EnrolSchema().load(read_json())
    except ValidationError:
        raise CollectorError("enrol_malformed") from None
    try:
        with writing() as session:
            device, token = enrol_device(session, wanted["token"], plain(wanted["label"], 200))
            answer = {
                "device_token": token,
                "device_id": device.id,
                "user": person(device.user),
                "server_time": timestamp(utc_now()),
            }
    except CollectorError as error:
        if error.code == "enrolment_unknown":
            count_guess(wanted["token"], request.remote_addr or "")
        raise
    return json_answer(answer, 201)


@bp.post("/push")
def push() -> Response:
    """Store the responses that a phone brings, and give a receipt for each once all is on the disk."""
    with glancing() as session:
        device_id = identify_device(session)
    now = utc_now()
    try:
        body = read_push(read_json())
    except ValidationError:
        raise CollectorError("push_malformed") from None
    if len(body["responses"]) > MAX_PUSH_RESPONSES:
        raise CollectorError("too_many_responses", limit=MAX_PUSH_RESPONSES)
    sender = Sender(device_id, read_clock_offset_ms(body["sent_at"], now))
    contact = Contact(device_id, read_waiting(body["waiting"]), sender.clock_offset_ms)
    receipts = bring_in(PhonePush(Push(sender, body["responses"]), contact))
    metrics.count_receipts(receipts)
    return json_answer({"server_time": timestamp(now), "receipts": receipts})


@bp.get("/pull")
def pull() -> Response:
    """Give the phone its forms, places, progress, returned responses and doors, unless it has them already."""
    session = reading()
    device = authenticate_device(session)
    state = {"user": person(device.user)} | pull_state(session, device.user)
    cursor = cursor_of(state)
    answer: dict[str, Any] = {"cursor": cursor, "changed": cursor != request.args.get("since")}
    answer["server_time"] = timestamp(utc_now())
    if answer["changed"]:
        answer |= state
    device_id = device.id
    with writing() as session:
        note_device(session, Contact(device_id, read_waiting(request.args)))
    return json_answer(answer)


@bp.get("/forms/<path:form_id>")
def form(form_id: str) -> Response:
    """Give one published questionnaire with its form model, for a phone that opens its link before it has pulled anything."""
    session = reading()
    device = authenticate_device(session)
    version = published_version(session, form_id, device.user_id)
    if version is None:
        raise CollectorError("form_unknown")
    entry = form_entry(version.questionnaire, version)
    return packed_answer(json.dumps({"form": entry, "model": version.model_json}).encode())


@bp.get("/models/<model_hash>")
def model(model_hash: str) -> Response:
    """Give the exact bytes of a form model."""
    session = reading()
    authenticate_device(session)
    model_json = session.scalar(select(Version.model_json).where(Version.model_hash == model_hash).limit(1))
    if model_json is None:
        raise CollectorError("model_unknown")
    response = packed_answer(model_json.encode())
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@bp.get("/form-files/<sha256>")
def form_file(sha256: str) -> Response:
    """Give a list or a media file that a published form model names."""
    session = reading()
    authenticate_device(session)
    file = published_file(session, sha256)
    if file is None:
        raise CollectorError("form_file_unknown")
    return file_answer(file)


def person(user: Any) -> dict[str, str]:
    """The person of a phone, as the phone shows them."""
    return {"id": user.id, "name": user.name, "language": user.language}
