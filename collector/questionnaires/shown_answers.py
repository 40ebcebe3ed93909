"""The answers of a response as somebody may see them who must not see those that tell who a person is. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from collector.questionnaires import missing
from collector.questionnaires.model_items import holds_data

#: A question, group or repeat as the form model has it, of each version.
Nodes = list[dict[str, Any]]


def shown_answers(
    answers: Mapping[str, Any], models: Iterable[Mapping[str, Any]], hidden: Collection[str]
) -> dict[str, Any]:
    """The answers that some version of the form asks for, but those at the paths `hidden` (`members/name`) and what is in them.

    Left out as well: the form's own data, such as the name of a response, which is made of answers; what no version asks for, since
    nobody has said what that is; and what is no text where one is due, since a group may hold what is not to go out.
    """
    return _shown(answers, _by_name(model["root"]["children"] for model in models), frozenset(hidden), "")


def _by_name(beside: Iterable[list[dict[str, Any]]]) -> Mapping[str, Nodes]:
    """The nodes of a group, repeat or root, as each version has them, by their names."""
    found: dict[str, Nodes] = {}
    for children in beside:
        for node in children:
            found.setdefault(node["name"], []).append(node)
    return found


def _shown(
    answers: Mapping[str, Any], known: Mapping[str, Nodes], hidden: frozenset[str], above: str
) -> dict[str, Any]:
    """The same of a group or row at the path `above`, in which `known` may be asked."""
    shown: dict[str, Any] = {}
    for name, value in answers.items():
        bare = name.removesuffix(missing.KEY)
        path = above + bare
        if path in hidden or path == "meta":
            continue
        nodes = known.get(bare, ())
        if isinstance(value, str):
            if any(node["kind"] == "question" and holds_data(node) for node in nodes):
                shown[name] = value
            continue
        kind = "group" if isinstance(value, dict) else "repeat"
        inner = [node["children"] for node in nodes if node["kind"] == kind]
        if inner and isinstance(value, dict):
            shown[name] = _shown(value, _by_name(inner), hidden, f"{path}/")
        elif inner and isinstance(value, list):
            asked = _by_name(inner)
            shown[name] = [_shown(row if isinstance(row, dict) else {}, asked, hidden, f"{path}/") for row in value]
    return shown
