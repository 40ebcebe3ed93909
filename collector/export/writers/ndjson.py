"""One response a line, as JSON (newline-delimited): answers nested as the form is, repeats as arrays.

A question that was asked and has no answer is null, one that was not asked is not there. Why there is no answer stands under the
question's name with `@missing` behind it, as in the documents of responses (docs/form-model.md, "Answers").
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from collector.export import options as choice
from collector.export.options import Options
from collector.export.sheets.sheet import Cell, Dataset, Progress, Sheet, Variable
from collector.export.writers.json_values import json_value
from collector.questionnaires import missing

#: Lines that are written at a time.
LINES_A_PIECE = 200
#: Characters that JSON lets stand and that some readers take for the end of a line, and how JSON writes them otherwise.
LINE_ENDS = tuple((end.encode(), f"\\u{ord(end):04x}".encode()) for end in "\x85\u2028\u2029")
OTHER_ANSWERS = "other_answers"
ANSWERS = "answers"

Row = list[Cell]


def wanted(options: Options) -> Options:
    """The options that the dataset of such a file must be made with: raw values, each question once, repeats as tables."""
    return replace(
        options,
        choices=choice.VALUES,
        headers=choice.PATH,
        groups=True,
        multiple=choice.ONE,
        repeats=choice.TABLES,
    )


def write_ndjson(dataset: Dataset, path: Path, on_rows: Progress) -> None:
    """Write the responses of `dataset`, made with options that are `wanted`, to `path`."""
    main, *repeats = (Reader(sheet) for sheet in dataset.sheets)
    for repeat in repeats:
        repeat.join([main, *repeats])
    with path.open("wb") as file:
        lines: list[bytes] = []
        told = 0
        for row in main.sheet.rows():
            lines.append(orjson.dumps(_response(main, repeats, row), option=orjson.OPT_APPEND_NEWLINE))
            if len(lines) == LINES_A_PIECE:
                file.write(_one_line_each(lines))
                of_repeats = sum(repeat.read_count for repeat in repeats)
                on_rows(len(lines) + of_repeats - told)
                told = of_repeats
                lines.clear()
        file.write(_one_line_each(lines))
        on_rows(len(lines) + sum(repeat.read_count for repeat in repeats) - told)


@dataclass(frozen=True)
class Question:
    """A question's column: where it is in a row, the groups that it is in, its name, and the column that says why it has no answer."""

    at: int
    groups: tuple[str, ...]
    name: str
    variable: Variable
    reason: int | None


class Reader:
    """Reads the rows of a table as objects, and those of a repeat response by response.

    `path`: of the repeat from the form's root, "" for the main table; `read_count`: rows of the repeat that were read so far.
    """

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.questions = _questions(sheet)
        self.own = {variable.key: at for at, variable in enumerate(sheet.variables) if not variable.path}
        first = next((variable.path for variable in sheet.variables if variable.path), "")
        # The name is the path with full stops for slashes, so both are as long.
        self.path = first[: len(sheet.name)] or sheet.name.replace(".", "/")
        self.parent: Reader = self
        self.place: list[str] = []
        self.read_count = 0
        self._rows: Iterator[Row] = iter(())
        self._next: Row | None = None

    def join(self, readers: Sequence["Reader"]) -> None:
        """Find the table that the repeat is in, and begin with its rows."""
        above = [reader for reader in readers if not reader.path or self.path.startswith(f"{reader.path}/")]
        self.parent = max(above, key=lambda reader: len(reader.path))
        self.place = self.path[len(self.parent.path) :].strip("/").split("/")
        self._rows = self.sheet.rows()
        self._next = next(self._rows, None)

    def rows_of(self, response_id: Cell) -> Iterator[Row]:
        """The rows of a response, which must be asked for in the order of the main table."""
        at = self.own["response_id"]
        while self._next is not None and self._next[at] == response_id:
            self.read_count += 1
            yield self._next
            self._next = next(self._rows, None)

    def answers(self, row: Row) -> dict[str, Any]:
        """The answers in a row, nested in their groups."""
        found: dict[str, Any] = {}
        for question in self.questions:
            text = row[question.at]
            group = None if text is None else _group(found, question.groups)
            # A version may have a question where another has a group: no response has answers to both.
            if group is None or (not text and question.name in group):
                continue
            group[question.name] = json_value(question.variable, text or "")
            if question.reason is not None and row[question.reason]:
                group[question.name + missing.KEY] = row[question.reason]
        return found


def _questions(sheet: Sheet) -> list[Question]:
    """Each question once: its first column is the answer as it was written, the others are drawn from it."""
    found: dict[str, Question] = {}
    for at, variable in enumerate(sheet.variables):
        if variable.path and variable.path not in found:
            *groups, name = variable.path[len(sheet.name) :].strip("/").split("/")
            found[variable.path] = Question(at, tuple(groups), name, variable, variable.reason)
    return list(found.values())


def _response(main: Reader, repeats: Sequence[Reader], row: Row) -> dict[str, Any]:
    answers = main.answers(row)
    response_id = row[main.own["response_id"]]
    made: dict[Reader, dict[Cell, dict[str, Any]]] = {main: {response_id: answers}}
    for repeat in repeats:
        arrays: dict[Cell, list[Any]] = {key: [] for key in made[repeat.parent]}
        of_repeat = made.setdefault(repeat, {})
        for line in repeat.rows_of(response_id):
            answered = repeat.answers(line)
            arrays[line[repeat.own["parent_key"]]].append(answered)
            of_repeat[line[repeat.own["key"]]] = answered
        *groups, name = repeat.place
        for key, parent in made[repeat.parent].items():
            group = _group(parent, groups)
            if group is not None and (arrays[key] or group.get(name) is None):
                group[name] = arrays[key]
    found = {key: json_value(main.sheet.variables[at], row[at] or "") for key, at in main.own.items()}
    others = found.pop(OTHER_ANSWERS, None)
    found[ANSWERS] = answers
    return found | ({OTHER_ANSWERS: json.loads(others)} if others else {})


def _one_line_each(lines: Sequence[bytes]) -> bytes:
    joined = b"".join(lines)
    for end, written in LINE_ENDS:
        joined = joined.replace(end, written)
    return joined


def _group(answers: dict[str, Any], names: Sequence[str]) -> dict[str, Any] | None:
    """The group with these names, made where there is none; None where an answer stands in its place."""
    for name in names:
        if answers.get(name) is None:
            answers[name] = {}
        answers = answers[name]
        if not isinstance(answers, dict):
            return None
    return answers
