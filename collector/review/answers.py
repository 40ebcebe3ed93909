"""A response's answers in words: the form model and the answers walked side by side. Plain values in and out."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from collector.intake.words import MISSING
from collector.intake.words import in_words as words_for
from collector.questionnaires import missing
from collector.questionnaires.marks import without_marks
from collector.review.personal import bare_path, conceal, is_hidden

#: The list that an itemset draws from (form-model.md, `itemset`).
LIST_OF_ITEMSET = re.compile(r"instance\('([^']+)'\)")
#: Stands for a value in a text while its marks are taken out.
PLACE_OF_VALUE = "\ufffc"
#: Characters of an answer that the page shows; the rest is in the export.
SHOWN_CHARACTERS = 20_000
#: Levels of a document without a form that are drawn as such; what is deeper is shown as JSON.
MAX_LEVELS = 12


@dataclass(frozen=True)
class Item:
    """A line of the page: a question with its answer, or a group, repeat or row with what is in it.

    `kind` is question, missing (a question that has no answer; `text` says why), group, repeat, row, unknown (an answer
    that the form has no question for) or hidden (an answer that the reader may not see). `path` is without positions.
    `value` is the answer as the form keeps it.
    """

    kind: str
    label: str
    path: str
    text: str = ""
    type: str = ""
    is_shown: bool = True
    children: list["Item"] = field(default_factory=list)
    value: str = ""


class Words:
    """A form model's texts in one language, with the default language for what is missing."""

    def __init__(self, model: Mapping[str, Any], language: str) -> None:
        form = model["form"]
        name = next((item["name"] for item in form["languages"] if item["code"] == language), form["default_language"])
        self._texts = [model["texts"].get(name, {}), model["texts"].get(form["default_language"], {})]
        self._lists = model.get("lists", {})
        self._labels: dict[str, dict[str, str]] = {}

    def text(self, key: str | None, answers: Mapping[str, Any]) -> str:
        """The text with `key` as one string, values of the form filled in; "" without one."""
        for texts in self._texts:
            if key in texts:
                return plain_text(texts[key], answers)
        return ""

    def choices(self, itemset: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, str]:
        """Labels of a question's choices by value, whatever its choice filter lets through."""
        match = LIST_OF_ITEMSET.match(itemset.get("nodeset", "").strip())
        choices = self._lists.get(match[1]) if match else None
        # A list from a file beside the workbook is not in the model.
        columns = choices.get("columns", ()) if choices else ()
        if choices is None or itemset["value"] not in columns or itemset["label"] not in columns:
            return {}
        value, label = columns.index(itemset["value"]), columns.index(itemset["label"])
        if not itemset.get("is_itext"):
            return {row[value]: without_marks(row[label]) for row in choices["rows"]}
        return {row[value]: self.text(row[label], answers) for row in choices["rows"]}


def plain_text(text: Any, answers: Mapping[str, Any]) -> str:
    """A Text of the form model as one string (form-model.md, Texts)."""
    if isinstance(text, dict):
        text = text.get("text", "")
    if isinstance(text, str):
        return without_marks(text)
    # A value is put in after the marks are out: it is never markup itself.
    values = (value_at(part["value"], answers) for part in text if not isinstance(part, str))
    marked = "".join(part if isinstance(part, str) else PLACE_OF_VALUE for part in text)
    return re.sub(PLACE_OF_VALUE, lambda _: next(values, ""), without_marks(marked))


