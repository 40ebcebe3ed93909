"""Reads for the board: one grouped query over the responses, however many there are."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from collector.coverage.phones import PhoneState
from collector.coverage.progress import Board, Count, PlaceNode, VolunteerPhones, make_board
from collector.store import Assignment, Device, Place, Questionnaire, Response, Target, User
from collector.store.people import VOLUNTEER
from collector.store.responses import REJECTED


def list_questionnaires(session: Session) -> list[Questionnaire]:
    """Questionnaires that phones get, with their current version, in the order in which they were made."""
    query = select(Questionnaire).where(Questionnaire.current_version_id.is_not(None)).order_by(Questionnaire.id)
    return list(session.scalars(query.options(joinedload(Questionnaire.current_version))))


def list_places(session: Session, language: str) -> list[PlaceNode]:
    """All places, in the order of the board."""
    places = session.scalars(select(Place).order_by(Place.level, Place.position, Place.code))
    return [PlaceNode(place.id, place.code, place.name(language), place.parent_id) for place in places]


def count_responses(session: Session, questionnaire_id: int) -> dict[int | None, Count]:
    """Responses by place; None for those whose place is not known."""
    is_rejected = Response.state == REJECTED
    query = (
        select(
            Response.place_id,
            func.count(case((~is_rejected, 1))),
            func.count(case((is_rejected, 1))),
            func.max(case((~is_rejected, Response.received_at))),
        )
        .where(Response.questionnaire_id == questionnaire_id)
        .group_by(Response.place_id)
    )
    return {
        place_id: Count(received, rejected, last_at) for place_id, received, rejected, last_at in session.execute(query)
    }


def list_targets(session: Session, questionnaire_id: int) -> dict[int, int]:
    """Targets by place."""
    query = select(Target.place_id, Target.expected).where(Target.questionnaire_id == questionnaire_id)
    return dict(session.execute(query).all())


def list_phones(session: Session) -> list[VolunteerPhones]:
    """What the phones of each active volunteer said last, longest unseen first."""
    places: dict[str, set[int]] = defaultdict(set)
    for user_id, place_id in session.execute(select(Assignment.user_id, Assignment.place_id)):
        places[user_id].add(place_id)
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
            name, frozenset(places[user_id]), phones, seen, int(responses), int(files), user_id, int(failed)
        )
        for user_id, name, phones, seen, responses, files, failed in session.execute(query)
    ]


def list_devices(session: Session) -> list[PhoneState]:
    """What each phone of a volunteer said last. Of those whose access was taken back, only the ones that held something."""
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
    ]


def read_board(session: Session, questionnaire_id: int, language: str) -> Board:
    """The board of one questionnaire."""
    return make_board(
        list_places(session, language),
        count_responses(session, questionnaire_id),
        list_targets(session, questionnaire_id),
        list_phones(session),
    )


def find_questionnaire(questionnaires: Iterable[Questionnaire], form_id: str | None) -> Questionnaire | None:
    """The questionnaire with `form_id`, the first one without an id, None if there is none such."""
    for questionnaire in questionnaires:
        if form_id in (None, "", questionnaire.form_id):
            return questionnaire
    return None
