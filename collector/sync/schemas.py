"""Shapes of what phones send to the sync API (docs/sync-protocol.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from collector.intake.documents import FILE_NAME, MAX_INTEGER, SHA256, UUID, TolerantSchema


class EnrolSchema(TolerantSchema):
    """Enrolment."""

    token = fields.String(required=True, validate=validate.Length(min=1, max=200))
    label = fields.String(load_default="")


def count() -> fields.Integer:
    """A number of things; 0 where none is given."""
    return fields.Integer(load_default=0, validate=validate.Range(min=0, max=MAX_INTEGER))


class WaitingSchema(TolerantSchema):
    """What the phone still holds. `oldest`: when the oldest unsent response was finished."""

    responses = count()
    files = count()
    drafts = count()
    failed = count()
    oldest = fields.Raw(load_default=None, allow_none=True)


WAITING_SCHEMA = WaitingSchema()
COUNTS = ("responses", "files", "drafts", "failed")


class PushSchema(TolerantSchema):
    """A push. Only its list must be right: documents are read one by one, and no other part may hold field data up."""

    sent_at = fields.Raw(load_default=None, allow_none=True)
    waiting = fields.Raw(load_default=None, allow_none=True)
    responses = fields.List(fields.Raw(allow_none=True), required=True)


PUSH_SCHEMA = PushSchema()


def read_push(given: Any) -> dict[str, Any]:
    """A push as its schema reads it, by hand where nothing is out of the ordinary. Raises ValidationError."""
    if type(given) is dict and type(given.get("responses")) is list:
        return {
            "sent_at": given.get("sent_at"),
            "waiting": given.get("waiting"),
            "responses": given["responses"],
        }
    read: dict[str, Any] = PUSH_SCHEMA.load(given)
    return read


@dataclass(frozen=True)
class Waiting:
    """What a phone says it still holds."""

    responses: int
    files: int
    drafts: int
    failed: int
    oldest: datetime | None


def read_waiting(given: Any) -> Waiting | None:
    """What a phone says it still holds, in a push or in the query of a pull; None if it says so in no shape that we know."""
    if not isinstance(given, Mapping) or not {"responses", "files", "drafts"} & set(given):
        return None
    waiting = _plain_waiting(given)
    if waiting is None:
        try:
            waiting = WAITING_SCHEMA.load(given)
        except ValidationError:
            return None
    return Waiting(**waiting | {"oldest": read_moment(waiting["oldest"])})


def _plain_waiting(given: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the schema reads where each number is a number; None where it has to look itself."""
    counts = {name: given.get(name, 0) for name in COUNTS}
    if all(type(number) is int and 0 <= number <= MAX_INTEGER for number in counts.values()):
        return counts | {"oldest": given.get("oldest")}
    return None


def read_moment(given: Any) -> datetime | None:
    """A moment with its zone, in UTC; None if it is none."""
    try:
        moment = datetime.fromisoformat(given)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        return None


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
