"""Writes to the tree of places. Each raises CollectorError with what to do where the tree would not make sense, and flushes.

A response keeps the code that it was given: nothing here touches responses, and a code never changes or comes back for another place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.journal import record
from collector.place_order import Order, read_order
from collector.places.acts import (
    ENDED,
    MERGED,
    MOVED,
    RENAMED,
    SPLIT,
    Act,
    change_place,
    last_day,
    next_position,
    put_place,
    set_levels,
)
from collector.store import Place
from collector.store.places import ALWAYS


@dataclass(frozen=True)
class Part:
    """A place that comes of a split."""

    code: str
    names: Mapping[str, str]


def add_place(
    session: Session,
    *,
    code: str,
    names: Mapping[str, str],
    parent: Place | None = None,
    since: date = ALWAYS,
    note: str = "",
    position: int | None = None,
    by: str | None = None,
) -> Place:
    """Add a place that stands from the day `since`. Gives the flushed place.

    Raises CollectorError `place_code_taken`, `place_not_standing`.
    """
    require_free(session, [code])
    if parent is not None:
        require_standing(read_order(session, since), parent)
    act = Act(since, by)
    place = put_place(session, act, code=code, names=names, parent=parent, note=note, position=position)
    record(session, "place.add", str(place.id), user_id=by, code=code, since=since.isoformat())
    return place


def rename_place(session: Session, place: Place, names: Mapping[str, str], since: date, *, by: str | None) -> None:
    """Call a place otherwise from a day on. Raises CollectorError `place_same`, `place_ended`, `place_day_early`."""
    require_changeable(session, place, since)
    if dict(names) == dict(place.names):
        raise CollectorError("place_same")
    change_place(session, Act(since, by), place, RENAMED, names=dict(names))
    record(session, "place.rename", str(place.id), user_id=by, since=since.isoformat())


def move_place(session: Session, place: Place, parent: Place | None, since: date, *, by: str | None) -> None:
    """Put a place, with all that is under it, under another one, or at the top.

    Raises CollectorError `place_same`, `place_in_circle`, `place_not_standing`, `place_ended`, `place_day_early`.
    """
    require_changeable(session, place, since)
    if (parent.id if parent else None) == place.parent_id:
        raise CollectorError("place_same")
    _move(session, Act(since, by), place, parent)
    record(session, "place.move", str(place.id), user_id=by, since=since.isoformat(), to=parent.id if parent else None)


def merge_place(session: Session, place: Place, into: Place, since: date, *, by: str | None) -> None:
    """End a place; its responses count for `into` from that day on, and the places under it move there.

    Raises CollectorError `place_in_circle`, `place_not_standing`, `place_ended`, `place_day_early`.
    """
    require_changeable(session, place, since)
    require_outside(session, place, into, since)
    act = Act(since, by)
    moved = children_of(session, place)
    for child in moved:
        require_changeable(session, child, since)
        _move(session, act, child, into)
    change_place(session, act, place, MERGED, ended_on=since, successor_id=into.id)
    record(session, "place.merge", str(place.id), user_id=by, since=since.isoformat(), into=into.id, moved=len(moved))


def split_place(
    session: Session, place: Place, parts: Sequence[Part], heir: int | None, since: date, *, by: str | None
) -> list[Place]:
    """End a place and make new ones in its stead, beside each other where it was. Gives them.

    `heir` is the index of the part that its earlier responses count for; None: they count for the place above it.
    Raises CollectorError `place_split_needs_two`, `place_code_taken`, `place_has_places`, `place_ended`, `place_day_early`.
    """
    require_changeable(session, place, since)
    if len(parts) < 2:
        raise CollectorError("place_split_needs_two")
    require_free(session, [part.code for part in parts])
    require_no_places(session, place)
    act = Act(since, by)
    parent = session.get(Place, place.parent_id) if place.parent_id else None
    made = [
        put_place(session, act, code=part.code, names=part.names, parent=parent, position=place.position)
        for part in parts
    ]
    change_place(session, act, place, SPLIT, ended_on=since, successor_id=None if heir is None else made[heir].id)
    codes = [part.code for part in parts]
    record(session, "place.split", str(place.id), user_id=by, since=since.isoformat(), codes=codes)
    return made


def end_place(session: Session, place: Place, since: date, *, by: str | None) -> None:
    """End a place without a successor: its responses count for the place above it.

    Raises CollectorError `place_has_places`, `place_ended`, `place_day_early`.
    """
    require_changeable(session, place, since)
    require_no_places(session, place)
    change_place(session, Act(since, by), place, ENDED, ended_on=since, successor_id=None)
    record(session, "place.end", str(place.id), user_id=by, since=since.isoformat())


def _move(session: Session, act: Act, place: Place, parent: Place | None) -> None:
    if parent is not None:
        require_outside(session, place, parent, act.since)
    position = next_position(session, parent)
    change_place(session, act, place, MOVED, parent_id=parent.id if parent else None, position=position)
    set_levels(session, place, parent.level + 1 if parent else 0)


def children_of(session: Session, place: Place) -> list[Place]:
    """The places that stand directly under a place, in their order."""
    query = select(Place).where(Place.parent_id == place.id, Place.ended_on.is_(None))
    return list(session.scalars(query.order_by(Place.position, Place.code)))


def require_changeable(session: Session, place: Place, since: date) -> None:
    """Raises CollectorError `place_ended` for a former place, `place_day_early` for a day before its last change."""
    if place.ended_on is not None:
        raise CollectorError("place_ended", place=place.code)
    last = last_day(session, place.id)
    if since < last:
        raise CollectorError("place_day_early", day=last.isoformat())


def require_free(session: Session, codes: Sequence[str]) -> None:
    """Raises CollectorError `place_code_taken` for a code that a place has or had, or that stands twice in `codes`."""
    taken = set(session.scalars(select(Place.code).where(Place.code.in_(codes))))
    for index, code in enumerate(codes):
        if code in taken or code in codes[:index]:
            raise CollectorError("place_code_taken", place=code)


def require_standing(order: Order, place: Place) -> None:
    """Raises CollectorError `place_not_standing` for a place that has ended, or is not yet there in the order of that day."""
    node = order.nodes.get(place.id)
    if place.ended_on is not None or node is None or node.is_ended:
        raise CollectorError("place_not_standing", place=place.code)


def require_outside(session: Session, place: Place, other: Place, since: date) -> None:
    """Raises CollectorError `place_in_circle` for an `other` that is the place or under it, `place_not_standing` if it is not there."""
    for order in (read_order(session, since), read_order(session)):
        require_standing(order, other)
        if place.id in order.lineage(other.id):
            raise CollectorError("place_in_circle", place=other.code)


def require_no_places(session: Session, place: Place) -> None:
    """Raises CollectorError `place_has_places` for a place with others under it."""
    count = len(children_of(session, place))
    if count:
        raise CollectorError("place_has_places", place=place.code, count=count)
