"""Reads for the board: questionnaires, targets, phones, and the board itself. What somebody may not see is not read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from collector.accounts.scope import Scope
from collector.coverage.counts import Wanted, count_by_day, count_by_place
from collector.coverage.pace import Pace, reckon
from collector.coverage.phones import PhoneState
from collector.coverage.progress import Board, VolunteerPhones, make_board
from collector.coverage.targets import Goal
from collector.place_order import Order, read_order
from collector.store import Assignment, Device, Questionnaire, Target, User
from collector.store.people import VOLUNTEER


@dataclass(frozen=True)
class Desk:
    """What the board's page shows: `days` are all days' arrivals, `goals` the targets of the places shown."""

    order: Order
    board: Board
    pace: Pace
    days: dict[date, int]
    goals: Sequence[Goal]
    #: Ids of the places it is of, ended ones too; None: all.
    place_ids: frozenset[int] | None = None
    #: The present order; the same as `order` unless an earlier day is looked at.
    present: Order | None = field(default=None, repr=False)


def list_questionnaires(session: Session) -> list[Questionnaire]:
    """Questionnaires that phones get or got, with their current version, in the order in which they were made; archived ones last."""
    query = select(Questionnaire).where(Questionnaire.current_version_id.is_not(None))
    query = query.order_by(Questionnaire.archived_at.is_not(None), Questionnaire.id)
    return list(session.scalars(query.options(joinedload(Questionnaire.current_version))))


def find_questionnaire(questionnaires: Iterable[Questionnaire], form_id: str | None) -> Questionnaire | None:
    """The questionnaire with `form_id`, the first one without an id, None if there is none such."""
    for questionnaire in questionnaires:
        if form_id in (None, "", questionnaire.form_id):
            return questionnaire
    return None


def list_goals(session: Session, questionnaire_ids: Sequence[int]) -> dict[int, list[Goal]]:
    """Targets by the place that they were set for."""
    found: dict[int, list[Goal]] = defaultdict(list)
    query = select(Target.place_id, Target.expected, Target.starts_on, Target.ends_on, Target.priority)
    for place_id, expected, starts_on, ends_on, priority in session.execute(
        query.where(Target.questionnaire_id.in_(questionnaire_ids))
    ):
        found[place_id].append(Goal(expected, starts_on, ends_on, priority))
    return found


def assigned_places(session: Session) -> dict[str, frozenset[int]]:
    """Ids of the places assigned, by person."""
    places: dict[str, set[int]] = defaultdict(set)
    for user_id, place_id in session.execute(select(Assignment.user_id, Assignment.place_id)):
        places[user_id].add(place_id)
    return {user_id: frozenset(place_ids) for user_id, place_ids in places.items()}


def in_scope(scope: Scope, places: Iterable[int]) -> bool:
    """Tell whether a volunteer with these places belongs to somebody's part: all do to the whole."""
    return scope.is_whole or any(scope.covers(place_id) for place_id in places)


def list_phones(session: Session, scope: Scope) -> list[VolunteerPhones]:
    """What the phones of each active volunteer of the scope said last, longest unseen first."""
    places = assigned_places(session)
    query = (
        select(
            User.id,
            User.name,
            func.count(Device.id),
            func.max(Device.last_seen_at),
            func.sum(Device.waiting_responses),
            func.sum(Device.waiting_files),
            func.sum(Device.failed_responses),
        )
        .join(Device, Device.user_id == User.id)
        .where(User.role == VOLUNTEER, User.is_active, Device.revoked_at.is_(None))
        .group_by(User.id, User.name)
        .order_by(func.max(Device.last_seen_at), User.name)
    )
    return [
        VolunteerPhones(
            name, places.get(user_id, frozenset()), phones, seen, int(responses), int(files), user_id, int(failed)
        )
        for user_id, name, phones, seen, responses, files, failed in session.execute(query)
        if in_scope(scope, places.get(user_id, ()))
    ]


def list_devices(session: Session, scope: Scope) -> list[PhoneState]:
    """What each phone of a volunteer of the scope said last. Of those whose access was taken back, only the ones that held something."""
    places = assigned_places(session)
    held = or_(Device.waiting_responses > 0, Device.waiting_files > 0, Device.drafts > 0)
    query = (
        select(Device)
        .join(Device.user)
        .where(User.role == VOLUNTEER, or_(Device.revoked_at.is_(None), held))
        .options(contains_eager(Device.user))
    )
    return [
        PhoneState(
            user_id=device.user_id,
            volunteer=device.user.name,
            label=device.label,
            waiting_responses=device.waiting_responses,
            waiting_files=device.waiting_files,
            failed_responses=device.failed_responses,
            drafts=device.drafts,
            oldest_waiting_at=device.oldest_waiting_at,
            last_seen_at=device.last_seen_at,
            clock_offset_ms=device.clock_offset_ms,
            is_revoked=device.revoked_at is not None or not device.user.is_active,
        )
        for device in session.scalars(query)
        if in_scope(scope, places.get(device.user_id, ()))
    ]


def places_of(order: Order, scope: Scope, under: int | None) -> frozenset[int] | None:
    """Ids of the places of a scope that count for `under` or for a place under it; None: all places, and what belongs to none."""
    if under is None:
        return scope.place_ids
    ids = order.under([under])
    return ids if scope.place_ids is None else ids & scope.place_ids


def read_desk(
    session: Session,
    wanted: Wanted,
    language: str,
    scope: Scope,
    *,
    on: date | None = None,
    under: int | None = None,
) -> Desk:
    """The board of what is wanted, in the order of places of the day `on`. `wanted.place_ids` is made from the scope and `under`."""
    present = read_order(session)
    order = read_order(session, on) if on else present
    place_ids = places_of(order, scope, under)
    wanted = Wanted(**(vars(wanted) | {"place_ids": place_ids}))
    goals = list_goals(session, wanted.questionnaire_ids)
    counts = count_by_place(session, wanted)
    board = make_board(order, language, counts, goals, wanted.today, list_phones(session, scope), place_ids)
    days = count_by_day(session, wanted)
    communities = {row.place_id for row in board.rows}
    shown = [
        goal for place_id, given in goals.items() if order.counts_for.get(place_id) in communities for goal in given
    ]
    pace = reckon(board.total.count.recent, min(days, default=None), board.lacking, wanted.today)
    return Desk(order, board, pace, days, shown, place_ids, present)
