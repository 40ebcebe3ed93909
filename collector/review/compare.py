"""Revisions of one response side by side. Plain values in and out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from collector.review.answers import Item


@dataclass(frozen=True)
class Line:
    """One question with its answer in each of the revisions, "" where it has none."""

    label: str
    texts: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the revisions do not agree."""
        return len(set(self.texts)) > 1


def heads(bases: Mapping[int, int | None], current: int) -> list[int]:
    """The revisions that stand against each other, the current one first, then the newest.

    `bases` gives for each revision the one that it was made from. What another revision was made from is settled by that one.
    """
    superseded = set(bases.values())
    above: int | None = current
    while above is not None and above in bases:
        # A base is older than what was made from it; whatever says otherwise leads nowhere.
        base = bases[above]
        superseded.add(above)
        above = base if base is not None and base < above else None
    return [current, *sorted(set(bases) - superseded, reverse=True)]


def compare(revisions: Sequence[Iterable[Item]]) -> list[Line]:
    """The answers of several revisions, line by line, in the order of the first; what only others have stands where they have it."""
    flat = [dict(flatten(items)) for items in revisions]
    labels = {key: label for answers in reversed(flat) for key, (label, _) in answers.items()}
    return [
        Line(labels[key], tuple(answers[key][1] if key in answers else "" for answers in flat))
        for key in merged_order(flat)
    ]


def merged_order(lists: Sequence[Iterable[str]]) -> list[str]:
    """All keys once: each list's new ones follow the key that they follow there."""
    following: dict[str, str] = {}
    for keys in lists:
        before = ""
        for key in keys:
            if key not in following:
                following[key] = following.get(before, "")
                following[before] = key
            before = key
    order, key = [], following.get("", "")
    while key:
        order.append(key)
        key = following[key]
    return order


def flatten(items: Iterable[Item], key: str = "", label: str = "") -> Iterator[tuple[str, tuple[str, str]]]:
    """Each answer below `items` as `(place, (label with the groups' and rows' before it, text))`."""
    for item in items:
        own_key = f"{key}[{item.label}]" if item.kind == "row" else item.path or item.label
        own_key = f"{key}>{own_key}" if item.kind != "row" else own_key
        own_label = f"{label} · {item.label}" if label else item.label
        if item.kind in ("group", "repeat", "row"):
            # A group's name helps nobody who looks at one question; a row's number does.
            yield from flatten(item.children, own_key, label if item.kind == "group" else own_label)
        else:
            yield own_key, (own_label, item.text)
