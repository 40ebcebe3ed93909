"""Small form models for the tests of the fill screen, written as their questions are."""

from __future__ import annotations

from typing import Any

EN, ZH = "English (en)", "中文 (zh)"

Node = dict[str, Any]


def question(name: str, label: str | tuple[str, str] = "", **keys: Any) -> Node:
    """A question. `label` and `hint` are text, or English and Chinese; keys are those of docs/form-model.md."""
    return {"kind": "question", "name": name, "type": "string", "control": "input", "label": label or name, **keys}


def select(
    name: str, label: str | tuple[str, str], list_name: str, *, multiple: bool = False, where: str = "", **keys: Any
) -> Node:
    """A select_one or select_multiple of a list of the model."""
    nodeset = f"instance('{list_name}')/root/item{where}"
    control = "select" if multiple else "select1"
    return question(
        name, label, control=control, itemset={"nodeset": nodeset, "value": "name", "label": "label"}, **keys
    )


def group(name: str, children: list[Node], label: str | tuple[str, str] = "", **keys: Any) -> Node:
    """A group of questions."""
    return {"kind": "group", "name": name, "children": children, **({"label": label} if label else {}), **keys}


def field_list(name: str, children: list[Node], label: str | tuple[str, str] = "") -> Node:
    """A group whose questions share a page."""
    return group(name, children, label, appearance="field-list")


def repeat(name: str, children: list[Node], label: str | tuple[str, str] = "", **keys: Any) -> Node:
    """A repeat."""
    return {"kind": "repeat", "name": name, "children": children, "label": label or name, **keys}


def choices(*pairs: tuple[str, ...], columns: tuple[str, ...] = ("name", "label")) -> dict[str, Any]:
    """A choice list: rows of value and label, and of further columns where they are named."""
    return {"columns": list(columns), "rows": [list(pair) for pair in pairs]}


YES_NO = choices(("yes", "Yes"), ("no", "No"))


def model(*children: Node, lists: dict[str, Any] | None = None, actions: list[Node] | None = None) -> dict[str, Any]:
    """A form model of two languages, whose texts are taken out of the questions."""
    texts: dict[str, dict[str, str]] = {EN: {}, ZH: {}}
    root = {"kind": "group", "name": "data", "children": [_keyed(child, "/data", texts) for child in children]}
    languages = [{"name": EN, "code": "en"}, {"name": ZH, "code": "zh"}]
    form = {
        "id": "t",
        "version": "1",
        "title": "T",
        "languages": languages,
        "default_language": EN,
        "style": "pages",
        "place_path": [],
    }
    return {
        "model": 1,
        "form": form,
        "root": root,
        "texts": texts,
        "lists": {"yn": YES_NO, **(lists or {})},
        "actions": actions or [],
    }


def _keyed(node: Node, parent: str, texts: dict[str, dict[str, str]]) -> Node:
    path = f"{parent}/{node['name']}"
    keyed = dict(node)
    for what in ("label", "hint", "required_message", "constraint_message"):
        if what not in node:
            continue
        words = node[what]
        english, chinese = words if isinstance(words, tuple) else (words, words)
        keyed[what] = f"{path}:{what}"
        texts[EN][keyed[what]], texts[ZH][keyed[what]] = english, chinese
    if "children" in node:
        keyed["children"] = [_keyed(child, path, texts) for child in node["children"]]
    return keyed
