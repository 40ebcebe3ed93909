"""Progress by place, from counts, targets, the order of places and phones. Plain values in and out: no database, no request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from collector.coverage.targets import Goal, sum_expected, sum_expected_by
from collector.place_order import Node, Order


@dataclass(frozen=True)
class Count:
    """Responses: those that count; rejected ones and tests (both apart); of those that count, today's and the last week's (whatever period
    is looked at); and the arrival of the latest that counts."""

    received: int = 0
    rejected: int = 0
    tests: int = 0
    today: int = 0
    recent: int = 0
    last_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.received or self.rejected or self.tests)

    def plus(self, other: "Count") -> "Count":
        """Both together."""
        moments = [moment for moment in (self.last_at, other.last_at) if moment]
        return Count(
            self.received + other.received,
            self.rejected + other.rejected,
            self.tests + other.tests,
            self.today + other.today,
            self.recent + other.recent,
            max(moments, default=None),
        )


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

    `target` is None where none is set, `due` (how many should be in by now) where no period says so. `last_sync_at` and `waiting` are
    of the volunteers assigned to the community.
    """

    name: str
    code: str = ""
    place_id: int | None = None
    count: Count = field(default_factory=Count)
    target: int | None = None
    due: int | None = None
    priority: int = 0
    last_sync_at: datetime | None = None
    waiting: tuple[VolunteerPhones, ...] = ()
    above: str = ""

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
        """Whether nothing that counts has come in, although something is to."""
        return self.count.received == 0 and self.target != 0

    @property
    def missing(self) -> int:
        """Responses that the target still lacks."""
        return max(0, (self.target or 0) - self.count.received)

    @property
    def behind(self) -> int:
        """Responses that should be in by now and are not; 0 where no period says so."""
        return max(0, (self.due or 0) - self.count.received)

    @property
    def level(self) -> int:
        """Progress in five steps: 0 nothing, 1 begun, 2 from a third, 3 from two thirds, 4 target reached. Without a target: 0 or 1."""
        if self.count.received == 0:
            return 0
        if self.percent is None:
            return 1
        return 4 if self.percent >= 100 else 1 + self.percent * 3 // 100


@dataclass(frozen=True)
class Section:
    """Communities under one place, with all that is below it added up in `subtotal`.

    `depth` is 0 for the outermost; `direct` are responses that belong to the place itself and to none of its communities.
    """

    depth: int
    subtotal: Row
    rows: Sequence[Row]
    below: Sequence[Row]
    direct: Row | None = None

    @property
    def reached(self) -> int:
        """Communities below it with at least one response."""
        return sum(row.count.received > 0 for row in self.below)


@dataclass(frozen=True)
class Board:
    """The whole board. `rows`, the `direct` rows of the sections and `unassigned` add up to `total`."""

    sections: Sequence[Section]
    rows: Sequence[Row]
    unassigned: Row
    total: Row
    phones: Sequence[VolunteerPhones]

    @property
    def reached(self) -> int:
        """Communities with at least one response."""
        return sum(row.count.received > 0 for row in self.rows)

    @property
    def missing(self) -> list[Row]:
        """Communities without a response that are to have some."""
        return [row for row in self.rows if row.is_missing]

    @property
    def behind(self) -> list[Row]:
        """All communities, in the order in which somebody should look after them."""
        return sorted(self.rows, key=urgency)

    @property
    def lacking(self) -> int | None:
        """Responses that the targets still lack, place by place; None without a target. More in one place makes up for none in another."""
        return sum(row.missing for row in self.rows) if self.total.target is not None else None

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


def urgency(row: Row) -> tuple[bool, bool, bool, int, int]:
    """Sorts communities: those with nothing, then those behind their period, the first in priority before the others; then by percent."""
    percent = row.percent if row.percent is not None else 100
    return (not row.is_missing, not row.behind, not row.priority, -row.behind, percent)


