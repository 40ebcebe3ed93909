"""The rows of a repeat in one response, with the place of each. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collector.central.schema import as_mapping


@dataclass(frozen=True)
class RepeatRow:
    """A row: its answers, and the places of the rows that it is in and its own: `/hh/members[1]`, `/hh/members[1]/visits[2]`."""

    answers: Mapping[str, Any]
    places: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Its own place; "" for the response itself."""
        return self.places[-1] if self.places else ""


def repeat_rows(path: tuple[str, ...], answers: Mapping[str, Any]) -> Iterator[RepeatRow]:
    """The rows of the repeat at `path` (`("hh/members", "visits")`) in their order; the response itself for `()`."""
    rows: Iterable[RepeatRow] = [RepeatRow(answers)]
    for part in path:
        rows = [inner for row in rows for inner in rows_inside(part, row)]
    yield from rows


def rows_inside(path: str, row: RepeatRow) -> Iterator[RepeatRow]:
    """The rows of the repeat at `path` that are in one row of what it is in."""
    *groups, name = path.split("/")
    answers = row.answers
    for group in groups:
        answers = as_mapping(answers.get(group))
    found = answers.get(name)
    for index, inner in enumerate(found if isinstance(found, list) else [], start=1):
        yield RepeatRow(as_mapping(inner), (*row.places, f"{row.place}/{path}[{index}]"))
