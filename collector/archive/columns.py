"""Values of the database's columns as JSON and back: alike from SQLite and PostgreSQL, and as they are stored.

So what is sealed stays sealed on its way.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from collector.store.base import UtcDateTime
from collector.store.sealed import SealedBytes


@dataclass(frozen=True)
class Kind:
    """A kind of column: the type that it has in each database, and how its values become JSON and come back."""

    sqlite: Callable[[], TypeEngine[Any]]
    postgresql: Callable[[], TypeEngine[Any]]
    to_json: Callable[[Any], Any] | None = None
    from_json: Callable[[Any, str], Any] | None = None


def _bytes_to_json(value: bytes | str | float) -> str:
    """SQLite may hold a text or a number where PostgreSQL holds bytes: what was stored before it was sealed (collector/store/sealed.py)."""
    if not isinstance(value, bytes):
        value = (value if isinstance(value, str) else repr(float(value))).encode("utf-8", "surrogateescape")
    return base64.b64encode(value).decode()


def _sealed_from_json(value: str, database: str) -> bytes | str:
    content = base64.b64decode(value)
    if database == "sqlite" and not content.startswith(b"\0"):
        return content.decode("utf-8", "surrogateescape")
    return content


def _moment_to_json(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


#: By the name that a backup's manifest gives them. A JSON column is its text: what is hashed into the journal must not be written anew.
KINDS = {
    "integer": Kind(sa.BigInteger, sa.BigInteger),
    "float": Kind(sa.Double, sa.Double),
    "boolean": Kind(sa.Boolean, sa.Boolean),
    "text": Kind(sa.Text, sa.Text),
    "json": Kind(sa.Text, sa.Text),
    "date": Kind(sa.Date, sa.Date, date.isoformat, lambda value, _: date.fromisoformat(value)),
    "moment": Kind(UtcDateTime, UtcDateTime, _moment_to_json, lambda value, _: datetime.fromisoformat(value)),
    "bytes": Kind(sa.LargeBinary, sa.LargeBinary, _bytes_to_json, lambda value, _: base64.b64decode(value)),
    "sealed": Kind(NullType, sa.LargeBinary, _bytes_to_json, _sealed_from_json),
}

#: Kinds by the types of the models. The first that fits counts: a Text is a String, a moment is a DateTime.
_OF_TYPES: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.Float, "float"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "bytes"),
    (sa.Date, "date"),
    (sa.String, "text"),
)


def kind_of(column_type: TypeEngine[Any]) -> str:
    """The name of the kind of columns with a model's type. Raises TypeError for a type that is not copied yet."""
    if isinstance(column_type, UtcDateTime):
        return "moment"
    if isinstance(column_type, SealedBytes):
        return "sealed"
    if isinstance(column_type, TypeDecorator):
        return kind_of(column_type.impl_instance)
    for known, name in _OF_TYPES:
        if isinstance(column_type, known):
            return name
    raise TypeError(f"columns of type {column_type!r} have no kind in collector/archive/columns.py")
