"""The part of the tree of places that a volunteer's phone keeps, as it stands at present."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from collector.place_order import Node, Order, read_order
from collector.store import User


@dataclass(frozen=True)
class PhonePlaces:
    """The tree of today, seen by somebody to whom the places `assigned` (ids; none: all) are assigned."""

    order: Order
    assigned: frozenset[int]

    @cached_property
    def place_ids(self) -> frozenset[int] | None:
        """Ids of the places whose responses and doors are theirs, ended places too; None: all."""
        return self.order.under(self.assigned) if self.assigned else None

    @cached_property
    def mine(self) -> Sequence[Node]:
        """Their communities. A place that has ended is followed to where it counts."""
        return self._in_order(
            node for node in self.order.communities if self.place_ids is None or node.id in self.place_ids
        )

    def code_of(self, place_id: int | None) -> str | None:
        """The code of the standing place that `place_id` counts for; None if there is none."""
        standing = self.order.counts_for.get(place_id) if place_id is not None else None
        return self.order.nodes[standing].code if standing is not None else None

    def entries(self, others: Iterable[int]) -> list[dict[str, Any]]:
        """Their communities, those that `others` (ids) count for, and all above them, as the phone keeps them, the highest first."""
        wanted = {node.id for node in self.mine}
        wanted |= {self.order.counts_for[place_id] for place_id in others if place_id in self.order.counts_for}
        needed = {above for place_id in wanted for above in self.order.lineage(place_id)}
        return [self._entry(node) for node in self._in_order(self.order.nodes[place_id] for place_id in needed)]

    def _entry(self, node: Node) -> dict[str, Any]:
        above = self.order.lineage(node.id)[1:2]
        parent = self.order.nodes[above[0]].code if above else None
        return {"code": node.code, "names": dict(node.names), "parent": parent, "level": node.level}

    @staticmethod
    def _in_order(nodes: Iterable[Node]) -> Sequence[Node]:
        return sorted(nodes, key=lambda node: (node.level, node.position, node.id))


def phone_places(session: Session, user: User) -> PhonePlaces:
    """The places as `user`'s phone is to have them."""
    return PhonePlaces(read_order(session), frozenset(assignment.place_id for assignment in user.assignments))
