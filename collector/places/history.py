"""The history of a place, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.places import queries
from collector.places.acts import ADDED, ENDED, MERGED, MOVED, RENAMED, SPLIT, states_of
from collector.store import Place, PlaceState
from collector.store.places import ALWAYS


@dataclass(frozen=True)
class Event:
    """What happened to a place: from which day (None: from the start), in words, who noted it when."""

    since: date | None
    words: str
    by: str
    at: datetime | None


def tell_history(session: Session, place: Place, language: str) -> list[Event]:
    """The history of a place, the latest first."""
    states = states_of(session, place.id)
    people = queries.names_of_people(session, states)
    named = {state.parent_id for state in states} | {state.successor_id for state in states}
    places = session.scalars(select(Place).where(Place.id.in_(named)))
    names = {row.id: f"{row.name(language)} ({row.code})" for row in places}
    events = []
    for index, state in enumerate(states):
        before = states[index + 1] if index + 1 < len(states) else None
        parts = _parts(session, state, language) if state.change == SPLIT else []
        words = _words(state, before, names, parts)
        by = people.get(state.made_by or "", "")
        events.append(
            Event(None if state.since == ALWAYS else state.since, words, by, state.made_at if state.act_id else None)
        )
    return events


def _words(state: PlaceState, before: PlaceState | None, names: Mapping[int, str], parts: Sequence[str]) -> Any:
    parent = names.get(state.parent_id or 0, "")
    heir = names.get(state.successor_id or 0) or parent or _("no place")
    if before is None or state.change == ADDED:
        return _("Added under %(place)s", place=parent) if parent else _("Added at the top")
    if state.change == RENAMED:
        return _("Renamed from “%(before)s” to “%(after)s”", before=_both(before.names), after=_both(state.names))
    if state.change == MOVED:
        above = names.get(before.parent_id or 0) or _("the top")
        return _("Moved from %(before)s to %(after)s", before=above, after=parent or _("the top"))
    if state.change == MERGED:
        return _("Merged into %(place)s", place=heir)
    if state.change == SPLIT:
        whole = _(", ").join(parts)
        return _("Split into %(parts)s. Earlier responses count for %(place)s.", parts=whole, place=heir)
    assert state.change == ENDED
    return _("Ended. Its responses count for %(place)s.", place=heir)


def _both(names: Mapping[str, str]) -> str:
    return " / ".join(names[language] for language in ("zh", "en") if names.get(language))


def _parts(session: Session, state: PlaceState, language: str) -> list[str]:
    """The places that came of a split."""
    added = select(PlaceState.place_id).where(PlaceState.act_id == state.act_id, PlaceState.change == ADDED)
    places = session.scalars(select(Place).where(Place.id.in_(added)).order_by(Place.id))
    return [f"{place.name(language)} ({place.code})" for place in places]
