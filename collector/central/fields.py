"""The questions, groups and repeats of a questionnaire as a flat list. Pure."""

from collections.abc import Iterator
from typing import Any

from collector.central.schema import EntityTable, Field, FormSchema, Group, Member, members_of


def list_fields(schema: FormSchema, *, is_odata: bool) -> list[dict[str, Any]]:
    """Each field, a group or repeat before what is in it; names and paths as identifiers with `is_odata`."""
    found = _fields(schema, schema.tables[()], "", is_odata=is_odata)
    return [field | {"order": order} for order, field in enumerate(found)]


def _fields(schema: FormSchema, table: EntityTable, above: str, *, is_odata: bool) -> Iterator[dict[str, Any]]:
    keys: dict[tuple[str, ...], str] = {(): ""}
    for names, member in members_of(table.content):
        keys[names] = f"{keys[names[:-1]]}/{member.key}"
        path = above + (f"/{'/'.join(names)}" if is_odata else keys[names])
        name = member.name if is_odata else member.key
        if isinstance(member, Field) and member.key != member.column.path[-1]:
            # Why there is no answer: a property of rows, but no question.
            continue
        yield {"path": path, "name": name, **_kind(member)}
        if not isinstance(member, Field | Group):
            yield from _fields(schema, schema.tables[member.table], path, is_odata=is_odata)


def _kind(member: Member) -> dict[str, Any]:
    if isinstance(member, Group):
        return {"type": "structure", "binary": None, "selectMultiple": None}
    if not isinstance(member, Field):
        return {"type": "repeat", "binary": None, "selectMultiple": None}
    is_multiple = True if member.column.is_multiple else None
    return {"type": member.type, "binary": True if member.type == "binary" else None, "selectMultiple": is_multiple}
