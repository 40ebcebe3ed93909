"""Tables of CSV as ODK Central lays them out: what columns, under what headers, and a response's rows. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from collector.central.repeats import repeat_rows
from collector.export.sheets.rows import Reader
from collector.export.sheets.tables import Column, Table

#: Columns in front of the main table's questions, and behind them; behind those of a repeat.
IN_FRONT = ("SubmissionDate",)
BEHIND = (
    "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID",
    "Edits", "FormVersion",
)  # fmt: skip
OF_REPEAT = ("PARENT_KEY", "KEY")
#: What stands behind the header of each number of a geopoint.
OF_POINT = ("Latitude", "Longitude", "Altitude", "Accuracy")


@dataclass(frozen=True)
class Layout:
    """How columns are laid out. `has_groups`: names of groups stand in front of a question's; `is_split`: a column for each choice."""

    has_groups: bool = True
    is_split: bool = False


@dataclass(frozen=True)
class CsvTable:
    """A table of the zip: its file's name and its header."""

    table: Table
    layout: Layout
    name: str
    header: list[str]

    def rows(self, instance_id: str, answers: Mapping[str, Any], system: Mapping[str, Any]) -> Iterator[list[str]]:
        """The rows for one response; values of `__system` (queries.py) are in `system`."""
        for row in repeat_rows(self.table.path, answers):
            cells = self._cells(row.answers)
            if not row.places:
                yield [_text(system["submissionDate"]), *cells, instance_id, *_behind(system)]
            else:
                above = row.places[-2] if len(row.places) > 1 else ""
                yield [*cells, instance_id + above, instance_id + row.place]

    @cached_property
    def _reader(self) -> Reader:
        return Reader(path for _, path in self.table.cells)

    @cached_property
    def _is_plain(self) -> bool:
        """Whether each answer has one cell: then they are taken as they are, which is much quicker."""
        split = self.layout.is_split
        return not any(one.type == "geopoint" or (split and one.is_multiple) for one in self.table.columns)

    def _cells(self, row: Mapping[str, Any]) -> list[str]:
        """The cells of a row's questions: answers as they were written, whatever they are."""
        texts = self._reader.texts(row)
        if self._is_plain:
            return texts
        cells: list[str] = []
        left = iter(texts)
        for column in self.table.columns:
            cells += cells_of(column, next(left), self.layout)
            if column.has_reason:
                cells.append(next(left))
        return cells


def _behind(system: Mapping[str, Any]) -> list[str]:
    names = (
        "submitterId", "submitterName", "attachmentsPresent", "attachmentsExpected", "status", "reviewState", "deviceId",
        "edits", "formVersion",
    )  # fmt: skip
    return [_text(system[name]) for name in names]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def csv_tables(form_id: str, tables: Iterable[Table], layout: Layout) -> list[CsvTable]:
    """The tables of a questionnaire, the main one first."""
    taken: Counter[str] = Counter()
    found = []
    for table in tables:
        name = file_stem(form_id, table)
        taken[name.casefold()] += 1
        if taken[name.casefold()] > 1:
            name = f"{name}~{taken[name.casefold()]}"
        found.append(CsvTable(table, layout, f"{name}.csv", header_of(table, layout)))
    return found


def file_stem(form_id: str, table: Table) -> str:
    """Name of a table's file: the form's id, and for a repeat its name."""
    parts = [form_id, *(table.path[-1].split("/")[-1:] if table.path else ())]
    return "-".join("".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in part) for part in parts)


def header_of(table: Table, layout: Layout) -> list[str]:
    """The header of a table. Names without groups that would be the same twice keep theirs."""
    bare = Counter(column.path[-1] for column in table.columns)
    names = []
    for column in table.columns:
        is_whole = layout.has_groups or bare[column.path[-1]] > 1
        names += headers_of(column, "-".join(column.path) if is_whole else column.path[-1], layout)
    return [*names, *OF_REPEAT] if table.path else [*IN_FRONT, *names, *BEHIND]


def headers_of(column: Column, name: str, layout: Layout) -> list[str]:
    """The headers of a question's columns."""
    found = [f"{name}-{part}" for part in OF_POINT] if column.type == "geopoint" else [name]
    if layout.is_split and column.is_multiple:
        found += [f"{name}/{choice.value}" for choice in column.choices]
    return [*found, f"{name}_missing"] if column.has_reason else found


def cells_of(column: Column, text: str, layout: Layout) -> list[str]:
    """The cells of a question's answer."""
    found = points_of(text) if column.type == "geopoint" else [text]
    if layout.is_split and column.is_multiple:
        chosen = set(text.split())
        found += [("1" if choice.value in chosen else "0") if chosen else "" for choice in column.choices]
    return found


def points_of(text: str) -> list[str]:
    """The numbers of a geopoint, each in its cell."""
    return [*text.split(maxsplit=len(OF_POINT) - 1), *[""] * len(OF_POINT)][: len(OF_POINT)]
