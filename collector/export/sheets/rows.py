"""A response's rows in the tables: reading answers by their paths, and the keys that join a row to its parent (A63). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from collector.export.sheets.known import as_json

#: Columns in front of a repeat's questions: they join a row to its parent (A63).
KEY_COLUMNS = ("response_id", "parent_key", "key", "index")

#: Way to an answer: names of groups and questions, and places in repeats from 0.
Path = tuple[str | int, ...]


class Reader:
    """Reads the answers at some paths out of a row, quickly: those beside each other in one group are taken together."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._runs: list[tuple[Path, list[Any], list[str]]] = []
        for holder, group in groupby(paths, key=lambda path: path[:-1]):
            names = [path[-1] for path in group]
            self._runs.append((holder, names, [""] * len(names)))

    def cells(self, row: Mapping[str, Any], front: Iterable[str] = ()) -> list[Any]:
        """What is in front of it, and the answers as they stand in the row; "" where there is none."""
        found: list[Any] = [*front]
        for path, names, blanks in self._runs:
            holder = follow(row, path) if path else row
            if not isinstance(holder, dict):
                found += blanks
            elif len(holder) == len(names) and list(holder) == names:
                # Everything is answered, in the order of the form.
                found += holder.values()
            else:
                found += map(holder.get, names, blanks)
        return found

    def texts(self, row: Mapping[str, Any], absent: Sequence[int] = ()) -> list[str]:
        """The answers as texts. What is no text where one is due is kept as JSON. `absent`: see without_groups."""
        found = self.cells(row)
        try:
            "".join(found)
        except TypeError:
            without_groups(found, absent)
            return as_texts(found)
        return found


def without_groups(cells: list[Any], absent: Iterable[int], front: int = 0) -> None:
    """Make blank what is a group or a repeat where another version has a question: it has columns of its own.

    `absent`: positions, behind `front` others, of the questions that the response's version does not have. Mutates: `cells`.
    """
    for at in absent:
        if isinstance(cells[front + at], dict | list):
            cells[front + at] = ""


def as_texts(cells: Iterable[Any]) -> list[str]:
    """Cells of any kind as texts."""
    return [cell if isinstance(cell, str) else "" if cell is None else as_json(cell) for cell in cells]


def follow(answers: Any, path: Sequence[str | int]) -> Any:
    """What stands at `path`; None where nothing does."""
    for part in path:
        if isinstance(part, str):
            answers = answers.get(part) if isinstance(answers, dict) else None
        else:
            answers = answers[part] if isinstance(answers, list) and part < len(answers) else None
    return answers


class RepeatReader:
    """Finds the rows of the repeat at `path` (`("hh/members", "visits")`)."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self._parts = [(part, part.split("/")) for part in path]

    def rows(self, response_id: str, answers: dict[str, Any]) -> list[tuple[list[str], dict[str, Any]]]:
        """Of each row the cells of KEY_COLUMNS, and its answers."""
        holders: list[tuple[list[str], dict[str, Any]]] = [(["", "", response_id, ""], answers)]
        for part, names in self._parts:
            holders = [
                ([response_id, keys[2], f"{keys[2]}/{part}[{index}]", str(index)], row)
                for keys, holder in holders
                for index, row in enumerate(_as_list(follow(holder, names)), start=1)
                if isinstance(row, dict)
            ]
        return holders


def _as_list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []
