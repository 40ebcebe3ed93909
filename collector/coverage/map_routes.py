"""What the map draws: where responses were filled in, and how far each community is."""

from typing import Any

from flask import Blueprint, jsonify, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.orm import Session

from collector.accounts.signed_in import requires
from collector.coverage.asked import Asked, read_asked
from collector.coverage.counts import Wanted
from collector.coverage.queries import places_of
from collector.languages import language
from collector.place_order import read_order
from collector.store import Measures, Response
from collector.store.responses import REJECTED
from collector.store.session import reading_far

#: Points that a map shows, the newest; and of how many responses, the newest, they are looked for.
MOST_POINTS, MOST_LOOKED_AT = 5_000, 20_000


def add_routes(bp: Blueprint) -> None:
    """Register the map's data on `bp`."""
    bp.add_url_rule("/board/points.geojson", view_func=points)
    bp.add_url_rule("/board/figures.json", view_func=figures)


@requires("coverage.see")
def points() -> Any:
    """The points of responses as GeoJSON (RFC 7946), the newest; `is_cut` says that there may be more.

    Whoever may not see personal answers gets none: a point tells where somebody lives.
    """
    asked = read_asked()
    rows = list_points(reading_far(), points_wanted(asked)) if current_user.sees_personal else []
    names = {node.id: node.name(language()) for node in read_order(reading_far()).nodes.values()}
    # One address is made, not 5,000.
    responses = url_for("review.response", response_id="-").removesuffix("-")
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {
                "name": name or response_id[:8],
                "place": names.get(place_id, _("no known community")),
                "day": day.isoformat(),
                "url": responses + response_id,
            },
        }
        for response_id, name, place_id, day, latitude, longitude in rows
    ]
    return jsonify(type="FeatureCollection", features=features, is_cut=len(features) == MOST_POINTS)


def points_wanted(asked: Asked) -> Wanted:
    """What the address asks for, with the places that it narrows to."""
    place_ids = places_of(read_order(reading_far(), asked.filters.on), asked.scope, asked.under)
    return Wanted(**(vars(asked.wanted) | {"place_ids": place_ids}))


def list_points(session: Session, wanted: Wanted) -> list[Any]:
    """Id, name, place, day, latitude and longitude of the newest responses that have a point."""
    of_these: ColumnElement[bool] = Response.questionnaire_id.in_(wanted.questionnaire_ids)
    if wanted.place_ids is not None:
        of_these = and_(of_these, Response.place_id.in_(wanted.place_ids))
    newest = select(Response.received_at).where(of_these).order_by(Response.received_at.desc())
    # Where hardly any response has a point, the search for 5,000 of them would go through all there are.
    earliest = session.scalar(newest.offset(MOST_LOOKED_AT).limit(1))
    query = (
        select(
            Response.id,
            Response.instance_name,
            Response.place_id,
            Response.received_on,
            Measures.latitude,
            Measures.longitude,
        )
        .join(Measures, Measures.response_id == Response.id)
        .where(of_these, not_(Response.is_test), Measures.latitude.is_not(None), Measures.longitude.is_not(None))
        .where(Response.state == wanted.state if wanted.state else Response.state != REJECTED)
        .order_by(Response.received_at.desc())
        .limit(MOST_POINTS)
    )
    if earliest is not None:
        query = query.where(Response.received_at > earliest)
    if wanted.from_day:
        query = query.where(Response.received_on >= wanted.from_day)
    if wanted.to_day:
        query = query.where(Response.received_on <= wanted.to_day)
    return list(session.execute(query))


@requires("coverage.see")
def figures() -> Any:
    """How far each community is, by its code: the map shades boundaries by it."""
    asked = read_asked()
    rows = asked.read_desk().board.rows if not asked.is_empty else []
    return jsonify(
        {
            row.code: {
                "name": row.name,
                "received": row.count.received,
                "target": row.target,
                "percent": row.percent,
                "level": row.level,
                "url": place_address(row.place_id, asked),
            }
            for row in rows
        }
    )


def place_address(place_id: int | None, asked: Asked) -> str:
    """The page of a community, with the same filters."""
    arguments: dict[str, Any] = {**asked.filters.as_arguments(view="", sort=""), "place_id": place_id}
    return url_for("coverage.place", **arguments)
