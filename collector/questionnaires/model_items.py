"""A form model as a flat list of what a person sees in it: each question, group and repeat with its texts and choices. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

#: Where an itemset's choices come from.
_LIST = re.compile(r"instance\('([^']+)'\)")
#: Parts of a text that are not words, in the order in which they are told.
_MEDIA = ("image", "big-image", "audio", "video")
#: Between the labels of choices of one list that have the same value.
BETWEEN_SAME = " / "
#: How many of these are told.
MOST_SAME = 3
#: The group that a form keeps its own data in; a person did not write it, but for the name of a response.
_META = "meta"


@dataclass(frozen=True)
class Item:
    """A question, group or repeat. `path`: names joined by slashes, without the root's; `labels` and the like: by language.

    `repeats`: how many repeats it stands in; `choices`: label by language of each value (several, with ` / ` between them,
    where the list has the value several times), None where they come from no list of the form.
    `list_hash`: content of the file that its choices come from, "" without; `node`: as the form model has it.
    """

    path: str
    kind: str
    node: Mapping[str, Any]
    repeats: int = 0
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] | None = None
    list_hash: str = ""

    @property
    def name(self) -> str:
        """Its own name, the last of the path."""
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """Path of the group or repeat that it stands in; "" at the top."""
        return self.path.rpartition("/")[0]

    @property
    def labels(self) -> Mapping[str, str]:
        """Its label by language."""
        return self.texts.get("label", {})

    @property
    def answer_type(self) -> tuple[str, str, str]:
        """What makes the kind of answer: data type, control, and of files the kind of file."""
        return self.node.get("type", ""), self.node.get("control", ""), self.node.get("mediatype", "")


def items_of(model: Mapping[str, Any]) -> list[Item]:
    """All items in form order, a group before what is in it. The form's own data is left out, but for the name of a response."""
    return list(_walk(model, model["root"]["children"], "", 0))


def label_in(labels: Mapping[str, str], model: Mapping[str, Any], language: str) -> str:
    """A label in the office's `language` ("zh"), else in the form's default one, else in any; "" without one."""
    by_code = {entry["code"]: entry["name"] for entry in model["form"]["languages"]}
    wanted = (by_code.get(language, ""), model["form"]["default_language"])
    return next((labels[name] for name in wanted if labels.get(name)), next(iter(labels.values()), ""))


def holds_data(node: Mapping[str, Any]) -> bool:
    """Tell whether a question can have an answer; a note, which is only read, has none."""
    is_note = node.get("control") == "input" and node.get("readonly") == "true()"
    return not is_note or "calculate" in node or "default" in node


def _walk(model: Mapping[str, Any], nodes: list[dict[str, Any]], above: str, repeats: int) -> Iterator[Item]:
    for node in nodes:
        path = f"{above}/{node['name']}".lstrip("/")
        if path == _META:
            yield from (
                _item(model, child, f"{path}/{child['name']}", 0) for child in node["children"] if _is_name(child)
            )
            continue
        yield _item(model, node, path, repeats)
        yield from _walk(model, node.get("children", []), path, repeats + (node["kind"] == "repeat"))


def _is_name(node: Mapping[str, Any]) -> bool:
    return bool(node["name"] == "instanceName")


def _item(model: Mapping[str, Any], node: dict[str, Any], path: str, repeats: int) -> Item:
    keys = ("label", "hint", "required_message", "constraint_message")
    texts = {key: _in_languages(model, node[key]) for key in keys if key in node}
    texts["media"] = {
        language: ", ".join(name for key in keys if key in node for name in _media_names(by_key.get(node[key])))
        for language, by_key in model["texts"].items()
    }
    choices, list_hash = _choices(model, node.get("itemset"))
    return Item(path, node["kind"], node, repeats, texts, choices, list_hash)


def _in_languages(model: Mapping[str, Any], key: str) -> dict[str, str]:
    return {language: plain(texts[key]) for language, texts in model["texts"].items() if key in texts}


def plain(text: Any) -> str:
    """The words of a text of the form model in one line, values of the form as `${name}`; "" where it is media alone."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(part if isinstance(part, str) else _reference(part.get("value", "")) for part in text)
    return " ".join(plain(text[form]) for form in ("text", "guidance") if form in text)


def _media_names(text: Any) -> list[str]:
    return [plain(text[form]) for form in _MEDIA if form in text] if isinstance(text, dict) else []


def _reference(expression: str) -> str:
    trimmed = expression.strip()
    return f"${{{trimmed.rpartition('/')[2]}}}" if re.fullmatch(r"[\w./\-]+", trimmed) else f"${{{trimmed}}}"


def _choices(
    model: Mapping[str, Any], itemset: Mapping[str, Any] | None
) -> tuple[dict[str, dict[str, str]] | None, str]:
    found = _LIST.search(itemset["nodeset"]) if itemset else None
    kept = model["lists"].get(found[1]) if found else None
    if itemset is None or kept is None:
        return None, ""
    if "rows" not in kept:
        return None, kept.get("sha256", "")
    columns = kept["columns"]
    if itemset["value"] not in columns or itemset["label"] not in columns:
        return None, ""
    value, label = columns.index(itemset["value"]), columns.index(itemset["label"])
    by_value: dict[str, dict[str, dict[str, None]]] = {}
    for row in kept["rows"]:
        by_language = by_value.setdefault(row[value], {})
        for language, text in _choice_label(model, itemset, row[label]).items():
            by_language.setdefault(language, {})[text] = None
    return {
        value: {language: _one_label(list(texts)) for language, texts in by_language.items()}
        for value, by_language in by_value.items()
    }, ""


def _one_label(texts: list[str]) -> str:
    """The label of a value. A list that has it several times has several: a filter tells them apart on the phone
    (docs/decisions/0006), an answer alone does not, and one of them would be wrong.
    """
    return BETWEEN_SAME.join(texts if len(texts) <= MOST_SAME else [*texts[:MOST_SAME], "…"])


def _choice_label(model: Mapping[str, Any], itemset: Mapping[str, Any], label: str) -> dict[str, str]:
    if itemset.get("is_itext"):
        return _in_languages(model, label)
    return {entry["name"]: label for entry in model["form"]["languages"]}
