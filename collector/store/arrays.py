"""Arrays as PostgreSQL reads them from text (its manual, 8.15.2), a column at once: the driver would write value by value."""

import json
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from psycopg import Binary
from psycopg.types.json import Json, Jsonb


def array_text(values: Collection[Any]) -> str:
    """The text of an array with `values`, in order: texts, numbers, moments, bytes, JSON or none. Raises KeyError for another kind."""
    kinds = set(map(type, values))
    if kinds == {str}:
        joined = '","'.join(values)
        # Each value has no quotes of its own if there are no more than those between them.
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return f'{{"{joined}"}}'
    if len(kinds) == 1:
        return f"{{{','.join(map(_WRITTEN[kinds.pop()], values))}}}"
    return f"{{{','.join([_WRITTEN[type(value)](value) for value in values])}}}"


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def _bytes(value: bytes) -> str:
    return f'"\\\\x{value.hex()}"'


def _json(value: Json | Jsonb) -> str:
    return _quoted(json.dumps(value.obj))


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    type(None): lambda _none: "NULL",
    bytes: _bytes,
    Binary: lambda value: _bytes(value.obj),
    date: date.isoformat,
    datetime: lambda value: f'"{value.isoformat()}"',
    Json: _json,
    Jsonb: _json,
}
