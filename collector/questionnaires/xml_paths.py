"""Paths into XML lists -> paths into the rows that are kept of them.

A list is kept as rows under `/root/item` (docs/form-model.md). An XML file may call its root and its items otherwise and
put groups around its columns; expressions that follow its own names are rewritten to the kept ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from collector.questionnaires.list_files import XmlNames


def follow_names(model: dict[str, Any], list_id: str, names: XmlNames) -> None:
    """Rewrites every expression of a form model that reads the list.

    Mutates: `model`.
    """
    start = re.compile(
        rf"(instance\(\s*(['\"]){re.escape(list_id)}\2\s*\)\s*/\s*){re.escape(names.root)}\s*/\s*{re.escape(names.item)}(?![\w.-])"
    )
    # Inside the list a group stands at the beginning of a predicate or behind the item, never behind the form's root.
    groups = [re.compile(rf"(?:(?<=[\[(\s,])|(?<=\]/)|(?<=/item/)){re.escape(group)}/") for group in names.groups]

    def rewrite(text: str) -> str:
        if not start.search(text):
            return text
        changed = start.sub(r"\1root/item", text)
        for group in groups:
            changed = group.sub("", changed)
        return changed

    for part in ("root", "texts", "actions"):
        model[part] = _mapped(model[part], rewrite)


def _mapped(value: Any, rewrite: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return rewrite(value) if "instance(" in value else value
    if isinstance(value, list):
        return [_mapped(part, rewrite) for part in value]
    if isinstance(value, dict):
        return {key: _mapped(part, rewrite) for key, part in value.items()}
    return value
