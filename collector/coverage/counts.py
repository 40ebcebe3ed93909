"""How many responses there are, by place, volunteer or day, added up from `response_counts`; and the folding that keeps that quick."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal, not_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from collector.coverage.pace import PACE_DAYS
from collector.coverage.progress import Count
from collector.store import ResponseCount
from collector.store.responses import REJECTED

#: Rows that triggers have added since the last folding from which folding pays.
FOLD_FROM = 10_000
#: Number of the lock of PostgreSQL that whoever folds holds: "fold" in ASCII.
FOLDING = 0x666F6C64

KEY = (
    ResponseCount.questionnaire_id,
    ResponseCount.place_id,
    ResponseCount.author_id,
    ResponseCount.received_on,
    ResponseCount.state,
    ResponseCount.is_test,
)


@dataclass(frozen=True)
class Wanted:
    """Which responses are counted. `place_ids` None: of all places and of none; `state` "": all but the rejected; days None: unbounded."""

    questionnaire_ids: Sequence[int]
    today: date
    place_ids: frozenset[int] | None = None
    state: str = ""
    from_day: date | None = None
    to_day: date | None = None
    author_id: str | None = None


def count_by_place(session: Session, wanted: Wanted) -> dict[int | None, Count]:
    """Counts by id of the place as responses give it; None for those whose place is not known."""
    return _count_by(session, ResponseCount.place_id, wanted)


def count_by_author(session: Session, wanted: Wanted) -> dict[str | None, Count]:
    """Counts by volunteer; None for those whose author is not known."""
    return _count_by(session, ResponseCount.author_id, wanted)


def count_by_day(session: Session, wanted: Wanted) -> dict[date, int]:
    """Responses that count, by the day of their arrival; days without any are left out."""
    query = (
        select(ResponseCount.received_on, func.sum(ResponseCount.number))
        .where(_of(wanted), _in_period(wanted), _counted(wanted))
        .group_by(ResponseCount.received_on)
    )
    return {day: int(number) for day, number in session.execute(query) if number}


def days_by_author(session: Session, wanted: Wanted) -> dict[str | None, int]:
    """On how many days a response of each volunteer arrived."""
    days = (
        select(ResponseCount.author_id)
        .where(_of(wanted), _in_period(wanted), _counted(wanted))
        .group_by(ResponseCount.author_id, ResponseCount.received_on)
        .having(func.sum(ResponseCount.number) > 0)
        .subquery()
    )
    query = select(days.c.author_id, func.count()).group_by(days.c.author_id)
    return dict(session.execute(query).all())


def _count_by(session: Session, column: InstrumentedAttribute[Any], wanted: Wanted) -> dict[Any, Count]:
    in_period, counted, day = _in_period(wanted), _counted(wanted), ResponseCount.received_on
    is_rejected = and_(ResponseCount.state == REJECTED, not_(ResponseCount.is_test))
    since = wanted.today - timedelta(days=PACE_DAYS - 1)
    query = (
        select(
            column,
            _sum(and_(in_period, counted)),
            _sum(and_(in_period, is_rejected)),
            _sum(and_(in_period, ResponseCount.is_test)),
            _sum(and_(counted, day == wanted.today)),
            _sum(and_(counted, day >= since, day <= wanted.today)),
            func.max(case((and_(in_period, counted, ResponseCount.number > 0), ResponseCount.last_at))),
        )
        .where(_of(wanted))
        .group_by(column)
    )
    return {
        key: Count(int(received), int(rejected), int(tests), int(today), int(recent), last_at if received else None)
        for key, received, rejected, tests, today, recent, last_at in session.execute(query)
    }


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, ResponseCount.number), else_=0)), 0)


def _of(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [ResponseCount.questionnaire_id.in_(wanted.questionnaire_ids)]
    if wanted.place_ids is not None:
        conditions.append(ResponseCount.place_id.in_(wanted.place_ids))
    if wanted.author_id is not None:
        conditions.append(ResponseCount.author_id == wanted.author_id)
    return and_(*conditions)


def _in_period(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.from_day is not None:
        conditions.append(ResponseCount.received_on >= wanted.from_day)
    if wanted.to_day is not None:
        conditions.append(ResponseCount.received_on <= wanted.to_day)
    return and_(*conditions)


def _counted(wanted: Wanted) -> ColumnElement[bool]:
    is_state = ResponseCount.state == wanted.state if wanted.state else ResponseCount.state != REJECTED
    return and_(not_(ResponseCount.is_test), is_state)


def needs_folding(session: Session) -> bool:
    """Tell whether so many rows have come since the last folding that it pays."""
    loose = select(ResponseCount.id).where(not_(ResponseCount.is_folded)).limit(FOLD_FROM + 1).subquery()
    return int(session.scalar(select(func.count()).select_from(loose)) or 0) > FOLD_FROM


def fold(session: Session) -> bool:
    """Make one row of all rows with the same key, of the days on which something has come; all sums stay. False: somebody else is at it.

    On PostgreSQL one statement takes away and adds, so that it sees the same rows in both: what others add meanwhile stays. SQLite has
    one writer at a time.
    """
    columns = [column.key for column in (*KEY, ResponseCount.number, ResponseCount.last_at, ResponseCount.is_folded)]
    days = select(ResponseCount.received_on).where(not_(ResponseCount.is_folded))
    if session.get_bind().dialect.name == "postgresql":
        if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": FOLDING}):
            return False
        of_days = delete(ResponseCount).where(ResponseCount.received_on.in_(days))
        gone = of_days.returning(ResponseCount.__table__).cte("gone")
        session.execute(insert(ResponseCount).from_select(columns, _folded(gone.c)))
        return True
    last = session.scalar(select(func.max(ResponseCount.id))) or 0
    is_meant = and_(ResponseCount.id <= last, ResponseCount.received_on.in_(days))
    session.execute(insert(ResponseCount).from_select(columns, _folded(ResponseCount.__table__.c).where(is_meant)))
    session.execute(delete(ResponseCount).where(is_meant).execution_options(synchronize_session=False))
    return True


def _folded(rows: Any) -> Any:
    """A row for each key; none where what came has gone again."""
    key = [rows[column.key] for column in KEY]
    return (
        select(*key, func.sum(rows.number), func.max(rows.last_at), literal(True))
        .group_by(*key)
        .having(func.sum(rows.number) != 0)
    )
