"""The tables of an export: the main one and one for each repeat, over all versions of a questionnaire. Pure.

A table's columns are the questions that hold data, by their path from the table's row (`group/name`). A version that adds,
drops or moves questions never makes a column appear twice or jump: see `merge_columns`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from collector.questionnaires import missing
from collector.questionnaires.model_items import holds_data

#: Name of the main table, which no repeat can have since XML names do not begin with a full stop.
MAIN = ""


@dataclass(frozen=True)
class Column:
    """A question's column: its path from the row (`("group", "name")`) and its data type (docs/form-model.md).

    `has_reason`: a version of the form allows that it has no answer, and a further column says why.
    """

    path: tuple[str, ...]
    type: str
    has_reason: bool = False

    @property
    def name(self) -> str:
        """The header."""
        return "/".join(self.path)

    @property
    def reason_path(self) -> tuple[str, ...]:
        """Path of the reason for no answer."""
        return (*self.path[:-1], self.path[-1] + missing.KEY)


@dataclass(frozen=True)
class Table:
    """A table: `path` leads from the root through each repeat (`("hh/members", "visits")`); the main one has `()`."""

    path: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """Path in one text, as it stands in addresses and file names; `MAIN` for the main table."""
        return ".".join(part.replace("/", ".") for part in self.path)

    def without(self, hidden: Collection[str]) -> "Table":
        """The table without the questions at those paths from the form's root (`hh/members/name`), and without their reasons."""
        kept = tuple(column for column in self.columns if "/".join((*self.path, *column.path)) not in hidden)
        return Table(self.path, kept)

    @cached_property
    def cells(self) -> list[tuple[str, tuple[str, ...]]]:
        """Header and path of each cell of a row: after a question's answer, why it has none (`age`, `age_missing`)."""
        taken = {column.name for column in self.columns}
        cells = []
        for column in self.columns:
            cells.append((column.name, column.path))
            if column.has_reason:
                header = f"{column.name}_missing"
                # No question's name holds the sign.
                cells.append((column.name + missing.KEY if header in taken else header, column.reason_path))
        return cells


def tables_of(models: Iterable[dict[str, Any]]) -> list[Table]:
    """The tables of a questionnaire with these form models, oldest version first. The main table comes first."""
    merged: dict[tuple[str, ...], list[Column]] = {(): []}
    for model in models:
        for path, columns in _walk_model(model["root"]["children"], ()):
            merged[path] = merge_columns(merged.get(path, []), columns)
    return [Table(path, tuple(columns)) for path, columns in merged.items()]


def merge_columns(earlier: list[Column], later: list[Column]) -> list[Column]:
    """Bring a later version's columns into the earlier ones, each once: a new one goes behind the one that it follows there.

    What both have keeps its place, so the order is the same on each run. A type that changed becomes `string`, which holds both;
    reasons for no answer that one version allows are exported for all.
    """
    merged = list(earlier)
    position = 0
    for column in later:
        at = next((index for index, known in enumerate(merged) if known.path == column.path), None)
        if at is None:
            merged.insert(position, column)
            position += 1
        else:
            known = merged[at]
            kind = known.type if known.type == column.type else "string"
            merged[at] = Column(column.path, kind, known.has_reason or column.has_reason)
            position = at + 1
    return merged


def _walk_model(nodes: list[dict[str, Any]], table: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[Column]]]:
    """Give the columns of the table at `table`, then those of the repeats in it, each under its path."""
    columns: list[Column] = []
    repeats: list[tuple[tuple[str, ...], list[dict[str, Any]]]] = []
    _collect(nodes, (), columns, repeats)
    yield table, columns
    for path, children in repeats:
        yield from _walk_model(children, (*table, "/".join(path)))


def _collect(
    nodes: list[dict[str, Any]],
    prefix: tuple[str, ...],
    columns: list[Column],
    repeats: list[tuple[tuple[str, ...], list[dict[str, Any]]]],
) -> None:
    for node in nodes:
        path = (*prefix, node["name"])
        if node["kind"] == "group":
            _collect(node["children"], path, columns, repeats)
        elif node["kind"] == "repeat":
            repeats.append((path, node["children"]))
        elif holds_data(node):
            columns.append(Column(path, node.get("type", "string"), "missing" in node))


def file_name(form_id: str, table: Table) -> str:
    """Name of a table's CSV file: the form id, and for a repeat its path."""
    return "-".join(part for part in (form_id, table.name) if part) + ".csv"
