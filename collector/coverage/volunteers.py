"""Volunteers: what each has brought in, at what pace, what their phones still hold, and how much of their work is flagged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.coverage.counts import Wanted, count_by_author, days_by_author
from collector.coverage.pace import PACE_DAYS
from collector.coverage.progress import Count, VolunteerPhones
from collector.coverage.queries import assigned_places, in_scope
from collector.store import Response, User
from collector.store.people import VOLUNTEER

#: A volunteer whose phone was not heard of for so long is asked after.
SILENT_AFTER = timedelta(days=2)
#: Responses of each volunteer whose flags are looked at: the latest.
LATEST = 50


@dataclass(frozen=True)
class VolunteerRow:
    """A volunteer. `user_id` is "" for responses whose author is not known; `days` are those with a response; `flagged` is the share of
    their latest responses, None without one. `is_own`: they belong to the part that is looked at, so that their page may be opened."""

    user_id: str
    name: str
    count: Count = field(default_factory=Count)
    days: int = 0
    phones: VolunteerPhones | None = None
    flagged: float | None = None
    is_own: bool = True

    @property
    def pace(self) -> float:
        """Responses a day over the last week."""
        return self.count.recent / PACE_DAYS

    @property
    def flagged_percent(self) -> int | None:
        """The share of flagged responses in whole percent."""
        return None if self.flagged is None else round(self.flagged * 100)


def to_call(phones: list[VolunteerPhones], now: datetime) -> list[tuple[VolunteerPhones, bool]]:
    """Volunteers whose phone holds something unsent, or has been silent for two days (True then); the silent ones that hold something
    first, then those that hold something, then the others; longest unseen before."""
    found = [(phone, is_silent(phone, now)) for phone in phones]
    found = [(phone, silent) for phone, silent in found if silent or phone.has_waiting or phone.failed_responses]
    return sorted(found, key=lambda pair: (not (pair[1] and pair[0].has_waiting), not pair[0].has_waiting))


def is_silent(phone: VolunteerPhones, now: datetime) -> bool:
    """Whether nothing was heard of a volunteer's phones for two days."""
    return phone.last_seen_at is None or now - phone.last_seen_at > SILENT_AFTER


def list_volunteers(
    session: Session, wanted: Wanted, scope: Scope, known: Sequence[VolunteerPhones], *, has_all: bool
) -> list[VolunteerRow]:
    """Volunteers with what is `wanted`, most responses first; `known` is what their phones said. `has_all`: those without a response too,
    if they belong to the scope."""
    counts, days = count_by_author(session, wanted), days_by_author(session, wanted)
    counts = {author_id: count for author_id, count in counts.items() if not count.is_empty}
    phones = {phone.user_id: phone for phone in known}
    places = assigned_places(session)
    condition: ColumnElement[bool] = User.id.in_([author_id for author_id in counts if author_id])
    if has_all:
        condition = or_(condition, and_(User.role == VOLUNTEER, User.is_active))
    users = list(session.execute(select(User.id, User.name, User.role).where(condition).order_by(User.name)))
    own = {user_id for user_id, _name, _role in users if in_scope(scope, places.get(user_id, ()))}
    shown = [(user_id, name) for user_id, name, _role in users if user_id in counts or user_id in own]
    flags = share_of_flags(session, wanted, [user_id for user_id, _name in shown])
    rows = [
        VolunteerRow(
            user_id,
            name,
            counts.get(user_id, Count()),
            days.get(user_id, 0),
            phones.get(user_id),
            flags.get(user_id),
            is_own=user_id in own,
        )
        for user_id, name in shown
    ]
    if None in counts:
        rows.append(VolunteerRow("", "", counts[None], days.get(None, 0), is_own=False))
    return sorted(rows, key=lambda row: -row.count.received)


def share_of_flags(session: Session, wanted: Wanted, user_ids: list[str]) -> Mapping[str, float]:
    """What share of each one's latest responses is flagged; those without a response are left out."""
    latest = (
        select(Response.flag_count)
        .where(
            Response.author_id == User.id,
            Response.questionnaire_id.in_(wanted.questionnaire_ids),
            not_(Response.is_test),
        )
        .order_by(Response.received_at.desc())
        .limit(LATEST)
    )
    if wanted.place_ids is not None:
        latest = latest.where(Response.place_id.in_(wanted.place_ids))
    rows = latest.correlate(User).subquery()
    share = select(func.avg(case((rows.c.flag_count > 0, 1.0), else_=0.0))).scalar_subquery()
    query = select(User.id, share).where(User.id.in_(user_ids))
    return {user_id: float(share) for user_id, share in session.execute(query) if share is not None}
