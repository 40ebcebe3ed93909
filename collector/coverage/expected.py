"""The communities whose targets somebody may set, and what is expected of each now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.coverage.queries import list_goals
from collector.coverage.targets import Goal
from collector.place_order import Node, Order, read_order


@dataclass(frozen=True)
class Expected:
    """Communities by the place above them, their present targets, and the ended places by the community that they count for."""

    groups: Sequence[tuple[str, Sequence[Node]]]
    goals: Mapping[int, Goal | None]
    former: Mapping[int, Sequence[int]]

    @property
    def by_code(self) -> dict[str, int]:
        """Ids of the communities by their codes."""
        return {node.code: node.id for _name, nodes in self.groups for node in nodes}

    def former_of(self, place_ids: Sequence[int]) -> list[int]:
        """Ids of the ended places that count for these communities."""
        return [former for place_id in place_ids for former in self.former.get(place_id, ())]


def read_expected(session: Session, questionnaire_id: int, scope: Scope, language: str) -> Expected:
    """What is expected of the communities of a scope."""
    order = read_order(session)
    given = list_goals(session, [questionnaire_id])
    communities = [node for node in order.communities if scope.covers(node.id)]
    former: dict[int, list[int]] = {}
    for place_id, end in order.counts_for.items():
        if place_id != end:
            former.setdefault(end, []).append(place_id)
    goals = {
        node.id: put_together([goal for id_ in (node.id, *former.get(node.id, ())) for goal in given.get(id_, ())])
        for node in communities
    }
    return Expected(group_by_parent(order, communities, language), goals, former)


def put_together(goals: Sequence[Goal]) -> Goal | None:
    """One target of those of a community and of the places that became part of it: numbers added up, the widest period, the highest
    priority."""
    if len(goals) < 2:
        return goals[0] if goals else None
    starts = [goal.starts_on for goal in goals]
    ends = [goal.ends_on for goal in goals]
    return Goal(
        sum(goal.expected for goal in goals),
        min((day for day in starts if day), default=None) if all(starts) else None,
        max((day for day in ends if day), default=None) if all(ends) else None,
        max(goal.priority for goal in goals),
    )


def group_by_parent(order: Order, communities: Sequence[Node], language: str) -> list[tuple[str, list[Node]]]:
    """Communities under the names of the places above them, in the order of the tree."""
    groups: dict[int | None, list[Node]] = {}
    for node in communities:
        groups.setdefault(node.parent_id, []).append(node)
    names = {node.id: node.name(language) for node in order.nodes.values()}
    return [(names.get(parent_id or 0, ""), nodes) for parent_id, nodes in groups.items()]
