"""What an address wants of a table: the query options of OData that ODK Central takes, read and checked. Pure.

Source: OData Version 4.0, part 1 (Protocol), section 11.2.5; docs/central-api.md says which of them.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from collector.central.conditions import SUBMITTED
from collector.errors import CollectorError

OPTIONS = frozenset(
    {"$filter", "$top", "$skip", "$skiptoken", "$count", "$expand", "$select", "$orderby", "$wkt", "$format"}
)
LARGEST = 2**31 - 1
_BOOLEANS = {"true": True, "false": False, "": False}


@dataclass(frozen=True)
class Position:
    """Where a page ended: arrival and id of the response, and the key of the row where it is one of a repeat."""

    received_at: datetime
    response_id: str
    row_key: str = ""


@dataclass(frozen=True)
class Wanted:
    """The options. `top`: rows at most, None: all; `after`: the end of the page before; `select`: properties, None: all."""

    filter: str = ""
    top: int | None = None
    skip: int = 0
    after: Position | None = None
    has_count: bool = False
    is_expanded: bool = False
    select: tuple[str, ...] | None = None
    is_oldest_first: bool = False
    is_wkt: bool = False


def read_options(args: Mapping[str, str]) -> Wanted:
    """Read the options of an address; an empty one counts as not given.

    Raises CollectorError `parameter_value`, and for what is not done here `option_unsupported`, `odata_expand`, `odata_select_expand`,
    `format_unacceptable`.
    """
    for name in args:
        if name.startswith("$") and name not in OPTIONS:
            raise CollectorError("option_unsupported", feature=name[:60])
    if args.get("$format", "json").split(";")[0] not in ("json", "application/json", ""):
        raise CollectorError("format_unacceptable", allowed="application/json")
    expand, select = args.get("$expand", ""), args.get("$select", "")
    if expand not in ("", "*"):
        raise CollectorError("odata_expand", text=expand[:60])
    chosen = None if select in ("", "*") else tuple(part.strip() for part in select.split(","))
    if expand and chosen is not None:
        raise CollectorError("odata_select_expand")
    return Wanted(
        filter=args.get("$filter", ""),
        top=read_number(args, "$top", None),
        skip=read_number(args, "$skip", 0) or 0,
        after=_read_token(args.get("$skiptoken", "")),
        has_count=read_boolean(args, "$count"),
        is_expanded=expand == "*",
        select=chosen,
        is_oldest_first=_read_order(args.get("$orderby", "")),
        is_wkt=read_boolean(args, "$wkt"),
    )


def read_number(args: Mapping[str, str], name: str, default: int | None) -> int | None:
    """A whole number that is not negative. Raises CollectorError `parameter_value`."""
    text = args.get(name, "").strip()
    if text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise wrong(name, text)
    return min(int(text), LARGEST)


def read_boolean(args: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """True or false. Raises CollectorError `parameter_value`."""
    text = args.get(name)
    if text is None:
        return default
    if text.lower() not in _BOOLEANS:
        raise wrong(name, text)
    return _BOOLEANS[text.lower()]


def wrong(name: str, value: str) -> CollectorError:
    """A parameter with a value that it cannot have."""
    return CollectorError("parameter_value", field=name, value=value[:60])


def make_token(position: Position) -> str:
    """`$skiptoken` of the page that follows a position."""
    parts = [position.received_at.isoformat(), position.response_id, position.row_key]
    return urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _read_token(text: str) -> Position | None:
    if text == "":
        return None
    try:
        parts: Any = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        received_at, response_id, row_key = (str(part) for part in parts)
        moment = datetime.fromisoformat(received_at)
        # One in the first or last hours that there are may have no moment in UTC.
        position = Position(moment.astimezone(UTC), response_id, row_key)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise wrong("$skiptoken", text) from None
    if moment.tzinfo is None or "\0" in response_id:
        raise wrong("$skiptoken", text)
    return position


def _read_order(text: str) -> bool:
    """Whether the oldest come first. Only by arrival: each page begins where the one before ended."""
    words = text.split()
    if not words:
        return False
    if words[0].removeprefix("$root/Submissions/") != SUBMITTED or len(words) > 2:
        raise CollectorError("option_unsupported", feature=f"$orderby={text[:60]}")
    if len(words) == 2 and words[1].lower() not in ("asc", "desc"):
        raise wrong("$orderby", text)
    return len(words) == 1 or words[1].lower() == "asc"
