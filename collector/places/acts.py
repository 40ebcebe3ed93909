"""What changes a place: an act writes the place as it is from now on, and beside it a state with the day from which it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.store import Place, PlaceState
from collector.store.people import new_id
from collector.store.places import ALWAYS

ADDED, RENAMED, MOVED, MERGED, SPLIT, ENDED = "added", "renamed", "moved", "merged", "split", "ended"


@dataclass(frozen=True)
class Act:
    """One act of somebody: from which day it holds, and who does it. All states that it writes carry its id."""

    since: date = ALWAYS
    by: str | None = None
    id: str = field(default_factory=new_id)


def put_place(
    session: Session,
    act: Act,
    *,
    code: str,
    names: Mapping[str, str],
    parent: Place | None = None,
    note: str = "",
    position: int | None = None,
) -> Place:
    """Add a place with its first state; last among its siblings without a `position`. Gives the flushed place."""
    if position is None:
        position = next_position(session, parent)
    place = Place(
        code=code,
        names=dict(names),
        parent_id=parent.id if parent else None,
        level=parent.level + 1 if parent else 0,
        position=position,
        note=note,
    )
    session.add(place)
    session.flush()
    note_state(session, act, place, ADDED)
    return place


def next_position(session: Session, parent: Place | None) -> int:
    """The position behind all that are under `parent`, or at the top."""
    siblings = select(func.max(Place.position)).where(Place.parent_id == (parent.id if parent else None))
    return (session.scalar(siblings) or 0) + 1


def change_place(session: Session, act: Act, place: Place, change: str, **values: Any) -> None:
    """Give a place new values (names, parent_id, position, ended_on, successor_id) and note the state that this makes."""
    for name, value in values.items():
        setattr(place, name, value)
    note_state(session, act, place, change)
    session.flush()


def note_state(session: Session, act: Act, place: Place, change: str) -> None:
    """Note how a place stands after a change."""
    session.add(
        PlaceState(
            place_id=place.id,
            since=act.since,
            parent_id=place.parent_id,
            position=place.position,
            names=dict(place.names),
            is_ended=place.ended_on is not None,
            successor_id=place.successor_id,
            change=change,
            act_id=act.id,
            made_by=act.by,
        )
    )


def set_levels(session: Session, place: Place, level: int) -> None:
    """Give a place and all places under it their levels, `level` for the place itself."""
    seen = {place.id}
    rows = [place]
    while rows:
        for row in rows:
            row.level = level
        session.flush()
        level += 1
        under = select(Place).where(Place.parent_id.in_([row.id for row in rows]))
        rows = [row for row in session.scalars(under) if row.id not in seen]
        seen |= {row.id for row in rows}


def states_of(session: Session, place_id: int) -> list[PlaceState]:
    """The states of a place, the latest first."""
    query = select(PlaceState).where(PlaceState.place_id == place_id)
    return list(session.scalars(query.order_by(PlaceState.since.desc(), PlaceState.id.desc())))


def last_day(session: Session, place_id: int) -> date:
    """The day of the last change of a place; `ALWAYS` for one that never changed."""
    query = select(func.max(PlaceState.since)).where(PlaceState.place_id == place_id)
    return session.scalar(query) or ALWAYS
