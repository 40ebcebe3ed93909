"""Taking back the last act on a place: all that it changed, on all places, stands as before."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.journal import record
from collector.place_order import read_order
from collector.places.acts import ADDED, set_levels, states_of
from collector.places.operations import require_standing
from collector.store import Assignment, ListEntry, Place, PlaceBoundary, PlaceState, Response, Target

#: What may name a place so that it cannot vanish again.
USERS = (
    Response.place_id,
    Assignment.place_id,
    Target.place_id,
    ListEntry.place_id,
    Place.parent_id,
    Place.successor_id,
)


def last_act(session: Session, place: Place) -> list[PlaceState]:
    """The states that the last act on a place wrote, on all places, in the order in which they were written."""
    states = states_of(session, place.id)
    if not states or not states[0].act_id:
        return states[:1]
    return list(
        session.scalars(select(PlaceState).where(PlaceState.act_id == states[0].act_id).order_by(PlaceState.id))
    )


def undo_last_act(session: Session, place: Place, *, by: str | None) -> int:
    """Take the last act on a place back. Gives how many places stand otherwise now; places that it added are gone.

    Raises CollectorError `place_nothing_before` for a place that was there from the start, `place_changed_since` where one of the places
    was changed since, `place_in_use` where one that would vanish is named already, `place_not_standing` where the place above is no more.
    """
    act = last_act(session, place)
    if not act or not act[0].act_id:
        raise CollectorError("place_nothing_before")
    places = {
        row.id: row for row in session.scalars(select(Place).where(Place.id.in_({state.place_id for state in act})))
    }
    place_id, act_id, count = place.id, act[0].act_id, len(places)
    for row in places.values():
        if states_of(session, row.id)[0].act_id != act_id:
            raise CollectorError("place_changed_since", place=row.code)
    added = {state.place_id for state in act if state.change == ADDED}
    for state in reversed(act):
        session.delete(state)
    session.flush()
    kept = [row for row in places.values() if row.id not in added]
    for row in kept:
        _restore(session, row)
    for row in kept:
        _settle(session, row)
    _remove(session, [places[id_] for id_ in added])
    record(session, "place.undo", str(place_id), user_id=by, places=count)
    return count


def _restore(session: Session, place: Place) -> None:
    """Make a place what its latest state says."""
    states = states_of(session, place.id)
    place.names = dict(states[0].names)
    place.parent_id, place.position = states[0].parent_id, states[0].position
    place.successor_id = states[0].successor_id
    place.ended_on = states[0].since if states[0].is_ended else None
    session.flush()


def _settle(session: Session, place: Place) -> None:
    """Give a restored place its level. Raises CollectorError where it would hang on nothing, or on itself."""
    parent = session.get(Place, place.parent_id) if place.parent_id else None
    if parent is not None and place.ended_on is None:
        order = read_order(session)
        require_standing(order, parent)
        if place.id in order.lineage(parent.id):
            raise CollectorError("place_in_circle", place=parent.code)
    set_levels(session, place, parent.level + 1 if parent else 0)


def _remove(session: Session, places: Iterable[Place]) -> None:
    """Delete places that were added, the lowest first. Raises CollectorError `place_in_use`."""
    for place in sorted(places, key=lambda row: (-row.level, -row.id)):
        if is_used(session, place):
            raise CollectorError("place_in_use", place=place.code)
        boundary = session.get(PlaceBoundary, place.id)
        if boundary is not None:
            session.delete(boundary)
            session.flush()
        session.delete(place)
        session.flush()


def is_used(session: Session, place: Place) -> bool:
    """Tell whether anything names a place."""
    return any(session.scalar(select(column).where(column == place.id).limit(1)) is not None for column in USERS)
