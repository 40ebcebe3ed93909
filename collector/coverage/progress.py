"""Progress by place, from counts, targets, places and phones. Plain values in and out: no database, no request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class PlaceNode:
    """A place of the tree; `parent_id` is None at the top."""

    id: int
    code: str
    name: str
    parent_id: int | None = None


@dataclass(frozen=True)
class Count:
    """Responses of one place: those that count, those rejected (apart), and the arrival of the latest that counts."""

    received: int = 0
    rejected: int = 0
    last_at: datetime | None = None

    def plus(self, other: "Count") -> "Count":
        """Both together."""
        moments = [moment for moment in (self.last_at, other.last_at) if moment]
        return Count(self.received + other.received, self.rejected + other.rejected, max(moments, default=None))


@dataclass(frozen=True)
class VolunteerPhones:
    """What the phones of one volunteer said last.

    `place_ids` are the places assigned, each with all that is under it; without any the volunteer may visit every community.
    """

    name: str
    place_ids: frozenset[int] = frozenset()
    phones: int = 1
    last_seen_at: datetime | None = None
    waiting_responses: int = 0
    waiting_files: int = 0
    user_id: str = ""
    failed_responses: int = 0

    @property
    def has_waiting(self) -> bool:
        """Whether something is still unsent."""
        return bool(self.waiting_responses or self.waiting_files)


@dataclass(frozen=True)
class Row:
    """One line of the board: a community, a subtotal, the responses without a community, or the total.

    `target` is None where none is set. `last_sync_at` and `waiting` are of the volunteers assigned to the community.
    """

    name: str
    code: str = ""
    place_id: int | None = None
    count: Count = field(default_factory=Count)
    target: int | None = None
    last_sync_at: datetime | None = None
    waiting: tuple[VolunteerPhones, ...] = ()

    @property
    def percent(self) -> int | None:
        """Whole percent of the target, rounded down so that 100 means all; None without a target or with target 0."""
        return self.count.received * 100 // self.target if self.target else None

    @property
    def is_over(self) -> bool:
        """Whether more came in than the target asks for."""
        return bool(self.target) and self.count.received > (self.target or 0)

    @property
    def is_missing(self) -> bool:
        """Whether nothing that counts has come in."""
        return self.count.received == 0

    @property
    def level(self) -> int:
        """Progress in five steps: 0 nothing, 1 begun, 2 from a third, 3 from two thirds, 4 target reached.

        Without a target any response reaches the highest step.
        """
        if self.is_missing:
            return 0
        if self.percent is None or self.percent >= 100:
            return 4
        return 1 + self.percent * 3 // 100


@dataclass(frozen=True)
class Group:
    """Communities under one parent, with their subtotal; the subtotal's name is the parent's, "" without one."""

    subtotal: Row
    rows: Sequence[Row]

    @property
    def reached(self) -> int:
        """Communities with at least one response."""
        return sum(not row.is_missing for row in self.rows)


@dataclass(frozen=True)
class Board:
    """The whole board. The rows of `groups` and `unassigned` add up to `total`."""

    groups: Sequence[Group]
    unassigned: Row
    total: Row
    phones: Sequence[VolunteerPhones]

    @property
    def rows(self) -> list[Row]:
        """All communities."""
        return [row for group in self.groups for row in group.rows]

    @property
    def reached(self) -> int:
        """Communities with at least one response."""
        return sum(group.reached for group in self.groups)

    @property
    def missing(self) -> list[Row]:
        """Communities without a response."""
        return [row for row in self.rows if row.is_missing]

    @property
    def waiting_phones(self) -> list[VolunteerPhones]:
        """Volunteers whose phones still hold something unsent."""
        return [phones for phones in self.phones if phones.has_waiting]

    @property
    def waiting_responses(self) -> int:
        """Finished responses that phones still hold."""
        return sum(phones.waiting_responses for phones in self.phones)

    @property
    def waiting_files(self) -> int:
        """Files that phones still hold."""
        return sum(phones.waiting_files for phones in self.phones)


def make_board(
    places: Sequence[PlaceNode],
    counts: Mapping[int | None, Count],
    targets: Mapping[int, int],
    phones: Sequence[VolunteerPhones] = (),
) -> Board:
    """Put the board together.

    `places` in the order of the board; communities are those with nothing under them. `counts` by place id, None for
    responses without a known place; what was counted at a place that is no community is in the unassigned row too.
    """
    by_id = {place.id: place for place in places}
    parents = {place.parent_id for place in places if place.parent_id is not None}
    communities = [place for place in places if place.id not in parents]
    members: dict[int | None, list[Row]] = {place.id: [] for place in places}
    for place in communities:
        parent_id = place.parent_id if place.parent_id in by_id else None
        assigned = [volunteer for volunteer in phones if volunteer.place_ids & lineage(place, by_id)]
        row = community_row(place, counts.get(place.id, Count()), targets.get(place.id), assigned)
        members.setdefault(parent_id, []).append(row)
    groups = [
        Group(sum_rows(by_id[parent_id].name if parent_id is not None else "", rows), tuple(rows))
        for parent_id, rows in members.items()
        if rows
    ]
    known = {place.id for place in communities}
    unassigned = Row("", count=sum_counts(count for place_id, count in counts.items() if place_id not in known))
    total = sum_rows("", [*(group.subtotal for group in groups), unassigned])
    return Board(groups, unassigned, total, tuple(phones))


def lineage(place: PlaceNode, by_id: Mapping[int, PlaceNode]) -> set[int]:
    """The ids of a place and of all places above it."""
    ids: set[int] = set()
    above: PlaceNode | None = place
    while above is not None and above.id not in ids:
        ids.add(above.id)
        above = by_id.get(above.parent_id) if above.parent_id is not None else None
    return ids


def community_row(place: PlaceNode, count: Count, target: int | None, assigned: Sequence[VolunteerPhones]) -> Row:
    """The line of one community; `assigned` are the volunteers who are to visit it."""
    seen = [volunteer.last_seen_at for volunteer in assigned if volunteer.last_seen_at]
    return Row(
        name=place.name,
        code=place.code,
        place_id=place.id,
        count=count,
        target=target,
        last_sync_at=max(seen, default=None),
        waiting=tuple(volunteer for volunteer in assigned if volunteer.has_waiting),
    )


def sum_rows(name: str, rows: Sequence[Row]) -> Row:
    """The subtotal or total of `rows`. Its target is None when no row has one."""
    targets = [row.target for row in rows if row.target is not None]
    seen = [row.last_sync_at for row in rows if row.last_sync_at]
    return Row(
        name=name,
        count=sum_counts(row.count for row in rows),
        target=sum(targets) if targets else None,
        last_sync_at=max(seen, default=None),
    )


def sum_counts(counts: Iterable[Count]) -> Count:
    """All of `counts` together."""
    total = Count()
    for count in counts:
        total = total.plus(count)
    return total
