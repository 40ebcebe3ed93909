"""The part of an address behind `.svc/`: a table, one response, or rows of a repeat in it. Pure.

Source: OData Version 4.0, part 2 (URL Conventions), section 4.
"""

import re
from dataclasses import dataclass

from collector.central.schema import SUBMISSIONS, EntityTable, FormSchema
from collector.errors import CollectorError

_STEP = re.compile(r"(?P<name>[^()'/]+)(?:\('(?P<key>[^'()]{1,255})'\))?")
COUNT = "$count"


@dataclass(frozen=True)
class Resource:
    """What is asked for. `instance_id`: of one response, None for all; `keys`: of rows, by depth, None for any; `is_count`: how many."""

    table: EntityTable
    instance_id: str | None = None
    keys: tuple[str | None, ...] = ()
    is_count: bool = False


def read_resource(path: str, schema: FormSchema) -> Resource:
    """Read such a part of an address. Raises CollectorError `not_found` for what there is not."""
    parts = path.strip("/").split("/")
    is_count = parts[-1] == COUNT
    steps = [_STEP.fullmatch(part) for part in (parts[:-1] if is_count else parts)]
    if not steps or any(step is None for step in steps):
        raise CollectorError("not_found")
    (first, instance_id), *rest = [(step["name"], step["key"]) for step in steps if step]
    if not rest and instance_id is None:
        found = next((table for table in schema.tables.values() if table.name == first), None)
        return Resource(_known(found), is_count=is_count)
    if first != SUBMISSIONS or instance_id is None:
        raise CollectorError("not_found")
    table = _known(schema.find(tuple(name for name, _ in rest)))
    return Resource(table, instance_id, _keys(schema, table, [key for _, key in rest]), is_count)


def _known(table: EntityTable | None) -> EntityTable:
    if table is None:
        raise CollectorError("not_found")
    return table


def _keys(schema: FormSchema, table: EntityTable, given: list[str | None]) -> tuple[str | None, ...]:
    """The key at each repeat on the way to a table. Groups have none."""
    at_depth = [len(schema.tables[table.path[:depth]].names) - 1 for depth in range(1, len(table.path) + 1)]
    if any(key is not None and index not in at_depth for index, key in enumerate(given)):
        raise CollectorError("not_found")
    return tuple(given[index] for index in at_depth)
