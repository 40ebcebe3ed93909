"""The lists of doors that a volunteer's phone keeps."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector.store import ListEntry, Questionnaire, VisitList
from collector.sync.bodies import timestamp
from collector.sync.phone_places import PhonePlaces

#: Doors that one phone gets; more would take its memory and each pull's time.
MOST_DOORS = 5_000


def door_lists(session: Session, user_id: str, places: PhonePlaces) -> tuple[list[dict[str, Any]], bool]:
    """The lists with the volunteer's doors, in their order, and whether doors were left off. Shape: docs/sync-protocol.md, Lists."""
    query = (
        select(ListEntry, VisitList, Questionnaire.form_id)
        .join(VisitList, VisitList.id == ListEntry.list_id)
        .outerjoin(Questionnaire, Questionnaire.id == VisitList.questionnaire_id)
        .where(VisitList.archived_at.is_(None), or_(ListEntry.assigned_to.is_(None), ListEntry.assigned_to == user_id))
        .order_by(ListEntry.list_id, ListEntry.position, ListEntry.id)
        .limit(MOST_DOORS + 1)
    )
    if places.place_ids is not None:
        query = query.where(ListEntry.place_id.in_(places.place_ids))
    found = session.execute(query).all()
    lists: dict[int, dict[str, Any]] = {}
    for entry, visit_list, form in found[:MOST_DOORS]:
        empty = {"id": str(visit_list.id), "name": visit_list.name, "form": form, "entries": []}
        lists.setdefault(visit_list.id, empty)["entries"].append(door_entry(entry, places))
    return list(lists.values()), len(found) > MOST_DOORS


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
