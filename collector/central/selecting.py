"""`$select`: a table with the properties that an address asks for. Pure."""

from collections.abc import Collection
from dataclasses import replace

from collector.central.edmx import SYSTEM_TYPES
from collector.central.entities import Shape
from collector.central.schema import ID, SYSTEM, Field, Group, Link, Member
from collector.errors import CollectorError

#: What each name that is about `__system` asks for of it.
OF_SYSTEM = {SYSTEM: frozenset(SYSTEM_TYPES)} | {f"{SYSTEM}/{name}": frozenset({name}) for name in SYSTEM_TYPES}


def selected(shape: Shape, names: tuple[str, ...]) -> Shape:
    """The shape with these properties only: questions, groups with all in them, repeats as links, keys and parts of `__system`.

    Raises CollectorError `odata_property` for one that the table has not, `odata_select_in_repeat` for one inside a repeat.
    """
    parent = shape.schema.parent_key(shape.table) if shape.table.path else ""
    paths: set[tuple[str, ...]] = set()
    system: set[str] = set()
    for name in names:
        if name == ID or (parent and name == parent):
            continue
        if not shape.table.path and name in OF_SYSTEM:
            system |= OF_SYSTEM[name]
            continue
        path = tuple(name.split("/"))
        _check(shape.table.content, path, name)
        paths.add(path)
    table = replace(shape.table, content=_pruned(shape.table.content, (), paths))
    return replace(shape, table=table, has_id=ID in names, has_parent=parent in names, system=frozenset(system))


def _check(group: Group, path: tuple[str, ...], name: str) -> None:
    found = next((member for member in group.members if member.name == path[0]), None)
    if found is None or (len(path) > 1 and isinstance(found, Field)):
        raise CollectorError("odata_property", property=name[:60])
    if len(path) > 1 and isinstance(found, Link):
        raise CollectorError("odata_select_in_repeat", property=name[:60])
    if len(path) > 1 and isinstance(found, Group):
        _check(found, path[1:], name)


def _pruned(group: Group, above: tuple[str, ...], paths: Collection[tuple[str, ...]]) -> Group:
    kept: list[Member] = []
    for member in group.members:
        path = (*above, member.name)
        if path in paths:
            kept.append(member)
        elif isinstance(member, Group):
            inner = _pruned(member, path, paths)
            if inner.members:
                kept.append(inner)
    return replace(group, members=tuple(kept))
