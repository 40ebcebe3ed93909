"""Tables of a questionnaire as OData has them: groups inside each other, repeats as tables that rows lead to. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from collector.central.names import unique
from collector.export.sheets.tables import Column, Table

#: Name of the main table, and what those of repeats begin with.
SUBMISSIONS = "Submissions"
#: Name of a row's key, and of what is not an answer.
ID, SYSTEM = "__id", "__system"


@dataclass(frozen=True)
class Field:
    """A question: its identifier, its name in answers, and its data type (docs/form-model.md)."""

    name: str
    key: str
    type: str
    column: Column


@dataclass(frozen=True)
class Link:
    """A repeat, seen from the row or group that it is in."""

    name: str
    key: str
    table: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """A group, or all of a row: what is in it, questions before groups before repeats of the same place in the form."""

    name: str = ""
    key: str = ""
    members: tuple["Field | Group | Link", ...] = ()


Member = Field | Group | Link


@dataclass(frozen=True)
class EntityTable:
    """A table: `path` as the export has it, `names` the identifiers on the way to it, `content` its rows."""

    path: tuple[str, ...]
    names: tuple[str, ...]
    content: Group

    @property
    def name(self) -> str:
        """`Submissions`, or `Submissions.hh.members`."""
        return ".".join((SUBMISSIONS, *self.names))


@dataclass(frozen=True)
class FormSchema:
    """The tables of a questionnaire by path, each before those inside it."""

    tables: Mapping[tuple[str, ...], EntityTable]

    def find(self, names: tuple[str, ...]) -> EntityTable | None:
        """The table with these identifiers on the way to it; the main one without any."""
        return next((table for table in self.tables.values() if table.names == names), None)

    def parent_key(self, table: EntityTable) -> str:
        """Name of the property that joins a row of a repeat to what it is in: `__Submissions-id`, `__Submissions-hh-members-id`."""
        above = self.tables[table.path[:-1]]
        return f"__{'-'.join((SUBMISSIONS, *above.names))}-id"

    def replaced(self, table: EntityTable) -> "FormSchema":
        """The same with another content of one table."""
        return replace(self, tables={**self.tables, table.path: table})


class _Draft:
    """A group that is being put together."""

    def __init__(self, name: str, key: str, taken: Iterable[str] = ()) -> None:
        self.name = name
        self.key = key
        self.taken = set(taken)
        self.members: list[Field | Link | _Draft] = []
        self.groups: dict[str, _Draft] = {}

    def group(self, path: tuple[str, ...]) -> "_Draft":
        """The group at a path, made where it is not there yet."""
        if not path:
            return self
        if path[0] not in self.groups:
            draft = _Draft(unique(path[0], self.taken), path[0])
            self.groups[path[0]] = draft
            self.members.append(draft)
        return self.groups[path[0]].group(path[1:])

    def finished(self) -> Group:
        """The group."""
        members = tuple(part.finished() if isinstance(part, _Draft) else part for part in self.members)
        return Group(self.name, self.key, members)


def schema_of(tables: Iterable[Table]) -> FormSchema:
    """The schema of a questionnaire with these tables of an export, each before those inside it."""
    drafts: dict[tuple[str, ...], tuple[tuple[str, ...], _Draft]] = {}
    for table in tables:
        names = _link_to(drafts, table.path) if table.path else ()
        draft = _Draft("", "", {ID, SYSTEM})
        drafts[table.path] = names, draft
        for column in table.columns:
            group = draft.group(column.path[:-1])
            name = column.path[-1]
            group.members.append(Field(unique(name, group.taken), name, column.type, column))
            if column.has_reason:
                reason = Field(unique(f"{name}_missing", group.taken), column.reason_path[-1], "string", column)
                group.members.append(reason)
    found = {path: EntityTable(path, names, draft.finished()) for path, (names, draft) in drafts.items()}
    return FormSchema(found)


def _link_to(drafts: dict[tuple[str, ...], tuple[tuple[str, ...], "_Draft"]], path: tuple[str, ...]) -> tuple[str, ...]:
    """Put a link to the repeat at `path` where it stands; gives the identifiers on the way to it."""
    names, row = drafts[path[:-1]]
    *groups, key = path[-1].split("/")
    found = list(names)
    for length in range(1, len(groups) + 1):
        found.append(row.group(tuple(groups[:length])).name)
    draft = row.group(tuple(groups))
    link = Link(unique(key, draft.taken), key, path)
    draft.members.append(link)
    return (*found, link.name)


def members_of(group: Group, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Member]]:
    """Everything in a group, each with the identifiers on the way to it; a group before what is in it."""
    for member in group.members:
        path = (*above, member.name)
        yield path, member
        if isinstance(member, Group):
            yield from members_of(member, path)


def as_mapping(value: Any) -> Mapping[str, Any]:
    """`value` where it is an object; an empty one for what an answer holds in its place."""
    return value if isinstance(value, dict) else {}
