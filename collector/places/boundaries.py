"""The boundaries of places in the database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.journal import record
from collector.place_order import Node, Order
from collector.places.boundary_file import BoundaryFile
from collector.store import PlaceBoundary


@dataclass(frozen=True)
class Match:
    """A file of boundaries held against the places: geometries by place id, and what names no place, or several."""

    geometries: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    unknown: Sequence[str] = ()


def match_boundaries(file: BoundaryFile, order: Order) -> Match:
    """Find the place of each boundary: by code, else by whole name if only one place has it. Several of one place become one."""
    codes = {node.code: node.id for node in order.standing}
    names: dict[str, set[int]] = {}
    for node in order.standing:
        for name in node.names.values():
            names.setdefault(name, set()).add(node.id)
    found: dict[int, Mapping[str, Any]] = {}
    unknown = []
    for texts, geometry in file.shapes:
        place_id = next((codes[text] for text in texts if text in codes), None)
        if place_id is None:
            place_id = next((min(names[text]) for text in texts if len(names.get(text, ())) == 1), None)
        if place_id is None:
            unknown.append(texts[0] if texts else "–")
        else:
            found[place_id] = _join(found[place_id], geometry) if place_id in found else geometry
    return Match(found, unknown)


def _join(one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = [*_parts(one), *_parts(other)]
    return {"type": "MultiPolygon", "coordinates": parts}


def _parts(geometry: Mapping[str, Any]) -> Sequence[Any]:
    coordinates: Sequence[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def save_boundaries(session: Session, match: Match, *, by: str | None) -> None:
    """Keep boundaries; those of places that are not in `match` stay."""
    session.execute(delete(PlaceBoundary).where(PlaceBoundary.place_id.in_(match.geometries)))
    session.add_all(PlaceBoundary(place_id=id_, geometry=dict(shape)) for id_, shape in match.geometries.items())
    session.flush()
    record(session, "places.boundaries", user_id=by, places=len(match.geometries))


def drop_boundaries(session: Session, *, by: str | None) -> int:
    """Take all boundaries away; gives how many there were."""
    count = len(session.scalars(delete(PlaceBoundary).returning(PlaceBoundary.place_id)).all())
    record(session, "places.drop_boundaries", user_id=by, places=count)
    return count


def bounded_places(session: Session) -> set[int]:
    """Ids of the places that have a boundary."""
    return set(session.scalars(select(PlaceBoundary.place_id)))


def write_boundaries(session: Session, order: Order, scope: Scope, language: str) -> bytes:
    """The boundaries of the places that stand and are in `scope`, as a GeoJSON FeatureCollection."""
    query = select(PlaceBoundary).where(scope.condition(PlaceBoundary.place_id)).order_by(PlaceBoundary.place_id)
    shapes = {row.place_id: row.geometry for row in session.scalars(query)}
    features = [_feature(node, shapes[node.id], language) for node in order.standing if node.id in shapes]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _feature(node: Node, geometry: Mapping[str, Any], language: str) -> dict[str, Any]:
    properties = {"place": node.id, "code": node.code, "name": node.name(language)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}
