"""Answers that tell who somebody is, and who may see them. Pure."""

from collections.abc import Collection


def bare_path(path: str, root: str) -> str:
    """The path of a question without the root's name and without positions: `/data/members[2]/age` is `members/age`."""
    names = [name.partition("[")[0] for name in path.strip("/").split("/")]
    return "/".join(names[1:] if names[:1] == [root] else names)


def is_hidden(path: str, hidden: Collection[str]) -> bool:
    """Tell whether the question at a bare path, or a group around it, is among those that are hidden."""
    return any(path == one or path.startswith(f"{one}/") for one in hidden)
