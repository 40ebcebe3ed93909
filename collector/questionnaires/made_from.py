"""Which questions have answers that are made from the answers to others, and so tell as much as those do. Pure."""

import re
from collections.abc import Iterable, Mapping
from posixpath import normpath
from typing import Any

from collector.questionnaires.model_items import Item

_PREDICATE = re.compile(r"\s*\[[^\[\]]*\]")
#: A path from the question itself, as `${name}` becomes inside of a repeat: `../name`, `current()/../name`.
_RELATIVE = re.compile(r"(?<![\w./])(?:\./)?\.\.(?:/[\w\-.]+)+|(?<=current\(\)/)\.\.(?:/[\w\-.]+)+")


def with_made_from(model: Mapping[str, Any], questions: Iterable[Item], personal: Iterable[str]) -> set[str]:
    """The paths `personal`, and those of the `questions` whose answers are calculated, filled in or chosen from such; from these again."""
    sources = _sources_of(model, questions)
    found = set(personal)
    while new := {path for path, texts in sources.items() if path not in found and _reads_any(path, texts, found)}:
        found |= new
    return found


def _sources_of(model: Mapping[str, Any], questions: Iterable[Item]) -> dict[str, list[str]]:
    """The expressions that each question's answer may come from, by its path."""
    sources: dict[str, list[str]] = {}
    for item in questions:
        texts = [str(item.node["calculate"])] if item.node.get("calculate") else []
        chosen = item.node.get("itemset") or {}
        # Choices of a list are the form's own words; those of a repeat are what somebody answered there.
        if chosen and not chosen["nodeset"].strip().startswith("instance("):
            texts.append(f"{_without_predicates(chosen['nodeset'])}/{chosen['value']}")
        sources[item.path] = texts
    root = f"/{model['root']['name']}/"
    for action in model.get("actions", ()):
        # A default that is an expression, and a calculation with a trigger (docs/form-model.md, Actions).
        sources.get(str(action["ref"]).removeprefix(root), []).append(str(action.get("value") or ""))
    return sources


def _reads_any(path: str, texts: Iterable[str], personal: set[str]) -> bool:
    return any(_reads(path, text, personal) for text in texts)


def _reads(path: str, text: str, personal: set[str]) -> bool:
    plain = _without_predicates(text)
    named = {normpath(f"{path}/{relative}") for one in (text, plain) for relative in _RELATIVE.findall(one)}
    return not named.isdisjoint(personal) or any(
        re.search(rf"/{re.escape(one)}(?![\w./\-])", both) for one in personal for both in (text, plain)
    )


def _without_predicates(text: str) -> str:
    while (shorter := _PREDICATE.sub("", text)) != text:
        text = shorter
    return text
