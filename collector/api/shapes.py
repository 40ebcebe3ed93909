"""Kinds of values in requests, read as the OpenAPI document describes them and no more loosely. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from collector.languages import read_day, timestamp

_WHOLE = re.compile(r"-?[0-9]{1,18}")
#: A moment with its offset (RFC 3339, section 5.6).
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class StrictSchema(Schema):
    """What a program sends: a name that is not known is told, since it is most often misspelt."""

    class Meta:
        """Unknown names are faults."""

        unknown = RAISE


class Flag(fields.Boolean):
    """true or false, in a body."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.make_error("invalid", input=value)


class AddressFlag(fields.Boolean):
    """true or false, in an address."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if value in ("true", "false"):
            return bool(value == "true")
        raise self.make_error("invalid", input=value)


class AddressNumber(fields.Integer):
    """A whole number, in an address."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            return int(value)
        raise self.make_error("invalid", input=value)


class Number(fields.Integer):
    """A whole number, in a body."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
            return int(value)
        raise self.make_error("invalid", input=value)


class Day(fields.Date):
    """A day, 2025-05-15; it is none but that day in whatever time zone."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        found = read_day(value) if isinstance(value, str) else None
        if found is None:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return found


class Moment(fields.DateTime):
    """A moment with its offset from UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        try:
            read = datetime.fromisoformat(value.upper())
        except ValueError:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None
        try:
            return read.astimezone(UTC)
        except OverflowError:
            # The first or last day that there is, with an offset beyond it.
            return read.replace(tzinfo=UTC)


class Written(fields.DateTime):
    """A moment in an answer: UTC, with milliseconds."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        return timestamp(value.astimezone(UTC))


def read_arguments(schema: Schema, arguments: Any) -> dict[str, Any]:
    """The arguments of an address, a MultiDict, by `schema`. Raises ValidationError, also for a name that is there twice."""
    twice = [name for name, values in arguments.lists() if len(values) > 1]
    if twice:
        raise ValidationError({name: ["Given more than once."] for name in twice})
    loaded: dict[str, Any] = schema.load(arguments.to_dict())
    return loaded
