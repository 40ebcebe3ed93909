"""The tree of places as checkboxes: what can be chosen, what is chosen, and what is assigned outside of the reader's part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collector.accounts.scope import Scope
from collector.place_order import Node, Order


@dataclass(frozen=True)
class Branch:
    """A place to choose, with those under it. `chosen` and `communities` are numbers, of itself and all below."""

    id: int
    name: str
    branches: Sequence["Branch"]
    is_chosen: bool
    chosen: int
    communities: int

    @property
    def leaves(self) -> Sequence["Branch"]:
        """Places directly under it that have none below."""
        return [branch for branch in self.branches if not branch.branches]

    @property
    def groups(self) -> Sequence["Branch"]:
        """Places directly under it that have others below."""
        return [branch for branch in self.branches if branch.branches]


@dataclass(frozen=True)
class PlaceTree:
    """What a page with these checkboxes shows: the topmost places of the reader's part, and names of chosen places outside of it."""

    branches: Sequence[Branch]
    ids: frozenset[int]
    outside: Sequence[str]


def make_tree(order: Order, scope: Scope, chosen: Iterable[int], language: str) -> PlaceTree:
    """The standing places of `scope` as a tree; `chosen` are ids, of ended places too: those count as what follows them."""
    wanted = {order.follower(place_id) for place_id in chosen}
    visible = {node.id for node in order.standing if scope.covers(node.id)}

    def grow(node: Node) -> Branch:
        branches = [grow(child) for child in order.children.get(node.id, ())]
        is_chosen = node.id in wanted
        return Branch(
            node.id,
            node.name(language),
            branches,
            is_chosen,
            is_chosen + sum(branch.chosen for branch in branches),
            sum(branch.communities for branch in branches) or 1,
        )

    # All that lies under a place of a scope is in it too, so that its topmost places are those with nothing of it above.
    tops = [node for node in order.standing if node.id in visible and not visible & set(order.lineage(node.id)[1:])]
    outside = [order.nodes[place_id].name(language) for place_id in sorted(wanted & set(order.nodes) - visible)]
    return PlaceTree([grow(node) for node in tops], frozenset(visible), outside)


def topmost(order: Order, place_ids: Iterable[int]) -> set[int]:
    """`place_ids` without those that lie under another of them: the upper one says it all."""
    wanted = set(place_ids)
    return {
        place_id for place_id in wanted if place_id not in order.nodes or not wanted & set(order.lineage(place_id)[1:])
    }


def merged_choice(order: Order, scope: Scope, before: Iterable[int], chosen: Iterable[int]) -> set[int]:
    """What somebody is assigned to after a reader with `scope` chose: the choice, and what lies outside of their part as before."""
    return topmost(order, {*chosen} | {place_id for place_id in before if not scope.covers(place_id)})
