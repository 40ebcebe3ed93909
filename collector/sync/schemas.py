"""Shapes of what phones send to the sync API (docs/sync-protocol.md)."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from collector.intake.documents import FILE_NAME, MAX_INTEGER, SHA256, UUID, TolerantSchema


class EnrolSchema(TolerantSchema):
    """Enrolment."""

    token = fields.String(required=True, validate=validate.Length(min=1, max=200))
    label = fields.String(load_default="")


class WaitingSchema(TolerantSchema):
    """What the phone still holds."""

    responses = fields.Integer(load_default=0, validate=validate.Range(min=0, max=MAX_INTEGER))
    files = fields.Integer(load_default=0, validate=validate.Range(min=0, max=MAX_INTEGER))
    drafts = fields.Integer(load_default=0, validate=validate.Range(min=0, max=MAX_INTEGER))


class PushSchema(TolerantSchema):
    """A push. Only its list must be right: documents are read one by one, and no other part may hold field data up."""

    sent_at = fields.Raw(load_default=None, allow_none=True)
    waiting = fields.Raw(load_default=None, allow_none=True)
    responses = fields.List(fields.Raw(allow_none=True), required=True)


def read_waiting(given: Any) -> dict[str, int] | None:
    """What a phone says it still holds; None if it says so in no shape that we know."""
    try:
        waiting: dict[str, int] = WaitingSchema().load(given)
    except ValidationError:
        return None
    return waiting


def read_clock_offset_ms(sent_at: Any, now: datetime) -> int | None:
    """Phone's clock minus server's clock, milliseconds, from the phone's ISO 8601 moment; None if it is none.

    Held within what a database's integer holds (24 days): beyond that it only has to be seen as wrong.
    """
    try:
        offset_ms = round((datetime.fromisoformat(sent_at) - now).total_seconds() * 1000)
    except (TypeError, ValueError):
        return None
    return max(-MAX_INTEGER, min(MAX_INTEGER, offset_ms))


class UploadMetadataSchema(TolerantSchema):
    """The keys of a tus creation's Upload-Metadata."""

    response_id = fields.String(required=True, data_key="response", validate=validate.Regexp(UUID.pattern + r"\Z"))
    name = fields.String(required=True, validate=validate.Regexp(FILE_NAME.pattern + r"\Z"))
    sha256 = fields.String(required=True, validate=validate.Regexp(SHA256.pattern + r"\Z"))
    claimed_type = fields.String(load_default="", data_key="type")
