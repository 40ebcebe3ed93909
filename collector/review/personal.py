"""Answers that tell who somebody is, and who may see them. Pure."""

from collections.abc import Collection, Mapping
from typing import Any


def bare_path(path: str, root: str) -> str:
    """The path of a question without the root's name and without positions: `/data/members[2]/age` is `members/age`."""
    names = [name.partition("[")[0] for name in path.strip("/").split("/")]
    return "/".join(names[1:] if names[:1] == [root] else names)


def bare_file_path(path: str) -> str:
    """The same of the path that a document gives for a file: its first name is always the root's, whatever that is called."""
    return bare_path(path, path.strip("/").partition("/")[0])


def conceal(answers: Mapping[str, Any], hidden: Collection[str], above: str = "") -> dict[str, Any]:
    """The answers without those to the questions at bare paths `hidden`: what labels may be filled in from."""
    shown = {}
    for name, value in answers.items():
        path = f"{above}{name}"
        if not is_hidden(path, hidden):
            shown[name] = conceal(value, hidden, f"{path}/") if isinstance(value, dict) else value
    return shown


def is_hidden(path: str, hidden: Collection[str]) -> bool:
    """Tell whether the question at a bare path, or a group around it, is among those that are hidden."""
    return any(path == one or path.startswith(f"{one}/") for one in hidden)
