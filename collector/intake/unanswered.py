"""Which of the questions that were asked and not answered are kept with a revision (docs/decisions/0022). Pure."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any


def in_given_rows(paths: Iterable[str], answers: Mapping[str, Any]) -> list[str]:
    """The positional paths (`/data/members[2]/age`) outside of repeats and in rows that the document has.

    Where a form counts its rows, the check makes those that a document of another client lacks: a few answers could stand for
    thousands of questions. No table has such rows.
    """

    @cache
    def has_row(row: str) -> bool:
        held: Any = answers
        # Without the root's name, which stands behind the first slash.
        for part in row.split("/")[2:]:
            name, _, position = part.rstrip("]").partition("[")
            held = held.get(name) if isinstance(held, dict) else None
            if position:
                at = int(position) - 1
                held = held[at] if isinstance(held, list) and at < len(held) else None
        return isinstance(held, dict)

    return [path for path in paths if "]" not in path or has_row(path[: path.rindex("]") + 1])]
