"""Reads for the account pages: people, their communities, codes and phones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from collector.store import Device, Enrolment, Place, User
from collector.store.people import VOLUNTEER


@dataclass(frozen=True)
class Subdistrict:
    """Communities under one parent; `name` is "" for communities without one."""

    name: str
    communities: list[Place]


@dataclass(frozen=True)
class PersonRow:
    """A person in the list: communities by name, and what their phones said last."""

    user: User
    places: list[str]
    phones: int
    last_seen_at: datetime | None
    waiting_responses: int
    waiting_files: int

    @property
    def has_waiting(self) -> bool:
        """Whether a phone of this person still holds something unsent."""
        return bool(self.waiting_responses or self.waiting_files)


def list_subdistricts(session: Session, language: str) -> list[Subdistrict]:
    """All communities (places with nothing under them) by the place above them, in the order of the places."""
    places = list(session.scalars(select(Place).order_by(Place.level, Place.position, Place.code)))
    by_id = {place.id: place for place in places}
    parents = {place.parent_id for place in places}
    grouped: dict[int | None, list[Place]] = {place.id: [] for place in places if place.id in parents}
    for place in places:
        if place.id not in parents:
            grouped.setdefault(place.parent_id, []).append(place)
    return [
        Subdistrict(by_id[parent].name(language) if parent in by_id else "", communities)
        for parent, communities in grouped.items()
        if communities
    ]


def assigned_communities(session: Session, user: User) -> set[int]:
    """Ids of the communities assigned to `user`; those under an assigned subdistrict count as assigned."""
    parents = dict(session.execute(select(Place.id, Place.parent_id)).all())
    assigned = {assignment.place_id for assignment in user.assignments}
    communities = set(parents) - set(parents.values())
    return {community for community in communities if assigned & lineage(community, parents)}


def lineage(place_id: int, parents: Mapping[int, int | None]) -> set[int]:
    """The ids of a place and of all places above it, by each place's parent."""
    ids: set[int] = set()
    above: int | None = place_id
    while above is not None and above not in ids:
        ids.add(above)
        above = parents.get(above)
    return ids


def list_people(session: Session, language: str) -> tuple[list[PersonRow], list[User]]:
    """Volunteers with what is known of their phones, and the people of the office; by name, those who left last."""
    query = select(User).options(selectinload(User.assignments)).order_by(User.is_active.desc(), User.name)
    users = list(session.scalars(query))
    names = {place.id: place.name(language) for place in session.scalars(select(Place))}
    devices: dict[str, list[Device]] = defaultdict(list)
    for device in session.scalars(select(Device).where(Device.revoked_at.is_(None))):
        devices[device.user_id].append(device)
    volunteers = [person_row(user, names, devices[user.id]) for user in users if user.role == VOLUNTEER]
    return volunteers, [user for user in users if user.role != VOLUNTEER]


def person_row(user: User, names: dict[int, str], devices: Iterable[Device]) -> PersonRow:
    """Sum up a person's phones."""
    devices = list(devices)
    seen = [device.last_seen_at for device in devices if device.last_seen_at]
    return PersonRow(
        user=user,
        places=[names[assignment.place_id] for assignment in user.assignments if assignment.place_id in names],
        phones=len(devices),
        last_seen_at=max(seen, default=None),
        waiting_responses=sum(device.waiting_responses for device in devices),
        waiting_files=sum(device.waiting_files for device in devices),
    )


def list_enrolments(session: Session, user: User) -> list[Enrolment]:
    """The codes issued for `user`, newest first."""
    return list(session.scalars(select(Enrolment).where(Enrolment.user_id == user.id).order_by(Enrolment.id.desc())))


def list_devices(session: Session, user: User) -> list[Device]:
    """The phones of `user`, newest first."""
    return list(session.scalars(select(Device).where(Device.user_id == user.id).order_by(Device.enrolled_at.desc())))


def has_login(session: Session, login: str) -> bool:
    """Tell whether somebody has `login`, upper and lower case alike."""
    return session.scalar(select(User.id).where(User.login == login.casefold())) is not None