def value_at(expression: str, answers: Mapping[str, Any]) -> str:
    """The answer at an absolute path outside of repeats; an ellipsis for everything that would need the engine."""
    value: Any = answers
    for name in expression.strip().split("/")[2:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else "…"


def read_answers(
    model: Mapping[str, Any] | None, answers: Mapping[str, Any], language: str, hidden: Collection[str] = ()
) -> list[Item]:
    """All answers in form order, then those that the form has no question for.

    Labels show nothing of the questions at bare paths `hidden`; the answers themselves are taken out by `hide`. Without a `model` (a
    version that the server does not know) every answer stands under its name, groups and rows as they are.
    """
    if model is None:
        return read_tree({name: value for name, value in answers.items() if name != "meta"})
    root = model["root"]
    return read_children(root, answers, Words(model, language), conceal(answers, hidden), f"/{root['name']}")


def hide(items: Iterable[Item], root: str, hidden: Collection[str]) -> list[Item]:
    """The items without the answers to the questions `hidden`, bare paths (personal.py), and to what is in them."""
    shown = []
    for item in items:
        if is_hidden(bare_path(item.path, root).removesuffix(missing.KEY), hidden):
            shown.append(Item("hidden", item.label, item.path))
        else:
            shown.append(replace(item, children=hide(item.children, root, hidden)))
    return shown


def read_tree(values: Mapping[str, Any], path: str = "", levels: int = MAX_LEVELS) -> list[Item]:
    """The items of an object of which nothing is known but its shape."""
    return [tree_item(name, value, f"{path}/{name}", levels) for name, value in values.items()]


def tree_item(name: str, value: Any, path: str, levels: int) -> Item:
    """One value under its name: an object as a group, a list of objects as a repeat, all else as it came."""
    if levels and isinstance(value, dict) and value:
        return Item("group", name, path, children=read_tree(value, path, levels - 1))
    if levels and isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        rows = [
            Item("row", str(number), path, children=read_tree(row, path, levels - 1))
            for number, row in enumerate(value, 1)
        ]
        return Item("repeat", name, path, children=rows)
    return unknown_item(name, value, path)


def read_children(
    node: Mapping[str, Any], values: Mapping[str, Any], words: Words, answers: Mapping[str, Any], path: str
) -> list[Item]:
    """The items of a group's, row's or root's `values`."""
    items = []
    known = {"meta"}
    for child in node.get("children", []):
        name = child["name"]
        if name in values and name != "meta":
            items.append(read_item(child, values[name], words, answers, f"{path}/{name}"))
        if child["kind"] == "question" and values.get(name + missing.KEY) in missing.REASONS:
            known.add(name + missing.KEY)
            items.append(missing_item(child, values, words, answers, path))
        known.add(name)
    items += [unknown_item(name, value, f"{path}/{name}") for name, value in values.items() if name not in known]
    return items


def read_item(node: Mapping[str, Any], value: Any, words: Words, answers: Mapping[str, Any], path: str) -> Item:
    """The item of one node. A value whose shape is not the node's is shown as it came."""
    label = words.text(node.get("label"), answers) or node["name"]
    kind = node["kind"]
    if kind == "group" and isinstance(value, dict):
        return Item("group", label, path, children=read_children(node, value, words, answers, path))
    if kind == "repeat" and isinstance(value, list):
        rows = [read_row(node, number, row, words, answers, path) for number, row in enumerate(value, 1)]
        return Item("repeat", label, path, children=rows)
    if kind == "question" and isinstance(value, str):
        text = in_words(node, value, words, answers)
        return Item("question", label, path, text, node.get("type", "string"), is_shown="control" in node, value=value)
    return unknown_item(label, value, path)


def read_row(
    node: Mapping[str, Any], number: int, row: Any, words: Words, answers: Mapping[str, Any], path: str
) -> Item:
    """One row of a repeat."""
    if not isinstance(row, dict):
        return unknown_item(str(number), row, path)
    return Item("row", str(number), path, children=read_children(node, row, words, answers, path))


def in_words(node: Mapping[str, Any], value: str, words: Words, answers: Mapping[str, Any]) -> str:
    """The answer to a question: choice labels for selects, moments and positions spelt for people, else as it is."""
    if "itemset" in node:
        labels = words.choices(node["itemset"], answers)
        names = [value] if node.get("control") == "select1" else value.split()
        return "\n".join(labels.get(name) or name for name in names)
    kind = node.get("type")
    if kind == "dateTime" and len(value) > 16:
        return f"{value[:10]} {value[11:16]}"
    if kind == "time" and len(value) > 5:
        return value[:5]
    if kind == "geopoint" and len(value.split()) == 4:
        latitude, longitude, _altitude, accuracy = value.split()
        return f"{latitude}, {longitude} (±{accuracy} m)"
    return value[:SHOWN_CHARACTERS]


def missing_item(
    node: Mapping[str, Any], values: Mapping[str, Any], words: Words, answers: Mapping[str, Any], path: str
) -> Item:
    """Why a question has no answer; a line of its own where it has one all the same."""
    name = node["name"]
    key = name + missing.KEY
    label = words.text(node.get("label"), answers) or name
    return Item("missing", label, f"{path}/{key if name in values else name}", words_for(MISSING, values[key]))


def unknown_item(label: str, value: Any, path: str) -> Item:
    """An answer that the form has no place for, shown as it came."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        text = "…"
    return Item("unknown", label, path, text[:SHOWN_CHARACTERS])


def label_of(model: Mapping[str, Any] | None, path: str, language: str) -> str:
    """The label of the question at `path`, which may have positions, answered or not; its name without one."""
    names = re.sub(r"\[\d+\]", "", path).split("/")[2:]
    if model is None:
        return names[-1] if names else ""
    node: Mapping[str, Any] | None = model["root"]
    for name in names:
        node = next((child for child in (node or {}).get("children", []) if child["name"] == name), None)
    label = Words(model, language).text(node.get("label"), {}) if node else ""
    return label or (names[-1] if names else "")
