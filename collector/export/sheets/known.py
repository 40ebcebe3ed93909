"""What the versions of a questionnaire ask for, as a tree beside the answers: what stands in no column, and what may not be seen. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.export.sheets.tables import Table

#: Sets of names that are remembered of a group.
MAX_SEEN = 500


@dataclass
class Known:
    """A group, a row of a repeat or the whole form: names of its questions (and of their reasons), and the groups and repeats in it."""

    questions: set[str] = field(default_factory=set)
    groups: dict[str, "Known"] = field(default_factory=dict)
    repeats: dict[str, "Known"] = field(default_factory=dict)
    #: All of these names.
    names: set[str] = field(default_factory=set)
    #: Whether there are groups or repeats in it.
    is_deep: bool = False
    #: Names of answers that were found to be known together: most responses to a form answer the same questions.
    _seen: set[tuple[str, ...]] = field(default_factory=set)

    def has_all(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether each of these answers has one of its names."""
        keys = tuple(answers)
        if keys in self._seen:
            return True
        if not answers.keys() <= self.names:
            return False
        if len(self._seen) < MAX_SEEN:
            self._seen.add(keys)
        return True

    def group(self, path: Iterable[str]) -> "Known":
        """The group at `path`, made if it is not there yet."""
        found = self
        for name in path:
            found.names.add(name)
            found.is_deep = True
            found = found.groups.setdefault(name, Known())
        return found

    def repeat(self, path: str) -> "Known":
        """A row of the repeat at `path` (`hh/members`), made if it is not there yet."""
        *above, name = path.split("/")
        holder = self.group(above)
        holder.names.add(name)
        holder.is_deep = True
        return holder.repeats.setdefault(name, Known())


def known_of(tables: Iterable[Table]) -> Known:
    """The tree of these tables."""
    root = Known()
    for table in tables:
        row = root
        for part in table.path:
            row = row.repeat(part)
        for _, path in table.cells:
            holder = row.group(path[:-1])
            holder.questions.add(path[-1])
            holder.names.add(path[-1])
    return root


def other_answers(known: Known, answers: Mapping[str, Any]) -> str:
    """What is answered and stands in no column, as JSON; "" where there is nothing."""
    if _has_only_known(known, answers):
        return ""
    left = _leave_known(known, answers)
    return as_json(left) if left else ""


def _has_only_known(known: Known, answers: Mapping[str, Any]) -> bool:
    """A quick look at what nearly every response is: nothing but known questions, each group and repeat in its place."""
    if not known.has_all(answers):
        return False
    for name, group in known.groups.items():
        value = answers.get(name)
        # Most groups hold questions alone; they need no call of their own.
        if value is not None and not (
            isinstance(value, dict) and (_has_only_known(group, value) if group.is_deep else group.has_all(value))
        ):
            return False
    for name, repeat in known.repeats.items():
        for row in answers.get(name) or ():
            if not (
                isinstance(row, dict) and (_has_only_known(repeat, row) if repeat.is_deep else repeat.has_all(row))
            ):
                return False
    return True


def _leave_known(known: Known, answers: Mapping[str, Any]) -> dict[str, Any]:
    left: dict[str, Any] = {}
    for name, value in answers.items():
        if name in known.questions:
            continue
        repeat = known.repeats.get(name)
        if isinstance(value, dict):
            rest: Any = _leave_known(known.groups.get(name, Known()), value)
        elif isinstance(value, list) and repeat and all(isinstance(row, dict) for row in value):
            rest = [_leave_known(repeat, row) for row in value]
            rest = rest if any(rest) else []
        else:
            rest = value
        if rest not in ({}, [], "", None):
            left[name] = rest
    return left


def only_known(known: Known, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The texts that answer known questions, and nothing else: what is no text where one is due may hold what is not to go out.

    What is no row of a repeat stays as an empty place, so that the others keep their positions.
    """
    shown: dict[str, Any] = {}
    for name, value in answers.items():
        if isinstance(value, str):
            if name in known.questions:
                shown[name] = value
        elif isinstance(value, dict) and name in known.groups:
            shown[name] = only_known(known.groups[name], value)
        elif isinstance(value, list) and name in known.repeats:
            repeat = known.repeats[name]
            shown[name] = [only_known(repeat, row) if isinstance(row, dict) else None for row in value]
    return shown


def as_json(value: Any) -> str:
    """`value` as JSON in one line."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
