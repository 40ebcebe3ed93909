"""Importing a table of places: what it would change, and changing it, in one act."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.journal import record
from collector.place_order import read_order
from collector.places.acts import ENDED, MOVED, RENAMED, Act, change_place, put_place, set_levels
from collector.places.place_difference import Added, Difference, compare_places
from collector.places.place_table import read_places
from collector.places.tables import Fault
from collector.spreadsheet import read_sheet
from collector.store import Place, PlaceState


def preview_places(session: Session, name: str, content: bytes) -> Difference:
    """What a file would change. Raises CollectorError where it cannot be read at all (collector/spreadsheet.py)."""
    table = read_places(read_sheet(name, content))
    notes = dict(session.execute(select(Place.id, Place.note)).all())
    return compare_places(table, read_order(session), notes)


def apply_places(
    session: Session, difference: Difference, since: date, *, is_ending_missing: bool, by: str | None
) -> list[Fault]:
    """Change the tree as `difference` says, from a day on. Gives what hinders it; then nothing was changed."""
    faults = [*difference.faults, *faults_of_day(session, difference, since, is_ending_missing=is_ending_missing)]
    if faults:
        return faults
    act = Act(since, by)
    places = {place.code: place for place in session.scalars(select(Place))}
    for change in difference.renamed:
        change_place(session, act, places[change.row.code], RENAMED, names=dict(change.names or {}))
    for change in difference.noted:
        places[change.row.code].note = change.row.note or ""
    _add(session, act, difference, places)
    for change in difference.moved:
        parent = places[change.parent] if change.parent else None
        change_place(session, act, places[change.row.code], MOVED, parent_id=parent.id if parent else None)
    missing = list(reversed(difference.missing)) if is_ending_missing else []
    for node in missing:
        change_place(session, act, places[node.code], ENDED, ended_on=since, successor_id=None)
    for top in [place for place in places.values() if place.parent_id is None]:
        set_levels(session, top, 0)
    record(
        session,
        "places.import",
        user_id=by,
        since=since.isoformat(),
        added=len(difference.added),
        renamed=len(difference.renamed),
        moved=len(difference.moved),
        ended=len(missing),
    )
    session.flush()
    return []


def faults_of_day(session: Session, difference: Difference, since: date, *, is_ending_missing: bool) -> list[Fault]:
    """Places that would change before their last change, or would hang under one that is not there on that day."""
    last = dict(
        session.execute(select(PlaceState.place_id, func.max(PlaceState.since)).group_by(PlaceState.place_id)).all()
    )
    changed = {change.node.id: change.row.number for change in [*difference.renamed, *difference.moved]}
    if is_ending_missing:
        changed |= {node.id: 0 for node in difference.missing}
    nodes = {node.code: node.id for node in read_order(session).nodes.values()}
    above = [(added.parent, added.row.number) for added in difference.added]
    above += [(change.parent or "", change.row.number) for change in difference.moved]
    for code, number in above:
        if code in nodes:
            changed.setdefault(nodes[code], number)
    late = [(number, last[id_]) for id_, number in changed.items() if last.get(id_, since) > since]
    return [Fault(row, CollectorError("place_day_early", day=day.isoformat()).message) for row, day in late]


def _add(session: Session, act: Act, difference: Difference, places: dict[str, Place]) -> None:
    """Add the new places, those above before those under them, in the order of the file among siblings."""
    waiting = {added.row.code: added for added in difference.added}

    def add(added: Added) -> None:
        if added.parent in waiting and added.parent not in places:
            add(waiting[added.parent])
        parent = places[added.parent] if added.parent else None
        places[added.row.code] = put_place(
            session, act, code=added.row.code, names=added.names, parent=parent, note=added.row.note or ""
        )

    for added in difference.added:
        if added.row.code not in places:
            add(added)
