"""The lists of doors that a volunteer's phone keeps."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from collector.languages import timestamp
from collector.store import ListEntry, Questionnaire, VisitList
from collector.sync.phone_places import PhonePlaces

#: Doors that one phone gets; more would take its memory and each pull's time.
MOST_DOORS = 5_000


def door_lists(session: Session, user_id: str, places: PhonePlaces) -> tuple[list[dict[str, Any]], bool]:
    """The lists with the volunteer's doors, in their order, and whether doors were left off. Shape: docs/sync-protocol.md, Lists.

    Theirs are the doors of their places that nobody in particular is to go to, and those that they are to go to, wherever these are.
    """
    query = (
        select(ListEntry, VisitList, Questionnaire.form_id)
        .join(VisitList, VisitList.id == ListEntry.list_id)
        .outerjoin(Questionnaire, Questionnaire.id == VisitList.questionnaire_id)
        .where(VisitList.archived_at.is_(None), or_(ListEntry.assigned_to == user_id, of_nobody(places)))
        .order_by(ListEntry.list_id, ListEntry.position, ListEntry.id)
        .limit(MOST_DOORS + 1)
    )
    found = session.execute(query).all()
    lists: dict[int, dict[str, Any]] = {}
    for entry, visit_list, form in found[:MOST_DOORS]:
        empty = {"id": str(visit_list.id), "name": visit_list.name, "form": form, "entries": []}
        lists.setdefault(visit_list.id, empty)["entries"].append(door_entry(entry, places))
    return list(lists.values()), len(found) > MOST_DOORS


def of_nobody(places: PhonePlaces) -> ColumnElement[bool]:
    """The condition that a door is in one of `places`, for whoever visits there."""
    is_free = ListEntry.assigned_to.is_(None)
    return is_free if places.place_ids is None else and_(is_free, ListEntry.place_id.in_(places.place_ids))


def door_entry(entry: ListEntry, places: PhonePlaces) -> dict[str, Any]:
    """A door as the phone keeps it, in the community that it counts for now."""
    return {
        "key": entry.key,
        "place": places.code_of(entry.place_id),
        "label": entry.label,
        "note": entry.note,
        "state": entry.state,
        "attempts": entry.attempts,
        "call_at": timestamp(entry.call_at) if entry.call_at else None,
        "response": entry.response_id,
    }
