"""Responses that may be of the same respondent: those with the same key, unless somebody said that they are not the same."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.review.columns import Column
from collector.store import NoDuplicate, Response
from collector.store.responses import REJECTED

#: Groups on a page, and keys that are looked at for them: groups that are settled are passed over.
PAGE_SIZE, MAX_KEYS = 10, 300
#: Members of a group that are named; there may be thousands where the questions are badly chosen.
MAX_MEMBERS = 20
#: Questions whose answers, together, often tell a respondent: by their names and labels.
_LIKELY = re.compile(
    r"(?:^|[^a-z])(?:names?|surname|head|door|dwelling|house_?no|address|phone|mobile|tel|id_?(?:card|no|number)?|birth|dob)(?:[^a-z]|$)"
    r"|姓名|户主|门牌|住址|地址|楼|室|电话|手机|身份证|出生",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Group:
    """Responses with the same key, the earliest first, at most `MAX_MEMBERS` of `count`."""

    key: str
    count: int
    members: Sequence[Response]


def find_groups(session: Session, questionnaire_id: int, scope: Scope, after: str = "") -> tuple[list[Group], str]:
    """One page of groups that nobody has settled, and the key after which the next page begins, "" on the last."""
    found: list[Group] = []
    counted = (
        select(Response.duplicate_key, func.count())
        .where(*comparable(questionnaire_id, scope), Response.duplicate_key > after)
        .group_by(Response.duplicate_key)
        .having(func.count() > 1)
        .order_by(Response.duplicate_key)
        .limit(MAX_KEYS)
    )
    keys = [(str(row[0]), row[1]) for row in session.execute(counted)]
    for key, count in keys:
        members = session.scalars(
            select(Response)
            .where(*comparable(questionnaire_id, scope), Response.duplicate_key == key)
            .order_by(Response.received_at, Response.id)
            .limit(MAX_MEMBERS)
        ).all()
        if not is_settled(session, [member.id for member in members]):
            found.append(Group(key, count, members))
        if len(found) == PAGE_SIZE:
            return found, key if key != keys[-1][0] or len(keys) == MAX_KEYS else ""
    return found, keys[-1][0] if len(keys) == MAX_KEYS else ""


def comparable(questionnaire_id: int, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The conditions for responses that are compared: neither tests nor rejected ones."""
    return (
        Response.questionnaire_id == questionnaire_id,
        Response.duplicate_key.is_not(None),
        Response.state != REJECTED,
        ~Response.is_test,
        scope.condition(Response.place_id),
    )


def is_settled(session: Session, ids: Sequence[str]) -> bool:
    """Tell whether somebody said of every pair of these that they are not the same."""
    apart = select(NoDuplicate.one_id, NoDuplicate.other_id).where(
        NoDuplicate.one_id.in_(ids), NoDuplicate.other_id.in_(ids)
    )
    known = {(row.one_id, row.other_id) for row in session.execute(apart)}
    return all(pair in known for pair in combinations(sorted(ids), 2))


def key_choices(columns: Iterable[Column]) -> list[tuple[Column, bool]]:
    """The questions that may be part of a key, those that are likely ones first, each with whether it is one."""
    rated = [(column, _LIKELY.search(f"{column.path} {column.label}") is not None) for column in columns]
    return sorted(rated, key=lambda pair: not pair[1])
