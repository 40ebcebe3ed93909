"""What a phone needs to work without a signal: its forms, its places and how far they are, what came back, and its doors."""

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.sealing.keys import sealing_key
from collector.store import Place, User
from collector.sync.door_lists import door_lists
from collector.sync.phone_forms import progress, published_forms
from collector.sync.phone_places import phone_places
from collector.sync.returned import place_codes, returned_responses


def cursor_of(state: dict[str, Any]) -> str:
    """A name for this very state: a phone that has it needs nothing new."""
    return hashlib.sha256(json.dumps(state, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def pull_state(session: Session, user: User) -> dict[str, Any]:
    """All that `user`'s phone keeps. Shape: docs/sync-protocol.md, Pull."""
    places = phone_places(session, user)
    forms = published_forms(session, user.id)
    returned = returned_responses(session, user.id)
    lists, has_more_doors = door_lists(session, user.id, places)
    named = place_codes(returned) | {door["place"] for doors in lists for door in doors["entries"]}
    others = session.scalars(select(Place.id).where(Place.code.in_(named))).all()
    return {
        "forms": forms,
        "places": places.entries(others),
        "mine": [node.code for node in places.mine] if places.assigned else [],
        "progress": progress(session, places, [form["id"] for form in forms]),
        "returned": returned,
        "lists": lists,
        "has_more_doors": has_more_doors,
        "notices": [],
        "sealing_key": sealing_key().entry,
    }
