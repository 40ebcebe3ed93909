"""Reads for the pages of places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.place_order import Node, Order
from collector.store import Place, PlaceState, User

#: Places that a page draws at most, former ones and those found apart.
MAX_SHOWN = 1000
MAX_FOUND = 200
MAX_FORMER = 500


@dataclass(frozen=True)
class Branch:
    """A place of the tree with what is under it; `hidden` counts the places under it that are not drawn."""

    node: Node
    under: Sequence["Branch"]
    hidden: int = 0

    @property
    def is_flat(self) -> bool:
        """Whether nothing that is under it has anything under itself."""
        return not any(branch.under or branch.hidden for branch in self.under)


@dataclass(frozen=True)
class Former:
    """A place that is no more, and the one that its responses count for."""

    node: Node
    counts_for: Node | None


def draw_tree(order: Order, top: int | None = None) -> list[Branch]:
    """The tree under `top` (None: all of it), whole levels of it as long as they are at most `MAX_SHOWN` places."""
    levels: list[list[Node]] = [list(order.children.get(top, ()))]
    shown = len(levels[0])
    while levels[-1]:
        below = [node for above in levels[-1] for node in order.children.get(above.id, ())]
        if shown + len(below) > MAX_SHOWN:
            break
        shown += len(below)
        levels.append(below)
    drawn = {node.id for level in levels for node in level}
    return [_branch(order, node, drawn) for node in levels[0]]


def _branch(order: Order, node: Node, drawn: set[int]) -> Branch:
    under = order.children.get(node.id, ())
    shown = [below for below in under if below.id in drawn]
    return Branch(node, [_branch(order, below, drawn) for below in shown], len(under) - len(shown))


def search_places(order: Order, text: str) -> list[Node]:
    """Places whose code begins with a text or whose name has it in it, upper and lower case alike; former ones last."""
    wanted = text.strip().casefold()
    found = [
        node
        for node in order.nodes.values()
        if node.code.casefold().startswith(wanted) or any(wanted in name.casefold() for name in node.names.values())
    ]
    return sorted(found, key=lambda node: (node.is_ended, node.position, node.code))[:MAX_FOUND]


def list_former(order: Order) -> list[Former]:
    """The places that are no more, by code."""
    ended = sorted((node for node in order.nodes.values() if node.is_ended), key=lambda node: node.code)
    return [_former(order, node) for node in ended[:MAX_FORMER]]


def list_merged_into(order: Order, place_id: int) -> list[Node]:
    """Former places whose responses count for a place."""
    found = [order.nodes[id_] for id_, end in order.counts_for.items() if end == place_id and id_ != place_id]
    return sorted(found, key=lambda node: node.code)


def _former(order: Order, node: Node) -> Former:
    end = order.counts_for.get(node.id)
    return Former(node, order.nodes[end] if end is not None else None)


def resolve_place(session: Session, order: Order, text: str) -> Place:
    """The place that somebody typed: its code, or its whole name in any language.

    Raises CollectorError `place_unknown`, `place_ambiguous`.
    """
    node = order.find(text)
    if node is None:
        named = [node for node in order.standing if text in node.names.values()]
        if len(named) > 1:
            raise CollectorError("place_ambiguous", place=text)
        node = named[0] if named else None
    if node is None:
        raise CollectorError("place_unknown", place=text)
    return session.get_one(Place, node.id)


def suggest_places(order: Order, language: str) -> list[tuple[str, str]]:
    """Codes and names of the places that stand, for a field in which one is typed; none where there are too many to send along."""
    if len(order.standing) > MAX_SHOWN:
        return []
    return [(node.code, node.name(language)) for node in order.standing]


def find_place(session: Session, place_id: int) -> Place:
    """A place. Raises CollectorError `not_found`."""
    place = session.get(Place, place_id)
    if place is None:
        raise CollectorError("not_found")
    return place


def list_notes(session: Session) -> Mapping[int, str]:
    """The notes of all places by id."""
    return {row.id: row.note for row in session.execute(select(Place.id, Place.note))}


def names_of_people(session: Session, states: Sequence[PlaceState]) -> Mapping[str, str]:
    """The names of those who changed a place, by id."""
    ids = {state.made_by for state in states}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(ids)))}
