"""The questions of a questionnaire that an import can fill, over all of its versions: where they stand, what they are called. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from collector.questionnaires.model_items import Item, holds_data, items_of

META = "meta"


@dataclass(frozen=True)
class Question:
    """A question that holds answers.

    `path`: its names from the form's root; `repeat`: those of the innermost repeat that it stands in, () for none; `labels`: in each
    language; `long_labels`: with those of its groups in front, joined by slashes; `choices`: labels of each value, None where anybody
    knows them only with a file.
    """

    path: tuple[str, ...]
    repeat: tuple[str, ...]
    type: str
    control: str = ""
    preload: tuple[str, str] = ("", "")
    has_reason: bool = False
    labels: tuple[str, ...] = ()
    long_labels: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] | None = None

    @property
    def name(self) -> str:
        """The path in one text."""
        return "/".join(self.path)

    @property
    def row_path(self) -> tuple[str, ...]:
        """Its names from the row that it stands in."""
        return self.path[len(self.repeat) :]

    @property
    def is_multiple(self) -> bool:
        """Whether an answer names several choices."""
        return self.control in ("select", "rank")

    @property
    def is_file(self) -> bool:
        """Whether an answer is the name of a file."""
        return self.type == "binary"


@dataclass(frozen=True)
class Questions:
    """The questions by path, in the form's order, and the paths of its repeats."""

    by_path: Mapping[tuple[str, ...], Question] = field(default_factory=dict)
    repeats: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def has_files(self) -> bool:
        """Whether any question asks for a file."""
        return any(question.is_file for question in self.by_path.values())

    def of(self, repeat: tuple[str, ...]) -> list[Question]:
        """The questions of the rows of a repeat; of the main table for ()."""
        return [question for question in self.by_path.values() if question.repeat == repeat]

    def parent(self, repeat: tuple[str, ...]) -> tuple[str, ...]:
        """The repeat around a repeat; () for the main table."""
        around = [path for path in self.repeats if len(path) < len(repeat) and repeat[: len(path)] == path]
        return max(around, key=len, default=())


def questions_of(models: Iterable[Mapping[str, Any]]) -> Questions:
    """The questions of all these form models; where they differ, as the last one has them."""
    by_path: dict[tuple[str, ...], Question] = {}
    repeats: dict[tuple[str, ...], None] = {}
    for model in models:
        for question in _walk(model, repeats):
            by_path[question.path] = question
    return Questions(by_path, tuple(repeats))


def _walk(model: Mapping[str, Any], repeats: dict[tuple[str, ...], None]) -> Iterator[Question]:
    items = items_of(model)
    by_path = {item.path: item for item in items}
    for item in items:
        if item.kind == "repeat":
            repeats[tuple(item.path.split("/"))] = None
        elif item.kind == "question" and holds_data(item.node) and not item.path.startswith(f"{META}/"):
            yield _question(item, by_path, repeats)
    for node in model["root"]["children"]:
        if node["name"] == META and node["kind"] == "group":
            yield from _meta(node, (META,))


def _meta(group: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[Question]:
    """The form's own data, which people are not shown as questions, and which exports have all the same."""
    for node in group["children"]:
        path = (*above, node["name"])
        if node["kind"] == "group":
            yield from _meta(node, path)
        elif node["kind"] == "question":
            yield Question(path, (), node.get("type", "string"))


def _question(item: Item, by_path: Mapping[str, Item], repeats: Mapping[tuple[str, ...], None]) -> Question:
    path = tuple(item.path.split("/"))
    around = [path[:length] for length in range(len(path) - 1, 0, -1) if path[:length] in repeats]
    choices = None
    if item.choices is not None:
        # A choice that is a picture has a blank label, which no cell means.
        choices = {
            value: tuple(dict.fromkeys(label for label in labels.values() if label.strip()))
            for value, labels in item.choices.items()
        }
    return Question(
        path,
        around[0] if around else (),
        item.node.get("type", "string"),
        item.node.get("control", ""),
        (item.node.get("preload", ""), item.node.get("preload_params", "")),
        "missing" in item.node,
        tuple(dict.fromkeys(label.strip() for label in item.labels.values() if label.strip())),
        tuple(_long_labels(item, by_path, "/".join(around[0]) if around else "")),
        choices,
    )


def _long_labels(item: Item, by_path: Mapping[str, Item], repeat: str) -> Iterator[str]:
    """The text with those of the groups around it: of all, and of those in a row of the repeat. Names where there are no texts."""
    names = item.parent.split("/") if item.parent else []
    above = ["/".join(names[:length]) for length in range(len(names), 0, -1)]
    labels = {path: by_path[path].labels if path in by_path else {} for path in above}
    for language in dict.fromkeys((*item.labels, *(language for texts in labels.values() for language in texts))):
        words = [item.labels.get(language, "") or item.name]
        for path in above:
            if path == repeat and len(words) > 1:
                yield "/".join(words)
            words.insert(0, labels[path].get(language, "") or path.rpartition("/")[2])
        if len(words) > 1:
            yield "/".join(words)
