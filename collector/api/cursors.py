"""Cursors: where a list of responses goes on, by the arrival and the id of the last one that was given. Pure."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Microseconds since 1970, and a response's id.
CURSOR = r"^[0-9]{1,16}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def write_cursor(received_at: datetime, response_id: str) -> str:
    """The cursor behind a response."""
    return f"{(received_at - _EPOCH) // timedelta(microseconds=1)}-{response_id}"


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Arrival and id of the response that a cursor, which fits `CURSOR`, stands behind."""
    microseconds, _, response_id = cursor.partition("-")
    return _EPOCH + timedelta(microseconds=int(microseconds)), response_id
