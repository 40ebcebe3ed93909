"""Places as they stand on a day: the tree of that day, and the place that each response counts for then.

A response keeps the code of the place that it was given. Places merge, split, move and end; `Order.counts_for` follows a place to the
one that its responses count for on that day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Place, PlaceState


@dataclass(frozen=True)
class Node:
    """A place as it stands on the day; `parent_id` is None at the top, `level` 0 there."""

    id: int
    code: str
    names: Mapping[str, str] = field(hash=False)
    parent_id: int | None = None
    position: int = 0
    level: int = 0
    is_ended: bool = False
    successor_id: int | None = None

    def name(self, language: str) -> str:
        """The name in `language`, else in any language, else the code."""
        return self.names.get(language) or next(iter(self.names.values()), self.code)


@dataclass(frozen=True)
class Order:
    """The tree of a day. `nodes` are all places that were ever known by then, also those that have ended; by id."""

    nodes: Mapping[int, Node]

    @cached_property
    def children(self) -> Mapping[int | None, Sequence[Node]]:
        """Places that stand, by the place above them (None: at the top), in their order."""
        found: dict[int | None, list[Node]] = {}
        for node in sorted(self.nodes.values(), key=lambda node: (node.position, node.code)):
            if not node.is_ended:
                found.setdefault(self._standing(node.parent_id), []).append(node)
        return found

    @cached_property
    def standing(self) -> Sequence[Node]:
        """Places that stand, each before those under it, with its level."""
        found: list[Node] = []
        seen: set[int] = set()

        def walk(parent_id: int | None) -> None:
            for node in self.children.get(parent_id, ()):
                if node.id not in seen:
                    seen.add(node.id)
                    found.append(node)
                    walk(node.id)

        walk(None)
        return found

    @cached_property
    def communities(self) -> Sequence[Node]:
        """Places that stand and have nothing under them, in the order of the tree."""
        return [node for node in self.standing if not self.children.get(node.id)]

    @cached_property
    def counts_for(self) -> Mapping[int, int]:
        """For each place the one that its responses count for: itself, the end of its line of successors, or, where that line ends in
        a place that is no more and has none, what the place above it counts for. A place without any is left out."""
        found = {}
        for place_id in self.nodes:
            end = self._standing(place_id)
            if end is not None:
                found[place_id] = end
        return found

    def under(self, place_ids: Iterable[int]) -> frozenset[int]:
        """Ids of all places, ended ones too, that belong to one of `place_ids` or to a place under one of them.

        A former place that nothing follows stays what it was: whoever has it has its responses, not those of the place above it.
        """
        wanted = {self.follower(place_id) for place_id in place_ids}
        covered = {node.id for node in self.standing if wanted & set(self.lineage(node.id))}
        within = {place_id for place_id, end in self.counts_for.items() if end in covered}
        former = {place_id for place_id, node in self.nodes.items() if node.is_ended}
        return frozenset(within | {place_id for place_id in former if self.follower(place_id) in wanted})

    def follower(self, place_id: int) -> int:
        """The place itself if it stands, else the one at the end of its line of successors, which may have ended too."""
        seen = {place_id}
        while (node := self.nodes.get(place_id)) and node.is_ended:
            successor_id = node.successor_id
            if successor_id is None or successor_id not in self.nodes or successor_id in seen:
                break
            place_id = successor_id
            seen.add(place_id)
        return place_id

    def lineage(self, place_id: int) -> Sequence[int]:
        """Ids of a standing place and of the places above it, itself first."""
        found: list[int] = []
        above: int | None = place_id
        while above is not None and above not in found:
            found.append(above)
            above = self._standing(self.nodes[above].parent_id)
        return found

    def find(self, code: str) -> Node | None:
        """The place with that code, or None."""
        return next((node for node in self.nodes.values() if node.code == code), None)

    def _standing(self, place_id: int | None) -> int | None:
        """The place itself if it stands, else where its successor leads, or the place above it; None where nothing stands there."""
        seen: set[int] = set()
        while place_id is not None and place_id in self.nodes and place_id not in seen:
            node = self.nodes[place_id]
            if not node.is_ended:
                return node.id
            seen.add(place_id)
            has_successor = node.successor_id in self.nodes and node.successor_id not in seen
            place_id = node.successor_id if has_successor else node.parent_id
        return None


def read_order(session: Session, on: date | None = None) -> Order:
    """The tree as it stands at present, or as it stood on a day."""
    # Columns, not objects: every page that counts by places reads them all.
    if on is None:
        columns = (Place.id, Place.code, Place.names, Place.parent_id, Place.position, Place.level)
        present = session.execute(select(*columns, Place.ended_on.is_not(None), Place.successor_id))
        return Order({row[0]: Node(*row) for row in present})
    codes = {row.id: row.code for row in session.execute(select(Place.id, Place.code))}
    columns_of_state = (
        PlaceState.place_id,
        PlaceState.names,
        PlaceState.parent_id,
        PlaceState.position,
        PlaceState.is_ended,
        PlaceState.successor_id,
    )
    by_day = select(*columns_of_state).where(PlaceState.since <= on).order_by(PlaceState.since, PlaceState.id)
    # The latest state by that day: the later ones of a place overwrite the earlier ones here.
    states = {row.place_id: row for row in session.execute(by_day)}
    parents = {place_id: row.parent_id for place_id, row in states.items()}
    return Order(
        {
            place_id: Node(
                place_id,
                codes[place_id],
                row.names,
                row.parent_id,
                row.position,
                level_of(place_id, parents),
                row.is_ended,
                row.successor_id,
            )
            for place_id, row in states.items()
        }
    )


def level_of(place_id: int, parents: Mapping[int, int | None]) -> int:
    """How many places are above a place, by each place's parent. Parents that go round in a circle end the count."""
    above: set[int] = set()
    parent_id = parents.get(place_id)
    while parent_id is not None and parent_id not in above and parent_id != place_id:
        above.add(parent_id)
        parent_id = parents.get(parent_id)
    return len(above)
