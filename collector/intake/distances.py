"""How far from its place a response was filled in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from statistics import median
from time import monotonic
from typing import Any

from sqlalchemy import bindparam, cast, null, select
from sqlalchemy.orm import Session

from collector.geometry import distance_m, point_distance_m
from collector.store import PlaceBoundary, Response
from collector.store.bulk import among
from collector.store.derived import Measures

#: A place without a boundary is where the middle of its latest responses' points lies: how many are looked at, and how many it takes.
LATEST, ENOUGH_POINTS = 200, 10
#: Seconds for which a middle is used again: it moves by little from one response to the next. How many are kept at most.
KEPT_S, MOST_KEPT = 60, 10_000

#: Place, latitude and longitude in degrees.
Spot = tuple[int, float, float]


_BOUNDARIES, _RESPONSES, _MEASURES = PlaceBoundary.__table__.c, Response.__table__.c, Measures.__table__.c
#: The boundaries of places, and which places the responses `newest` are of (those rows have no boundary).
KNOWN = (
    select(_BOUNDARIES.place_id, _BOUNDARIES.geometry, cast(null(), _RESPONSES.id.type).label("response_id"))
    .where(among(_BOUNDARIES.place_id, "ids"))
    .union_all(
        select(_RESPONSES.place_id, cast(null(), _BOUNDARIES.geometry.type), _RESPONSES.id).where(
            among(_RESPONSES.id, "newest")
        )
    )
)
POINTS = (
    select(_RESPONSES.id, _MEASURES.latitude, _MEASURES.longitude)
    .select_from(Response.__table__.outerjoin(Measures.__table__, _MEASURES.response_id == _RESPONSES.id))
    .where(_RESPONSES.place_id == bindparam("place_id"))
    .order_by(_RESPONSES.received_at.desc(), _RESPONSES.id.desc())
    .limit(LATEST)
)


@dataclass(frozen=True)
class Middle:
    """The middle of a place's latest points as it was at a moment of `monotonic`; `newest` was the latest response."""

    latitude: float
    longitude: float
    newest: str
    at: float


#: By engine and place. What is remembered of a database that was made anew names a response that is not there, and is not used.
_middles: dict[tuple[int, int], Middle] = {}


def distances(session: Session, spots: Iterable[Spot]) -> dict[Spot, int]:
    """Metres from each point to its place: 0 inside its boundary. A place without boundary and with too few points has none."""
    wanted = set(spots)
    if not wanted:
        return {}
    ids = {place_id for place_id, *_ in wanted}
    boundaries, middles = find_known(session, ids)
    found = {}
    for place_id, latitude, longitude in wanted:
        if place_id in boundaries:
            found[place_id, latitude, longitude] = distance_m(boundaries[place_id], latitude, longitude)
        elif place_id in middles:
            middle = middles[place_id]
            found[place_id, latitude, longitude] = point_distance_m(
                middle.latitude, middle.longitude, latitude, longitude
            )
    return found


def find_known(session: Session, ids: Collection[int]) -> tuple[dict[int, Any], dict[int, Middle]]:
    """Of the places `ids` the boundaries (GeoJSON), and the middles of those without that have enough points, by place.

    No middle is older than `KEPT_S`.
    """
    engine, now = id(session.get_bind()), monotonic()
    # Other threads put some in, and take all out, meanwhile: each is asked for once.
    middles = {id_: middle for id_ in ids if (middle := _middles.get((engine, id_))) and now - middle.at < KEPT_S}
    newest = {middle.newest for middle in middles.values()}
    rows = session.execute(KNOWN, {"ids": ids, "newest": newest}).all()
    boundaries = {row.place_id: row.geometry for row in rows if row.response_id is None}
    places = {row.response_id: row.place_id for row in rows if row.response_id is not None}
    middles = {id_: middle for id_, middle in middles.items() if places.get(middle.newest) == id_}
    for place_id in set(ids) - boundaries.keys() - middles.keys():
        middle = _read_middle(session, place_id, now)
        if middle is not None:
            if len(_middles) >= MOST_KEPT:
                _middles.clear()
            middles[place_id] = _middles[engine, place_id] = middle
    return boundaries, middles


def _read_middle(session: Session, place_id: int, now: float) -> Middle | None:
    """The medians of latitude and longitude of the place's latest points; None where there are too few."""
    rows = session.execute(POINTS, {"place_id": place_id}).all()
    points = [row for row in rows if row.latitude is not None]
    if len(points) < ENOUGH_POINTS:
        return None
    return Middle(median(row.latitude for row in points), median(row.longitude for row in points), rows[0].id, now)
