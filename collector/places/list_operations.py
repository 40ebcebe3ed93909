"""Writes to lists of doors. The journal gets ids and counts, never an address."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.errors import CollectorError
from collector.journal import record
from collector.place_order import Order
from collector.places.list_queries import list_volunteers, tally_list
from collector.places.list_table import Door, Known, ListDifference
from collector.store import ListEntry, Target, User, Visit, VisitList, utc_now
from collector.store.people import VOLUNTEER

#: Rows of one statement.
BATCH = 500


def create_list(session: Session, name: str, questionnaire_id: int | None, *, by: str | None) -> VisitList:
    """Make an empty list. Gives it, flushed."""
    made = VisitList(name=name, questionnaire_id=questionnaire_id, created_by=by)
    session.add(made)
    session.flush()
    record(session, "list.create", str(made.id), user_id=by)
    return made


def edit_list(
    session: Session, visit_list: VisitList, name: str, questionnaire_id: int | None, *, by: str | None
) -> None:
    """Change a list's name and the questionnaire to fill in at its doors."""
    visit_list.name, visit_list.questionnaire_id = name, questionnaire_id
    session.flush()
    record(session, "list.edit", str(visit_list.id), user_id=by)


def known_for(session: Session, list_id: int, scope: Scope, order: Order) -> Known:
    """What an uploaded table is held against (list_table.py): only what is in scope can be named."""
    places: dict[str, set[int]] = {}
    for node in order.nodes.values():
        end = order.counts_for.get(node.id)
        if end is not None and scope.covers(end):
            for text in {node.code, *(() if node.is_ended else node.names.values())}:
                places.setdefault(text, set()).add(end)
    entries = list(session.scalars(select(ListEntry).where(ListEntry.list_id == list_id)))
    visited_ids = set(session.scalars(select(Visit.entry_id).join(ListEntry).where(ListEntry.list_id == list_id)))
    mine = [entry for entry in entries if scope.covers(entry.place_id)]
    # Somebody who answers for all may have sent a volunteer here who is not of this part: the download imports again all the same.
    sent_ids = {entry.assigned_to for entry in mine}
    sent = session.scalars(select(User).where(User.id.in_(sent_ids), User.role == VOLUNTEER, User.is_active))
    volunteers: dict[str, set[str]] = {}
    for user in (*list_volunteers(session, scope), *sent):
        for text in (user.login, user.name):
            if text:
                volunteers.setdefault(text.casefold(), set()).add(user.id)
    return Known(
        places,
        volunteers,
        {entry.key: door_of(entry, order) for entry in mine},
        {entry.key for entry in mine if entry.id in visited_ids or entry.attempts or entry.response_id},
        {entry.key for entry in entries if not scope.covers(entry.place_id)},
    )


def door_of(entry: ListEntry, order: Order) -> Door:
    """An entry as a table would say it, its place being the one that it counts for."""
    place = order.counts_for.get(entry.place_id, entry.place_id)
    return Door(entry.key, place, entry.label, entry.note, entry.assigned_to)


def apply_doors(
    session: Session, visit_list: VisitList, difference: ListDifference, *, is_dropping_missing: bool, by: str | None
) -> None:
    """Take a table in. Outcomes and visits stay; of the doors that are not in it, only such as nobody visited may go."""
    list_id = visit_list.id
    last = session.scalar(select(func.max(ListEntry.position)).where(ListEntry.list_id == list_id)) or 0
    rows = [
        {
            "list_id": list_id,
            "key": door.key,
            "place_id": door.place,
            "label": door.label,
            "note": door.note,
            "assigned_to": door.volunteer,
            "position": position,
        }
        for position, door in enumerate(difference.added, last + 1)
    ]
    for start in range(0, len(rows), BATCH):
        session.execute(insert(ListEntry), rows[start : start + BATCH])
    for door in difference.changed:
        session.execute(
            update(ListEntry)
            .where(ListEntry.list_id == list_id, ListEntry.key == door.key)
            .values(place_id=door.place, label=door.label, note=door.note, assigned_to=door.volunteer)
        )
    dropped = difference.missing if is_dropping_missing else []
    for start in range(0, len(dropped), BATCH):
        keys = dropped[start : start + BATCH]
        session.execute(delete(ListEntry).where(ListEntry.list_id == list_id, ListEntry.key.in_(keys)))
    changed = len(difference.changed)
    record(session, "list.import", str(list_id), user_id=by, added=len(rows), changed=changed, dropped=len(dropped))


def add_door(session: Session, visit_list: VisitList, door: Door, *, by: str | None) -> ListEntry:
    """Add one door at the end. Raises CollectorError `door_key_taken`."""
    taken = select(ListEntry.id).where(ListEntry.list_id == visit_list.id, ListEntry.key == door.key)
    if session.scalar(taken) is not None:
        raise CollectorError("door_key_taken", key=door.key)
    last = session.scalar(select(func.max(ListEntry.position)).where(ListEntry.list_id == visit_list.id)) or 0
    entry = ListEntry(
        list_id=visit_list.id,
        key=door.key,
        place_id=door.place,
        label=door.label,
        note=door.note,
        assigned_to=door.volunteer,
        position=last + 1,
    )
    session.add(entry)
    session.flush()
    record(session, "list.add_door", str(visit_list.id), user_id=by, entry=entry.id)
    return entry


def edit_door(session: Session, entry: ListEntry, door: Door, *, by: str | None) -> None:
    """Change what a list says of a door. Its key stays: phones name it by that."""
    entry.place_id, entry.label, entry.note, entry.assigned_to = door.place, door.label, door.note, door.volunteer
    session.flush()
    record(session, "list.edit_door", str(entry.list_id), user_id=by, entry=entry.id)


def assign_doors(
    session: Session, visit_list: VisitList, entry_ids: Sequence[int], volunteer: str | None, *, by: str | None
) -> None:
    """Send a volunteer to doors; None: whoever visits the community."""
    for start in range(0, len(entry_ids), BATCH):
        ids = entry_ids[start : start + BATCH]
        session.execute(update(ListEntry).where(ListEntry.id.in_(ids)).values(assigned_to=volunteer))
    record(session, "list.assign", str(visit_list.id), user_id=by, doors=len(entry_ids), to=volunteer)


def archive_list(session: Session, visit_list: VisitList, *, is_archived: bool, by: str | None) -> None:
    """Put a list away, or take it up again. Phones get it no longer, or again; what was noted at its doors stays."""
    visit_list.archived_at = utc_now() if is_archived else None
    session.flush()
    record(session, "list.archive" if is_archived else "list.take_up", str(visit_list.id), user_id=by)


def take_as_targets(session: Session, visit_list: VisitList, scope: Scope, order: Order, *, by: str | None) -> int:
    """Expect as many responses of each community as the list has doors there; gives how many communities.

    Communities without a door keep their target, and every target its period and priority.
    """
    expected = {
        row.node.id: row.doors for row in tally_list(session, visit_list.id, scope, order) if row.node is not None
    }
    questionnaire_id = visit_list.questionnaire_id
    if questionnaire_id is None:
        raise CollectorError("list_without_questionnaire")
    of_form = select(Target).where(Target.questionnaire_id == questionnaire_id, Target.place_id.in_(expected))
    kept = {target.place_id: target for target in session.scalars(of_form)}
    for place_id, number in expected.items():
        if place_id in kept:
            kept[place_id].expected = number
        else:
            session.add(Target(questionnaire_id=questionnaire_id, place_id=place_id, expected=number))
    session.flush()
    record(session, "targets.set", str(questionnaire_id), user_id=by, places=len(expected), list=visit_list.id)
    return len(expected)
