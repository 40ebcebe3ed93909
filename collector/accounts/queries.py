"""Reads for the account pages: people, their places, questionnaires, codes and phones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session, selectinload

from collector.accounts.reach import Reach
from collector.accounts.scope import Scope
from collector.place_order import Order
from collector.store import (
    Assignment,
    Device,
    Enrolment,
    Questionnaire,
    QuestionnaireAssignment,
    ResponseCount,
    User,
    Version,
)
from collector.store.people import VOLUNTEER


@dataclass(frozen=True)
class PersonRow:
    """A person in the list: places and questionnaires by name (none: all), and what their phones said last."""

    user: User
    places: Sequence[str]
    questionnaires: Sequence[str]
    phones: int
    last_seen_at: datetime | None
    waiting_responses: int
    waiting_files: int
    may_change: bool

    @property
    def has_waiting(self) -> bool:
        """Whether a phone of this person still holds something unsent."""
        return bool(self.waiting_responses or self.waiting_files)


@dataclass(frozen=True)
class QuestionnaireChoice:
    """A questionnaire that can be assigned."""

    id: int
    form_id: str
    title: str


def list_people(session: Session, reach: Reach, order: Order, language: str) -> tuple[list[PersonRow], list[PersonRow]]:
    """Volunteers and people of the office whom somebody with `reach` sees; by name, those who left last."""
    query = select(User).options(selectinload(User.assignments)).order_by(User.is_active.desc(), User.name)
    users = [user for user in session.scalars(query) if reach.sees(user)]
    devices: dict[str, list[Device]] = defaultdict(list)
    for device in session.scalars(select(Device).where(Device.revoked_at.is_(None))):
        devices[device.user_id].append(device)
    titles = {choice.id: choice.title for choice in list_questionnaires(session, language)}
    assigned: dict[str, list[str]] = defaultdict(list)
    for assignment in session.scalars(select(QuestionnaireAssignment)):
        if assignment.questionnaire_id in titles:
            assigned[assignment.user_id].append(titles[assignment.questionnaire_id])
    rows = [
        person_row(user, place_names(user, order, language), assigned[user.id], devices[user.id], reach)
        for user in users
    ]
    return [row for row in rows if row.user.role == VOLUNTEER], [row for row in rows if row.user.role != VOLUNTEER]


def person_row(
    user: User, places: Sequence[str], questionnaires: Sequence[str], devices: Iterable[Device], reach: Reach
) -> PersonRow:
    """Sum up a person's phones."""
    devices = list(devices)
    seen = [device.last_seen_at for device in devices if device.last_seen_at]
    return PersonRow(
        user=user,
        places=places,
        questionnaires=questionnaires,
        phones=len(devices),
        last_seen_at=max(seen, default=None),
        waiting_responses=sum(device.waiting_responses for device in devices),
        waiting_files=sum(device.waiting_files for device in devices),
        may_change=reach.may_change(user),
    )


def place_names(user: User, order: Order, language: str) -> list[str]:
    """Names of the places of `user`, as they stand at present; none: all places."""
    ids = {order.follower(assignment.place_id) for assignment in user.assignments}
    return [order.nodes[place_id].name(language) for place_id in sorted(ids) if place_id in order.nodes]


def find_volunteers(session: Session, reach: Reach, user_ids: Iterable[str]) -> list[User]:
    """Those of `user_ids` who are volunteers whom somebody with `reach` sees, by name."""
    query = (
        select(User).where(User.id.in_(list(user_ids)), User.role == VOLUNTEER).options(selectinload(User.assignments))
    )
    return [user for user in session.scalars(query.order_by(User.name, User.id)) if reach.sees(user)]


def list_questionnaires(session: Session, language: str) -> list[QuestionnaireChoice]:
    """Questionnaires that are not archived, in the order in which they were made; published ones only, as phones get no others."""
    query = (
        select(Questionnaire.id, Questionnaire.form_id, Version.title, Version.titles)
        .join(Version, Questionnaire.current_version_id == Version.id)
        .where(Questionnaire.archived_at.is_(None))
        .order_by(Questionnaire.id)
    )
    return [
        QuestionnaireChoice(number, form_id, titles.get(language) or title or form_id)
        for number, form_id, title, titles in session.execute(query)
    ]


def assigned_questionnaires(session: Session, user: User) -> set[int]:
    """Ids of the questionnaires of `user`; none: all."""
    query = select(QuestionnaireAssignment.questionnaire_id).where(QuestionnaireAssignment.user_id == user.id)
    return set(session.scalars(query))


def responses_by_state(session: Session, user: User, scope: Scope) -> Mapping[str, int]:
    """How many responses of `user` are in each state, those in `scope`; tests are left out."""
    number = func.sum(ResponseCount.number)
    query = (
        select(ResponseCount.state, number)
        .where(ResponseCount.author_id == user.id, ResponseCount.is_test == false())
        .where(scope.condition(ResponseCount.place_id))
        .group_by(ResponseCount.state)
    )
    return {state: int(count) for state, count in session.execute(query) if count}


def names_and_places(session: Session, order: Order) -> set[tuple[str, frozenset[int]]]:
    """Name, case-folded, and present places of every volunteer: the same pair again is the same person."""
    places: dict[str, set[int]] = defaultdict(set)
    for user_id, place_id in session.execute(select(Assignment.user_id, Assignment.place_id)):
        places[user_id].add(order.follower(place_id))
    query = select(User.id, User.name).where(User.role == VOLUNTEER)
    return {(name.casefold(), frozenset(places[user_id])) for user_id, name in session.execute(query)}


def list_enrolments(session: Session, user: User) -> list[Enrolment]:
    """The codes issued for `user`, newest first."""
    return list(session.scalars(select(Enrolment).where(Enrolment.user_id == user.id).order_by(Enrolment.id.desc())))


def list_devices(session: Session, user: User) -> list[Device]:
    """The phones of `user`, newest first."""
    return list(session.scalars(select(Device).where(Device.user_id == user.id).order_by(Device.enrolled_at.desc())))


def has_login(session: Session, login: str) -> bool:
    """Tell whether somebody has `login`, upper and lower case alike."""
    return session.scalar(select(User.id).where(User.login == login.casefold())) is not None
