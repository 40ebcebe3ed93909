"""One response -> rows of OData: of the main table, or of a repeat. Pure."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.central.repeats import RepeatRow, repeat_rows, rows_inside
from collector.central.schema import ID, SUBMISSIONS, SYSTEM, EntityTable, Field, FormSchema, Group, Link, as_mapping
from collector.central.values import AS_GEOJSON, Reader, typed

#: Property behind a repeat's name that says where its rows are (OData JSON Format Version 4.0, section 8).
LINK = "@odata.navigationLink"


@dataclass(frozen=True)
class Shape:
    """What of a table's rows goes out. `table`: with the properties that are wanted; `is_expanded`: rows of repeats stand in their row.

    `has_id`, `has_parent`: whether the keys go out; `system`: which properties of `__system`, None for all, empty for none of it.
    """

    schema: FormSchema
    table: EntityTable
    readers: Mapping[str, Reader] = field(default_factory=lambda: AS_GEOJSON)
    is_expanded: bool = False
    has_id: bool = True
    has_parent: bool = True
    system: frozenset[str] | None = None


@dataclass(frozen=True)
class Row:
    """A row with the keys of the rows of repeats that it is in, outermost first; its own is the last. None of the main table."""

    keys: tuple[str, ...]
    content: dict[str, Any]


def row_key(instance_id: str, place: str) -> str:
    """The key of a repeat's row: always the same for the same row of the same response."""
    return hashlib.sha256(f"{instance_id}{place}".encode("utf-8", "replace")).hexdigest()[:40]


def rows_of(shape: Shape, instance_id: str, answers: Mapping[str, Any], system: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of the shape's table for one response. Values for `__system` are in `system`."""
    for row in repeat_rows(shape.table.path, answers):
        keys = tuple(row_key(instance_id, place) for place in row.places)
        content: dict[str, Any] = {}
        if shape.has_id:
            content[ID] = keys[-1] if keys else instance_id
        if not keys and shape.system is None:
            content[SYSTEM] = dict(system)
        elif not keys and shape.system:
            content[SYSTEM] = {name: value for name, value in system.items() if name in shape.system}
        address = _address(shape, instance_id, keys)
        content |= _filled(shape, shape.table.content, row, row.answers, instance_id, address)
        if keys and shape.has_parent:
            content[shape.schema.parent_key(shape.table)] = keys[-2] if len(keys) > 1 else instance_id
        yield Row(keys, content)


def _address(shape: Shape, instance_id: str, keys: tuple[str, ...]) -> str:
    """Where a row is, from the address of the feed."""
    parts, known = [f"{SUBMISSIONS}('{instance_id}')"], 0
    for depth, key in enumerate(keys, start=1):
        names = shape.schema.tables[shape.table.path[:depth]].names
        parts.append(f"{'/'.join(names[known:])}('{key}')")
        known = len(names)
    return "/".join(parts)


def _filled(
    shape: Shape, group: Group, row: RepeatRow, answers: Mapping[str, Any], instance_id: str, address: str
) -> dict[str, Any]:
    """What a group has: every property, None without an answer; of a repeat where its rows are, and these too where it is expanded."""
    content: dict[str, Any] = {}
    for member in group.members:
        if isinstance(member, Field):
            content[member.name] = typed(answers.get(member.key), shape.readers.get(member.type))
        elif isinstance(member, Group):
            inner = as_mapping(answers.get(member.key))
            content[member.name] = _filled(shape, member, row, inner, instance_id, f"{address}/{member.name}")
        else:
            content[f"{member.name}{LINK}"] = f"{address}/{member.name}"
            if shape.is_expanded:
                content[member.name] = _expanded(shape, member, row, instance_id, f"{address}/{member.name}")
    return content


def _expanded(shape: Shape, link: Link, row: RepeatRow, instance_id: str, address: str) -> list[dict[str, Any]]:
    """The rows of a repeat inside the row that it is in."""
    content = shape.schema.tables[link.table].content
    rows = []
    for inner in rows_inside(link.table[-1], row):
        key = row_key(instance_id, inner.place)
        filled = _filled(shape, content, inner, inner.answers, instance_id, f"{address}('{key}')")
        rows.append({ID: key} | filled)
    return rows
