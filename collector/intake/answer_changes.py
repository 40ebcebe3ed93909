"""Changes to the answers of a response, by paths with 1-based positions of rows and without the root's name. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Any

from collector.questionnaires import missing

_STEP = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?")
#: A path as steps: the name, and the row's position from 0 on, None outside of repeats.
Steps = list[tuple[str, int | None]]


def steps_of(path: str) -> Steps:
    """The steps of `members[2]/age`: `[("members", 1), ("age", None)]`. Raises ValueError for what is no such path."""
    steps = []
    for part in path.split("/"):
        found = _STEP.fullmatch(part)
        if found is None or found[2] == "0":
            raise ValueError(path)
        steps.append((found[1], int(found[2]) - 1 if found[2] else None))
    return steps


def apply_changes(answers: dict[str, Any], changes: Mapping[str, str], removed: Collection[str] = ()) -> dict[str, Any]:
    """The answers with `changes`, new values by path, "" for none; and without the rows at the paths `removed`.

    A row one beyond the last is added. An answer takes the place of a reason why there was none. Raises ValueError for a path
    that these answers cannot have.
    """
    made = deepcopy(answers)
    for path, value in changes.items():
        _set(made, steps_of(path), value)
    # From the last row on, so that the others keep their positions for as long as they are looked for; inner ones first.
    for steps in sorted(
        (steps_of(path) for path in removed), key=lambda steps: [at or 0 for _, at in steps], reverse=True
    ):
        _remove_row(made, steps)
    return made


def _set(group: dict[str, Any], steps: Steps, value: str) -> None:
    (name, position), *rest = steps
    if not rest:
        _set_own(group, name, value)
        return
    if position is None:
        inner = group.setdefault(name, {})
        _require(isinstance(inner, dict))
        _set(inner, rest, value)
        # The phone leaves out a group in which nothing is answered, too.
        if not inner:
            del group[name]
        return
    rows = group.setdefault(name, [])
    _require(isinstance(rows, list) and position <= len(rows))
    if position == len(rows):
        rows.append({})
    _require(isinstance(rows[position], dict))
    _set(rows[position], rest, value)


def _set_own(group: dict[str, Any], name: str, value: str) -> None:
    if value:
        group[name] = value
        group.pop(name + missing.KEY, None)
    else:
        group.pop(name, None)


def _remove_row(answers: dict[str, Any], steps: Steps) -> None:
    at: Any = answers
    for name, position in steps[:-1]:
        at = at[name] if position is None else at[name][position]
    name, position = steps[-1]
    rows = at.get(name)
    _require(isinstance(rows, list) and position is not None and position < len(rows))
    del rows[position]
    if not rows:
        del at[name]


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("the answers have another shape")


def answer_at(answers: Any, path: str) -> str:
    """The answer at a path; "" without one."""
    at = answers
    for name, position in steps_of(path):
        at = at.get(name) if isinstance(at, dict) else None
        if position is not None:
            at = at[position] if isinstance(at, list) and position < len(at) else None
    return at if isinstance(at, str) else ""


def text_paths(answers: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every answer as `(path, text)`, as static/field/response.js tells where a file is named; `path` is that of `answers`."""
    if isinstance(answers, str):
        yield path, answers
    elif isinstance(answers, list):
        for number, row in enumerate(answers, 1):
            yield from text_paths(row, f"{path}[{number}]")
    elif isinstance(answers, dict):
        for name, inner in answers.items():
            yield from text_paths(inner, f"{path}/{name}")
