"""Rows of tables -> answers, nested as the form is (docs/form-model.md, "Answers"). Pure but for the rows that it is given."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.importing.columns import CHOICE, POINT, REASON, WHOLE, Columns, Target
from collector.importing.joining import ChildRow, Spool
from collector.importing.questions import Question
from collector.importing.values import Fitted, fit, join_choices, join_point, without_apostrophe
from collector.questionnaires import missing


@dataclass(frozen=True)
class Misfit:
    """A cell that is no answer that its question can have: where it stands. What it says is nobody's business here."""

    table: str
    header: str
    number: int


@dataclass(frozen=True)
class Shape:
    """How the rows of one table are read: its columns; `is_safe`: a spreadsheet-safe file of Collector's, see without_apostrophe."""

    name: str
    repeat: tuple[str, ...]
    columns: Columns
    is_safe: bool = False
    inner: list["Shape"] = field(default_factory=list)


def row_answers(shape: Shape, number: int, cells: list[str], misfits: list[Misfit]) -> dict[str, Any]:
    """The answers of one row, without those of repeats in it. Mutates: `misfits`."""
    answers: dict[str, Any] = {}
    for question, targets in shape.columns.by_question:
        given = {(target.kind, target.part): _cell(shape, cells, target) for target in targets}
        answer = _answer(question, given)
        path = question.row_path
        if answer is not None:
            put(answers, path, answer.value)
            if not answer.fits:
                misfits.append(Misfit(shape.name, targets[0].header, number))
        elif reason := given.get((REASON, ""), "").strip():
            put(answers, (*path[:-1], path[-1] + missing.KEY), reason)
    return answers


def _cell(shape: Shape, cells: list[str], target: Target) -> str:
    text = cells[target.at] if target.at < len(cells) else ""
    return without_apostrophe(text) if shape.is_safe else text


def _answer(question: Question, given: Mapping[tuple[str, str], str]) -> Fitted | None:
    """The answer of whole and parts: the whole is what was answered, unless only the parts can be understood."""
    text = given.get((WHOLE, ""), "")
    whole = fit(question, text) if text.strip() else None
    if whole is not None and whole.fits:
        return whole
    if question.is_multiple:
        joined = join_choices(question, {part: text for (kind, part), text in given.items() if kind == CHOICE})
    else:
        joined = join_point({part: text for (kind, part), text in given.items() if kind == POINT})
    return joined if joined is not None and (joined.fits or whole is None) else whole


def add_repeats(shape: Shape, spool: Spool, key: str, answers: dict[str, Any], misfits: list[Misfit]) -> None:
    """Put the rows of repeats that belong to the row with that key into its answers, and theirs into them. Mutates: both lists."""
    for inner in shape.inner:
        rows = [_row(inner, spool, row, misfits) for row in spool.children("/".join(inner.repeat), key)]
        if rows:
            put(answers, inner.repeat[len(shape.repeat) :], rows)


def _row(shape: Shape, spool: Spool, row: ChildRow, misfits: list[Misfit]) -> dict[str, Any]:
    answers = row_answers(shape, row.number, row.cells, misfits)
    add_repeats(shape, spool, row.key, answers, misfits)
    return answers


def put(answers: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path into nested answers, making the groups around it."""
    for name in path[:-1]:
        inner = answers.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        answers = inner
    answers[path[-1]] = value


def add_others(answers: dict[str, Any], text: str) -> bool:
    """Put the answers that an export of Collector has as JSON into those of its columns. Gives whether the text could be read."""
    if not text.strip():
        return True
    try:
        others = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(others, dict):
        return False
    _merge(answers, others)
    return True


def _merge(answers: dict[str, Any], others: Mapping[str, Any]) -> None:
    for name, value in others.items():
        known = answers.get(name)
        if known is None:
            answers[name] = value
        elif isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            for row, other in zip(known, value, strict=False):
                if isinstance(row, dict) and isinstance(other, dict):
                    _merge(row, other)
