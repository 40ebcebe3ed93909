"""What the list of responses shows: filters, sort, columns and the place to go on from, read from the address."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from collector.languages import read_day
from collector.store.responses import STATES

#: The place of responses without a known community.
UNASSIGNED = "-"
#: Order of the list: the column that it goes by, and whether it begins with the largest.
SORTS = {
    "newest": ("received_at", True),
    "oldest": ("received_at", False),
    "finished": ("finished_at", True),
    "finished_first": ("finished_at", False),
}
#: Without tests, tests only, both.
REAL, TESTS, BOTH = "", "1", "all"
#: What was said to being asked for consent, and that nothing was.
NO_CONSENT = "none"
CONSENTS = ("given", "refused", NO_CONSENT)
#: Columns of answers that may be chosen: more do not fit on any screen.
MAX_COLUMNS = 12
LABELS = ("zh", "en")
#: What a response is found by without a word: at least the first eight characters of its id.
ID_BEGINNING = re.compile(r"[0-9a-f]{8}(-[0-9a-f-]{0,27})?")


@dataclass(frozen=True)
class Filters:
    """Which responses to list, in which order; "", None and False mean: all of them."""

    questionnaire: str = ""
    place: str = ""
    author: str = ""
    state: str = ""
    #: Code of a flag that the current revision has.
    flag: str = ""
    #: Days of arrival in the district's time zone, both included.
    since: date | None = None
    until: date | None = None
    is_flagged: bool = False
    is_missing_files: bool = False
    is_conflicted: bool = False
    is_edited: bool = False
    #: given, refused, or NO_CONSENT: nothing was said.
    consent: str = ""
    is_erased: bool = False
    tests: str = REAL
    #: Words of the name, place or volunteer, or the beginning of an id.
    search: str = ""
    sort: str = "newest"
    #: Paths of questions, without the root's name, whose answers are shown.
    columns: tuple[str, ...] = ()
    #: Language of the labels; "": the office's.
    labels: str = ""
    #: Id of the last response of the page before, or of the first one of the page after.
    after: str = ""
    before: str = ""

    def as_arguments(self) -> dict[str, Any]:
        """The arguments of an address that shows the same, without those that change nothing."""
        arguments: dict[str, Any] = {
            "questionnaire": self.questionnaire,
            "place": self.place,
            "author": self.author,
            "state": self.state,
            "flag": self.flag,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "flagged": "1" if self.is_flagged else "",
            "missing": "1" if self.is_missing_files else "",
            "conflict": "1" if self.is_conflicted else "",
            "edited": "1" if self.is_edited else "",
            "consent": self.consent,
            "erased": "1" if self.is_erased else "",
            "test": self.tests,
            "q": self.search,
            "sort": "" if self.sort == "newest" else self.sort,
            "column": list(self.columns),
            "labels": self.labels,
            "after": self.after,
            "before": self.before,
        }
        return {name: value for name, value in arguments.items() if value}

    @property
    def first_page(self) -> "Filters":
        """The same from the beginning."""
        return replace(self, after="", before="")

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered; order and columns are no filter."""
        plain = Filters(sort=self.sort, columns=self.columns, labels=self.labels, after=self.after, before=self.before)
        return self != plain

    @property
    def is_counted(self) -> bool:
        """Whether the counts that the database keeps tell how many there are (store/derived.py, ResponseCount)."""
        return not (
            self.flag
            or self.is_flagged
            or self.is_missing_files
            or self.is_conflicted
            or self.is_edited
            or self.consent
            or self.is_erased
            or self.search
        )

    def turned(self, *, after: str = "", before: str = "") -> "Filters":
        """The same, another page."""
        return replace(self, after=after, before=before)

    def only_columns(self, known: Container[str]) -> "Filters":
        """The same with those of its columns that are among `known`."""
        return replace(self, columns=tuple(path for path in self.columns if path in known))

    def for_reader(self, *, sees_personal: bool) -> "Filters":
        """The same for somebody who may not see personal answers: they do not find by names, which are made of such."""
        if sees_personal:
            return self
        search = self.search if ID_BEGINNING.fullmatch(self.search.lower()) else ""
        return replace(self, search=search)

    def with_labels(self, language: str) -> "Filters":
        """The same with the labels in a language."""
        return replace(self, labels=language)

    def with_tests(self, tests: str) -> "Filters":
        """The same from the beginning, with or without tests."""
        return replace(self.first_page, tests=tests)


def read_filters(arguments: Mapping[str, str]) -> Filters:
    """Read the arguments of an address. What makes no sense filters nothing."""
    lists = arguments.getlist("column") if isinstance(arguments, MultiDict) else arguments.get("column", ())
    columns = [lists] if isinstance(lists, str) else lists

    def one_of(name: str, known: object, otherwise: str = "") -> str:
        value = arguments.get(name, "")
        return value if value in known else otherwise  # type: ignore[operator]

    return Filters(
        questionnaire=arguments.get("questionnaire", ""),
        place=arguments.get("place", ""),
        author=arguments.get("author", ""),
        state=one_of("state", STATES),
        flag=arguments.get("flag", "")[:40],
        since=day_in_utc(arguments.get("from", "")),
        until=day_in_utc(arguments.get("to", "")),
        is_flagged=bool(arguments.get("flagged")),
        is_missing_files=bool(arguments.get("missing")),
        is_conflicted=bool(arguments.get("conflict")),
        is_edited=bool(arguments.get("edited")),
        consent=one_of("consent", CONSENTS),
        is_erased=bool(arguments.get("erased")),
        tests=one_of("test", (TESTS, BOTH)),
        search=" ".join(arguments.get("q", "").split())[:200],
        sort=one_of("sort", SORTS, "newest"),
        columns=tuple(dict.fromkeys(columns))[:MAX_COLUMNS],
        labels=one_of("labels", LABELS),
        after=arguments.get("after", "")[:36],
        before=arguments.get("before", "")[:36],
    )


def day_in_utc(text: str) -> date | None:
    """A day as `2026-03-28`; None when it is none, or at the ends of the calendar, where it has no equivalent in UTC."""
    day = read_day(text)
    return day if day is not None and 1900 <= day.year <= 2200 else None


def read_id(text: str) -> int:
    """Read a row's number. Raises ValueError for what no row can have."""
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(text)
    return number
