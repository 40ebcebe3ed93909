"""How far from its place a response was filled in."""

from collections.abc import Iterable
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.geometry import distance_m, point_distance_m
from collector.store import PlaceBoundary, Response
from collector.store.derived import Measures

#: A place without a boundary is where the middle of its latest responses' points lies: how many are looked at, and how many it takes.
LATEST, ENOUGH_POINTS = 200, 10

#: Place, latitude and longitude in degrees.
Spot = tuple[int, float, float]


def distances(session: Session, spots: Iterable[Spot]) -> dict[Spot, int]:
    """Metres from each point to its place: 0 inside its boundary. A place without boundary and with too few points has none."""
    wanted = set(spots)
    if not wanted:
        return {}
    ids = {place_id for place_id, *_ in wanted}
    drawn = select(PlaceBoundary.place_id, PlaceBoundary.geometry).where(PlaceBoundary.place_id.in_(ids))
    boundaries = {row.place_id: row.geometry for row in session.execute(drawn)}
    middles = {place_id: middle(session, place_id) for place_id in ids - boundaries.keys()}
    found = {}
    for place_id, latitude, longitude in wanted:
        if place_id in boundaries:
            found[place_id, latitude, longitude] = distance_m(boundaries[place_id], latitude, longitude)
        elif (at := middles[place_id]) is not None:
            found[place_id, latitude, longitude] = point_distance_m(*at, latitude, longitude)
    return found


def middle(session: Session, place_id: int) -> tuple[float, float] | None:
    """The medians of latitude and longitude of the place's latest points; None where there are too few."""
    latest = (
        select(Response.id)
        .where(Response.place_id == place_id)
        .order_by(Response.received_at.desc(), Response.id.desc())
        .limit(LATEST)
        .subquery()
    )
    points = session.execute(
        select(Measures.latitude, Measures.longitude)
        .join(latest, latest.c.id == Measures.response_id)
        .where(Measures.latitude.is_not(None))
    ).all()
    if len(points) < ENOUGH_POINTS:
        return None
    return median(row.latitude for row in points), median(row.longitude for row in points)
