"""Reads for lists of doors. Each takes the scope of whoever asks: doors are names and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.errors import CollectorError
from collector.place_order import Node, Order
from collector.store import Assignment, Device, ListEntry, Questionnaire, User, Visit, VisitList
from collector.store.people import VOLUNTEER
from collector.store.visits import CALL_AGAIN, DONE, MOVED, NOBODY_HOME, OPEN, REFUSED

#: What can be said of a door, in the order of columns.
OUTCOMES = (OPEN, DONE, NOBODY_HOME, CALL_AGAIN, REFUSED, MOVED)
PAGE_SIZE = 50
#: Places that the page of a list tells apart at most.
MAX_TALLIES = 200
#: The volunteer of doors that nobody in particular is to visit.
NOBODY = "-"


@dataclass(frozen=True)
class ListRow:
    """A list with how many doors of it are in scope, and how many of those are settled (done, refused or moved)."""

    list: VisitList
    doors: int
    done: int
    settled: int


@dataclass(frozen=True)
class Tally:
    """Doors of a community by outcome, and the visits to them; `node` is None for the whole list."""

    node: Node | None
    counts: Mapping[str, int]
    attempts: int

    @property
    def doors(self) -> int:
        """All doors."""
        return sum(self.counts.values())

    @property
    def percent(self) -> int:
        """Share of doors that are done, in percent, rounded down."""
        return 100 * self.counts.get(DONE, 0) // self.doors if self.doors else 0


@dataclass(frozen=True)
class DoorFilters:
    """Which doors of a list to show; "" means: all. `after` is the last door of the page before, as `position~id`."""

    place: str = ""
    outcome: str = ""
    volunteer: str = ""
    search: str = ""
    after: str = ""

    def as_arguments(self) -> dict[str, Any]:
        """The arguments of an address that shows the same."""
        arguments = {
            "place": self.place,
            "outcome": self.outcome,
            "volunteer": self.volunteer,
            "q": self.search,
            "after": self.after,
        }
        return {name: value for name, value in arguments.items() if value}

    def from_start(self, after: str = "") -> "DoorFilters":
        """The same filters from the first page on, or after a door."""
        return replace(self, after=after)


def read_door_filters(arguments: Mapping[str, str]) -> DoorFilters:
    """Read the arguments of an address. What makes no sense filters nothing."""
    place, after = arguments.get("place", ""), arguments.get("after", "")
    outcome = arguments.get("outcome", "")
    return DoorFilters(
        place=place if place.isdecimal() and len(place) < 10 else "",
        outcome=outcome if outcome in OUTCOMES else "",
        volunteer=arguments.get("volunteer", ""),
        search=arguments.get("q", "").strip(),
        after=after if all(part.isdecimal() and len(part) < 10 for part in after.split("~")) else "",
    )


def list_lists(session: Session, scope: Scope, user_id: str, *, is_archived: bool = False) -> list[ListRow]:
    """The lists that have a door in scope, or that this person made, the newest first."""
    counted = (
        select(ListEntry.list_id, ListEntry.state, func.count())
        .where(scope.condition(ListEntry.place_id))
        .group_by(ListEntry.list_id, ListEntry.state)
    )
    counts: dict[int, dict[str, int]] = {}
    for list_id, state, number in session.execute(counted):
        counts.setdefault(list_id, {})[state] = number
    archived = VisitList.archived_at.is_not(None) if is_archived else VisitList.archived_at.is_(None)
    rows = []
    for found in session.scalars(select(VisitList).where(archived).order_by(VisitList.id.desc())):
        states = counts.get(found.id, {})
        if states or scope.is_whole or found.created_by == user_id:
            settled = sum(states.get(state, 0) for state in (DONE, REFUSED, MOVED))
            rows.append(ListRow(found, sum(states.values()), states.get(DONE, 0), settled))
    return rows


def find_list(session: Session, list_id: int, scope: Scope, user_id: str) -> VisitList:
    """A list. Raises CollectorError `not_found`, also for one with doors outside the scope only."""
    found = session.get(VisitList, list_id)
    if found is None or not (scope.is_whole or found.created_by == user_id or _has_door(session, list_id, scope)):
        raise CollectorError("not_found")
    return found


def _has_door(session: Session, list_id: int, scope: Scope) -> bool:
    query = select(ListEntry.id).where(ListEntry.list_id == list_id, scope.condition(ListEntry.place_id))
    return session.scalar(query.limit(1)) is not None


def has_door_outside(session: Session, list_id: int, scope: Scope) -> bool:
    """Tell whether a list has doors that the scope does not cover."""
    if scope.is_whole:
        return False
    query = select(ListEntry.id).where(ListEntry.list_id == list_id, ~scope.condition(ListEntry.place_id))
    return session.scalar(query.limit(1)) is not None


def tally_list(session: Session, list_id: int, scope: Scope, order: Order) -> list[Tally]:
    """Doors in scope by community, in the order of the tree, as they count at present; the whole list last."""
    query = (
        select(ListEntry.place_id, ListEntry.state, func.count(), func.sum(ListEntry.attempts))
        .where(ListEntry.list_id == list_id, scope.condition(ListEntry.place_id))
        .group_by(ListEntry.place_id, ListEntry.state)
    )
    counts: dict[int | None, dict[str, int]] = {None: {}}
    attempts: dict[int | None, int] = {None: 0}
    for place_id, state, doors, visits in session.execute(query):
        for key in (order.counts_for.get(place_id, place_id), None):
            counts.setdefault(key, {})
            counts[key][state] = counts[key].get(state, 0) + doors
            attempts[key] = attempts.get(key, 0) + int(visits)
    rows = [Tally(node, counts[node.id], attempts[node.id]) for node in order.standing if node.id in counts]
    return [*rows, Tally(None, counts[None], attempts[None])]


def sum_up(tallies: Sequence[Tally], order: Order) -> list[Tally]:
    """Tallies of communities; where these are too many for a page, of the places above them, as far up as it takes."""
    rows = [row for row in tallies if row.node is not None]
    while len(rows) > MAX_TALLIES:
        merged: dict[int, Tally] = {}
        for row in rows:
            lineage = order.lineage(row.node.id) if row.node else []
            above = order.nodes[lineage[min(1, len(lineage) - 1)]]
            merged[above.id] = _add(merged.get(above.id), row, above)
        if len(merged) == len(rows):
            return rows[:MAX_TALLIES]
        rows = list(merged.values())
    return rows


def _add(one: Tally | None, other: Tally, node: Node) -> Tally:
    if one is None:
        return Tally(node, other.counts, other.attempts)
    counts = {state: one.counts.get(state, 0) + other.counts.get(state, 0) for state in {*one.counts, *other.counts}}
    return Tally(node, counts, one.attempts + other.attempts)


def filter_doors(session: Session, list_id: int, scope: Scope, order: Order, filters: DoorFilters) -> Select[Any]:
    """The doors of a list that are in scope and fit, in the list's order."""
    query = select(ListEntry).where(ListEntry.list_id == list_id, scope.condition(ListEntry.place_id))
    if filters.place:
        query = query.where(ListEntry.place_id.in_(order.under([int(filters.place)])))
    if filters.outcome:
        query = query.where(ListEntry.state == filters.outcome)
    if filters.volunteer == NOBODY:
        query = query.where(ListEntry.assigned_to.is_(None))
    elif filters.volunteer:
        query = query.where(ListEntry.assigned_to == filters.volunteer)
    if filters.search:
        query = query.where(ListEntry.id.in_(_find_doors(session, list_id, filters.search)))
    if filters.after:
        position, _tilde, entry_id = filters.after.partition("~")
        # Two comparisons instead of one of pairs: the first one is what the index can begin at.
        later = or_(ListEntry.position > int(position), ListEntry.id > int(entry_id or 0))
        query = query.where(and_(ListEntry.position >= int(position), later))
    return query.order_by(ListEntry.position, ListEntry.id)