def make_board(
    order: Order,
    language: str,
    counts: Mapping[int | None, Count],
    goals: Mapping[int, Sequence[Goal]],
    day: date,
    phones: Sequence[VolunteerPhones] = (),
    shown: frozenset[int] | None = None,
) -> Board:
    """Put the board together as of `day`.

    `counts` and `goals` by the id of the place that they were given to, None for responses without a known place; they count for the
    place that stands for it in `order`. `shown` are the ids of the places that the board is of, None: all.
    """
    summed, lost = gather(order, counts)
    wanted: dict[int, list[Goal]] = {}
    for place_id, given in goals.items():
        wanted.setdefault(order.counts_for.get(place_id, place_id), []).extend(given)
    rows: dict[int, Row] = {}
    # A volunteer is to visit a community where it, a place that counts for it now, or one above it is assigned.
    visits = [(phone, {order.counts_for.get(place_id) for place_id in phone.place_ids}) for phone in phones]
    for node in order.communities:
        if shown is None or node.id in shown:
            lineage = order.lineage(node.id)
            assigned = [phone for phone, places in visits if not places.isdisjoint(lineage)]
            parent = order.nodes.get(node.parent_id or 0)
            above = parent.name(language) if parent else ""
            rows[node.id] = community_row(
                node, language, summed.pop(node.id, Count()), wanted.get(node.id, ()), day, assigned, above
            )
    sections = list(make_sections(order, language, rows, summed))
    direct = {section.direct.place_id for section in sections if section.direct}
    lost = sum_counts([lost, *(count for place_id, count in summed.items() if place_id not in direct)])
    unassigned = Row("", count=lost)
    total = sum_rows("", [*rows.values(), *(section.direct for section in sections if section.direct), unassigned])
    return Board(sections, list(rows.values()), unassigned, total, tuple(phones))


def gather(order: Order, counts: Mapping[int | None, Count]) -> tuple[dict[int, Count], Count]:
    """Counts by the place for which they count in `order`, and those of no place that stands."""
    summed: dict[int, Count] = {}
    lost = Count()
    for place_id, count in counts.items():
        end = order.counts_for.get(place_id) if place_id is not None else None
        if end is None:
            lost = lost.plus(count)
        else:
            summed[end] = summed.get(end, Count()).plus(count)
    return summed, lost


def make_sections(
    order: Order, language: str, rows: Mapping[int, Row], direct: Mapping[int, Count]
) -> Iterable[Section]:
    """The sections in the order of the tree. A place that only holds all the others together, such as the one district, has none."""
    below: dict[int, list[Row]] = {}
    for community_id, row in rows.items():
        for place_id in order.lineage(community_id)[1:]:
            below.setdefault(place_id, []).append(row)
    alone = [rows[node.id] for node in order.children.get(None, ()) if node.id in rows]
    if alone:
        yield Section(0, sum_rows("", alone), alone, alone)
    made: set[int] = set()
    for node in order.standing:
        if node.id not in below:
            continue
        own = [rows[child.id] for child in order.children.get(node.id, ()) if child.id in rows]
        beside = direct.get(node.id, Count())
        if not own and beside.is_empty and len(below[node.id]) == len(rows):
            continue
        made.add(node.id)
        depth = sum(place_id in made for place_id in order.lineage(node.id)[1:])
        named = Row(node.name(language), node.code, node.id, beside)
        within = [
            Row("", count=direct[place_id])
            for place_id in below
            if place_id in direct and node.id in order.lineage(place_id)
        ]
        subtotal = sum_rows(named.name, [*below[node.id], *within], code=node.code, place_id=node.id)
        yield Section(depth, subtotal, own, below[node.id], None if beside.is_empty else named)


def community_row(
    node: Node,
    language: str,
    count: Count,
    goals: Sequence[Goal],
    day: date,
    assigned: Sequence[VolunteerPhones],
    above: str = "",
) -> Row:
    """The line of one community; `assigned` are the volunteers who are to visit it, `above` is the name of the place above."""
    seen = [volunteer.last_seen_at for volunteer in assigned if volunteer.last_seen_at]
    return Row(
        name=node.name(language),
        code=node.code,
        place_id=node.id,
        count=count,
        target=sum_expected(goals),
        due=sum_expected_by(goals, day),
        priority=max((goal.priority for goal in goals), default=0),
        last_sync_at=max(seen, default=None),
        waiting=tuple(volunteer for volunteer in assigned if volunteer.has_waiting),
        above=above,
    )


def sum_rows(name: str, rows: Sequence[Row], *, code: str = "", place_id: int | None = None) -> Row:
    """The subtotal or total of `rows`. Its target is None when no row has one, `due` likewise."""
    targets = [row.target for row in rows if row.target is not None]
    due = [row.due for row in rows if row.due is not None]
    seen = [row.last_sync_at for row in rows if row.last_sync_at]
    return Row(
        name=name,
        code=code,
        place_id=place_id,
        count=sum_counts(row.count for row in rows),
        target=sum(targets) if targets else None,
        due=sum(due) if due else None,
        last_sync_at=max(seen, default=None),
    )


def sum_counts(counts: Iterable[Count]) -> Count:
    """All of `counts` together."""
    total = Count()
    for count in counts:
        total = total.plus(count)
    return total
