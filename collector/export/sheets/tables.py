"""The tables of an export: the main one and one for each repeat, over all versions of a questionnaire. Pure.

A table's columns are the questions that hold data, by their path from the table's row (`group/name`). A version that adds,
drops or moves questions never makes a column appear twice or jump: see `merge_columns`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, TypeVar

from collector.export.sheets.sheet import Choice
from collector.questionnaires import missing
from collector.questionnaires.model_items import Item, holds_data, items_of

#: Name of the main table, which no repeat can have since XML names do not begin with a full stop.
MAIN = ""
#: Controls whose answers name several choices.
MULTIPLE = ("select", "rank")

Part = TypeVar("Part")


@dataclass(frozen=True)
class Column:
    """A question's column: its path from the row (`("group", "name")`) and its data type (docs/form-model.md).

    `has_reason`: a version of the form allows that it has no answer, and a further column says why. `labels`: its text by language,
    `groups`: the same of each group in its path, `choices`: those of all versions, `versions`: numbers of those that ask for it.
    """

    path: tuple[str, ...]
    type: str
    has_reason: bool = False
    control: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[Mapping[str, str], ...] = ()
    choices: tuple[Choice, ...] = ()
    versions: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The path in one text."""
        return "/".join(self.path)

    @property
    def is_multiple(self) -> bool:
        """Whether an answer names several choices, separated by blanks."""
        return self.control in MULTIPLE

    @property
    def reason_path(self) -> tuple[str, ...]:
        """Path of the reason for no answer."""
        return (*self.path[:-1], self.path[-1] + missing.KEY)


