"""Columns of the list that are answers to chosen questions. Plain values in and out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collector.intake.words import MISSING
from collector.intake.words import in_words as words_for
from collector.questionnaires import missing
from collector.questionnaires.marks import without_marks
from collector.questionnaires.model_items import holds_data, items_of, label_in
from collector.review.answers import Words, in_words
from collector.review.personal import is_hidden

#: Characters of an answer that a cell shows.
SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class Column:
    """A question that can be a column: its path without the root's name, its label, the title of the group around it, and its type."""

    path: str
    label: str
    group: str = ""
    type: str = ""
    in_repeat: bool = False


def list_columns(model: Mapping[str, Any], language: str, hidden: Collection[str] = ()) -> list[Column]:
    """The questions of a form that somebody answers, in its order, without those that the reader may not see."""
    labels = {item.path: label_in(item.labels, model, language) for item in items_of(model)}
    return [
        Column(
            item.path,
            without_marks(labels[item.path]) or item.name,
            labels.get(item.parent, ""),
            item.node.get("type", "string"),
            bool(item.repeats),
        )
        for item in items_of(model)
        if item.kind == "question" and item.node.get("control") and holds_data(item.node)
        if not is_hidden(item.path, hidden)
    ]


def read_cells(
    paths: Sequence[str], model: Mapping[str, Any] | None, answers: Mapping[str, Any], language: str
) -> list[str]:
    """The answers to the questions at `paths` in words; those of several rows with a semicolon between, "" without any."""
    words = Words(model, language) if model else None
    nodes = {path: find_node(model, path) for path in paths} if model else {}
    cells = []
    for path in paths:
        node = nodes.get(path)
        found = (
            in_words(node, value, words, answers) if node is not None and words is not None else value
            for value in values_at(answers, path.split("/"))
        )
        reasons = (words_for(MISSING, reason) for reason in values_at(answers, f"{path}{missing.KEY}".split("/")))
        cells.append("; ".join(text.replace("\n", ", ") for text in (*found, *reasons))[:SHOWN_CHARACTERS])
    return cells


def find_node(model: Mapping[str, Any] | None, path: str) -> Mapping[str, Any] | None:
    """The question of a form at a bare path; None without."""
    node: Mapping[str, Any] | None = model["root"] if model else None
    for name in path.split("/"):
        node = next((child for child in (node or {}).get("children", ()) if child["name"] == name), None)
    return node


def values_at(answers: Any, names: Sequence[str]) -> Iterator[str]:
    """All answers under these names, those of each row of a repeat in turn."""
    if isinstance(answers, list):
        for row in answers:
            yield from values_at(row, names)
    elif names and isinstance(answers, dict) and names[0] in answers:
        yield from values_at(answers[names[0]], names[1:])
    elif not names and isinstance(answers, str) and answers:
        yield answers