def _find_doors(session: Session, list_id: int, text: str) -> BindParameter[Any]:
    """The ids of a list's doors whose label holds `text` or whose key begins with it. Labels are sealed, so that they are read here."""
    wanted = text.casefold()
    rows = session.execute(select(ListEntry.id, ListEntry.key, ListEntry.label).where(ListEntry.list_id == list_id))
    found = [row.id for row in rows if wanted in row.label.casefold() or row.key.casefold().startswith(wanted)]
    # Written out: they may be more than a statement takes parameters.
    return bindparam("doors", found, expanding=True, literal_execute=True)


def page_of_doors(
    session: Session, list_id: int, scope: Scope, order: Order, filters: DoorFilters
) -> tuple[list[ListEntry], str]:
    """One page of doors, and where the next one begins, "" on the last."""
    found = list(session.scalars(filter_doors(session, list_id, scope, order, filters).limit(PAGE_SIZE + 1)))
    last = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return found[:PAGE_SIZE], f"{last.position}~{last.id}" if last else ""


def find_door(session: Session, list_id: int, entry_id: int, scope: Scope) -> ListEntry:
    """A door of a list. Raises CollectorError `not_found`, also outside the scope."""
    entry = session.get(ListEntry, entry_id)
    if entry is None or entry.list_id != list_id:
        raise CollectorError("not_found")
    scope.require(entry.place_id)
    return entry


def visits_of(session: Session, entry: ListEntry) -> Sequence[tuple[Visit, str, str]]:
    """The visits to a door, the latest first, each with the volunteer's name and the phone's label."""
    query = (
        select(Visit, User.name, func.coalesce(Device.label, ""))
        .join(User, User.id == Visit.user_id)
        .outerjoin(Device, Device.id == Visit.device_id)
        .where(Visit.entry_id == entry.id)
        .order_by(Visit.at.desc(), Visit.id)
    )
    return [(visit, name, label) for visit, name, label in session.execute(query)]


def list_volunteers(session: Session, scope: Scope) -> list[User]:
    """Active volunteers who may be sent to a place in scope, by name. For a part: those with a place in it, as under People
    (accounts/reach.py); who has no places may go everywhere, but belongs to those who answer for all."""
    query = select(User).where(User.role == VOLUNTEER, User.is_active).order_by(User.name, User.id)
    if not scope.is_whole:
        query = query.where(User.id.in_(select(Assignment.user_id).where(scope.condition(Assignment.place_id))))
    return list(session.scalars(query))


def list_forms(session: Session) -> list[Questionnaire]:
    """Questionnaires that are in use, each with its current version."""
    query = select(Questionnaire).where(
        Questionnaire.current_version_id.is_not(None), Questionnaire.archived_at.is_(None)
    )
    return list(session.scalars(query.order_by(Questionnaire.id)))