@dataclass(frozen=True)
class Table:
    """A table: `path` leads from the root through each repeat (`("hh/members", "visits")`); the main one has `()`.

    `labels`: the repeat's text by language.
    """

    path: tuple[str, ...]
    columns: tuple[Column, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Path in one text, as it stands in addresses and file names; `MAIN` for the main table."""
        return ".".join(part.replace("/", ".") for part in self.path)

    def without(self, hidden: Collection[str]) -> "Table":
        """The table without the questions at those paths from the form's root (`hh/members/name`), and without their reasons."""
        kept = tuple(column for column in self.columns if not is_within(self.full_path(column), hidden))
        return Table(self.path, kept, self.labels)

    def full_path(self, column: Column) -> str:
        """Path of one of its columns from the form's root."""
        return "/".join((*self.path, *column.path))

    @cached_property
    def cells(self) -> list[tuple[str, tuple[str, ...]]]:
        """Key and path of each cell of a row: after a question's answer, why it has none (`age`, `age_missing`)."""
        taken = {column.name for column in self.columns}
        cells = []
        for column in self.columns:
            cells.append((column.name, column.path))
            if column.has_reason:
                header = f"{column.name}_missing"
                # No question's name holds the sign.
                cells.append((column.name + missing.KEY if header in taken else header, column.reason_path))
        return cells


def is_within(path: str, paths: Collection[str]) -> bool:
    """Tell whether a question's path, or that of a group or repeat around it, is one of `paths`."""
    return path in paths or any(path.startswith(f"{one}/") for one in paths)


def tables_of(models: Iterable[Mapping[str, Any]], numbers: Iterable[int] | None = None) -> list[Table]:
    """The tables of a questionnaire with these form models, oldest version first. The main table comes first.

    `numbers`: of the versions; by default 1, 2, 3 ….
    """
    merged: dict[tuple[str, ...], list[Column]] = {(): []}
    labels: dict[tuple[str, ...], dict[str, str]] = {}
    for number, model in zip(numbers or count(1), models, strict=False):
        items = {item.path: item for item in items_of(model)}
        for path, columns in _walk_model(model["root"]["children"], (), items, number):
            merged[path] = merge_columns(merged.get(path, []), columns)
            repeat = items.get("/".join(path))
            labels[path] = labels.get(path, {}) | dict(repeat.labels if repeat else {})
    return [Table(path, tuple(columns), labels.get(path, {})) for path, columns in merged.items()]


def merge_columns(earlier: list[Column], later: list[Column]) -> list[Column]:
    """Bring a later version's columns into the earlier ones, each once: a new one goes behind the one that it follows there.

    What both have keeps its place, so the order is the same on each run. A type that changed becomes one that holds both;
    reasons for no answer that one version allows are exported for all.
    """
    return merge_in_order(earlier, later, lambda column: column.path, merge_column)


def merge_column(known: Column, later: Column) -> Column:
    """One question's column over two versions: what both hold fits in, texts are the later version's."""
    kept = known if known.is_multiple and not later.is_multiple else later
    return Column(
        later.path,
        merge_type(known.type, later.type),
        known.has_reason or later.has_reason,
        kept.control,
        {**known.labels, **later.labels},
        later.groups,
        tuple(merge_in_order(known.choices, later.choices, lambda choice: choice.value, merge_choice)),
        known.versions + later.versions,
    )


def merge_type(known: str, later: str) -> str:
    """The data type that holds both: every whole number is a decimal, all else has only text in common."""
    if known == later:
        return later
    return "decimal" if {known, later} == {"int", "decimal"} else "string"


def merge_choice(known: Choice, later: Choice) -> Choice:
    """One choice over two versions: the later one's labels where it has them."""
    return Choice(later.value, {**known.labels, **later.labels})


def merge_in_order(
    earlier: Iterable[Part], later: Iterable[Part], key: Callable[[Part], Any], merge: Callable[[Part, Part], Part]
) -> list[Part]:
    """The parts of two lists, each once by its key: the earlier ones in their order, a new one behind the one that it follows."""
    merged = {key(part): part for part in earlier}
    behind: dict[Any, list[Part]] = {}
    before: Any = None
    for part in later:
        of_part = key(part)
        if of_part in merged:
            merged[of_part] = merge(merged[of_part], part)
            before = of_part
        else:
            behind.setdefault(before, []).append(part)
    found = behind.pop(None, [])
    for of_part, part in merged.items():
        found.append(part)
        found += behind.get(of_part, ())
    return found


def _walk_model(
    nodes: list[dict[str, Any]], table: tuple[str, ...], items: Mapping[str, Item], number: int
) -> Iterator[tuple[tuple[str, ...], list[Column]]]:
    """Give the columns of the table at `table`, then those of the repeats in it, each under its path."""
    columns: list[Column] = []
    repeats: list[tuple[tuple[str, ...], list[dict[str, Any]]]] = []
    for path, node in _rows_of_nodes(nodes, ()):
        if node["kind"] == "repeat":
            repeats.append((path, node["children"]))
        elif holds_data(node):
            columns.append(_column(table, path, node, items, number))
    yield table, columns
    for path, children in repeats:
        yield from _walk_model(children, (*table, "/".join(path)), items, number)


def _rows_of_nodes(
    nodes: list[dict[str, Any]], prefix: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Questions and repeats of one table, by their path from its row."""
    for node in nodes:
        path = (*prefix, node["name"])
        if node["kind"] == "group":
            yield from _rows_of_nodes(node["children"], path)
        else:
            yield path, node


def _column(
    table: tuple[str, ...], path: tuple[str, ...], node: dict[str, Any], items: Mapping[str, Item], number: int
) -> Column:
    above = "/".join((*table, ""))
    # What a form keeps of its own (meta/instanceID) is no item: nobody is asked for it.
    item = items.get(above + "/".join(path))
    groups = [items.get(above + "/".join(path[:length])) for length in range(1, len(path))]
    return Column(
        path,
        node.get("type", "string"),
        "missing" in node,
        node.get("control", ""),
        item.labels if item else {},
        tuple(group.labels if group else {} for group in groups),
        tuple(Choice(value, labels) for value, labels in ((item and item.choices) or {}).items()),
        (number,),
    )


def file_name(form_id: str, table: Table) -> str:
    """Name of a table's CSV file: the form id, and for a repeat its path."""
    return "-".join(part for part in (form_id, table.name) if part) + ".csv"
