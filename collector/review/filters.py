"""What the list of responses shows: filters and the place to go on from, read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from collector.store.responses import APPROVED, RECEIVED, REJECTED, RETURNED

STATES = (RECEIVED, APPROVED, RETURNED, REJECTED)
#: The place of responses without a known community.
UNASSIGNED = "-"


@dataclass(frozen=True)
class Cursor:
    """The last response of a page: the next page begins after it."""

    received_at: datetime
    response_id: str

    def __str__(self) -> str:
        """As it stands in an address."""
        return f"{self.received_at.isoformat()}~{self.response_id}"


@dataclass(frozen=True)
class Filters:
    """Which responses to list; "" and False mean: all of them."""

    questionnaire: str = ""
    place: str = ""
    author: str = ""
    state: str = ""
    is_flagged: bool = False
    is_missing_files: bool = False
    is_conflicted: bool = False
    older_than: Cursor | None = None

    def as_arguments(self) -> dict[str, str]:
        """The arguments of an address that shows the same, without those that filter nothing."""
        arguments = {
            "questionnaire": self.questionnaire,
            "place": self.place,
            "author": self.author,
            "state": self.state,
            "flagged": "1" if self.is_flagged else "",
            "missing": "1" if self.is_missing_files else "",
            "conflict": "1" if self.is_conflicted else "",
            "older": str(self.older_than or ""),
        }
        return {name: value for name, value in arguments.items() if value}

    def after(self, cursor: Cursor | None) -> "Filters":
        """The same filters, one page further, or from the start without a cursor."""
        return replace(self, older_than=cursor)


def read_filters(arguments: Mapping[str, str]) -> Filters:
    """Read the arguments of an address. What makes no sense filters nothing."""
    state = arguments.get("state", "")
    return Filters(
        questionnaire=arguments.get("questionnaire", ""),
        place=arguments.get("place", ""),
        author=arguments.get("author", ""),
        state=state if state in STATES else "",
        is_flagged=bool(arguments.get("flagged")),
        is_missing_files=bool(arguments.get("missing")),
        is_conflicted=bool(arguments.get("conflict")),
        older_than=read_cursor(arguments.get("older", "")),
    )


def read_id(text: str) -> int:
    """Read a row's number. Raises ValueError for what no row can have."""
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(text)
    return number


def read_cursor(text: str) -> Cursor | None:
    """Read a cursor; None when it is none."""
    moment, _tilde, response_id = text.partition("~")
    try:
        received_at = datetime.fromisoformat(moment)
        # At the ends of the calendar a moment has no equivalent in UTC.
        return Cursor(received_at.astimezone(UTC), response_id) if response_id and received_at.tzinfo else None
    except (ValueError, OverflowError):
        return None
