"""What a phone needs to work without a signal: its forms, its places and how far they are."""

import hashlib
import json
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.sealing.keys import sealing_key
from collector.store import Place, Questionnaire, Response, Target, User, Version
from collector.store.responses import REJECTED
from collector.sync.bodies import timestamp


def cursor_of(state: dict[str, Any]) -> str:
    """A name for this very state: a phone that has it needs nothing new."""
    return hashlib.sha256(json.dumps(state, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def pull_state(session: Session, user: User) -> dict[str, Any]:
    """All that `user`'s phone keeps. Shape: docs/sync-protocol.md, Pull."""
    places = list(session.scalars(select(Place).order_by(Place.level, Place.position, Place.id)))
    mine = leaf_places(places, {assignment.place_id for assignment in user.assignments})
    needed = needed_places(places, mine)
    codes = {place.id: place.code for place in places}
    return {
        "forms": published_forms(session),
        "places": [place_entry(place, codes) for place in places if place.id in needed],
        "mine": [place.code for place in places if place.id in mine and user.assignments],
        "progress": progress(session, {place_id: codes[place_id] for place_id in mine}),
        "returned": [],
        "notices": [],
        "sealing_key": sealing_key().entry,
    }


def leaf_places(places: list[Place], assigned: set[int]) -> set[int]:
    """Ids of the communities that lie under the assigned places, or are among them; of all communities if none is assigned."""
    parents = {place.parent_id for place in places}
    under = set(assigned)
    # Places come by level, parents first.
    for place in places:
        if place.parent_id in under:
            under.add(place.id)
    return {place.id for place in places if place.id not in parents and (not assigned or place.id in under)}


def needed_places(places: list[Place], mine: set[int]) -> set[int]:
    """`mine` and all of their ancestors."""
    parent_of = {place.id: place.parent_id for place in places}
    needed = set()
    for place_id in mine:
        ancestor: int | None = place_id
        while ancestor is not None and ancestor not in needed:
            needed.add(ancestor)
            ancestor = parent_of[ancestor]
    return needed


def place_entry(place: Place, codes: dict[int, str]) -> dict[str, Any]:
    """A place as the phone keeps it."""
    parent = codes[place.parent_id] if place.parent_id else None
    return {"code": place.code, "names": place.names, "parent": parent, "level": place.level}


def published_forms(session: Session) -> list[dict[str, Any]]:
    """The newest published version of each questionnaire."""
    query = (
        select(Questionnaire, Version)
        .join(Version, Questionnaire.current_version_id == Version.id)
        .order_by(Questionnaire.id)
    )
    return [form_entry(questionnaire, version) for questionnaire, version in session.execute(query)]


def published_version(session: Session, form_id: str) -> Version | None:
    """The newest published version of a questionnaire; None where there is no such questionnaire, or none published."""
    query = select(Version).join(Questionnaire, Questionnaire.current_version_id == Version.id)
    return session.scalar(query.where(Questionnaire.form_id == form_id))


def form_entry(questionnaire: Questionnaire, version: Version) -> dict[str, Any]:
    """A questionnaire as the phone's lists show it."""
    return {
        "id": questionnaire.form_id,
        "title": version.title,
        "titles": version.titles,
        "version": version.version,
        "model": version.model_hash,
        "size_bytes": version.model_bytes,
        "opens_at": timestamp(questionnaire.opens_at) if questionnaire.opens_at else None,
        "closes_at": timestamp(questionnaire.closes_at) if questionnaire.closes_at else None,
    }


def progress(session: Session, codes: dict[int, str]) -> list[dict[str, Any]]:
    """Target and received number of each form in each of the places `{id: code}` that has either."""
    targets = select(Target.questionnaire_id, Target.place_id, Target.expected)
    received = (
        select(Response.questionnaire_id, Response.place_id, func.count())
        .where(Response.state != REJECTED)
        .group_by(Response.questionnaire_id, Response.place_id)
    )
    forms = dict(session.execute(select(Questionnaire.id, Questionnaire.form_id)).all())
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for key, query in (("target", targets), ("received", received)):
        for questionnaire_id, place_id, number in session.execute(query):
            if place_id in codes:
                empty = {"form": forms[questionnaire_id], "place": codes[place_id], "target": None, "received": 0}
                rows.setdefault((questionnaire_id, place_id), empty)[key] = number
    return [rows[key] for key in sorted(rows)]
