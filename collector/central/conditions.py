"""A filter -> a condition on responses: what its names mean, and which of them can be compared how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, extract, false, func, literal, not_, or_, select, true

from collector.central.filters import (
    Comparison,
    Expression,
    Field,
    Joined,
    Literal,
    Negated,
    Operand,
    Part,
    unreadable,
    unsupported,
)
from collector.central.review_states import REVIEW_STATES
from collector.errors import CollectorError
from collector.store import Decision, Erasure, Response, Revision

OPERATORS = {"eq": eq, "ne": ne, "lt": lt, "le": le, "gt": gt, "ge": ge}
#: The same with the sides exchanged.
MIRRORED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
SUBMITTED, UPDATED = "__system/submissionDate", "__system/updatedAt"
#: In filters of a repeat's table, what a property of the response begins with.
ROOT = "$root/Submissions/"


@dataclass(frozen=True)
class Names:
    """What a condition needs to know: `people`, their ids by number, and whether the database is SQLite."""

    people: Mapping[int, str]
    is_sqlite: bool


def updated_at() -> ColumnElement[Any]:
    """When a response was last revised, decided about, or its answers erased; none where it is as it came."""
    revised = (
        select(func.max(Revision.received_at, type_=Revision.received_at.type))
        .where(Revision.response_id == Response.id, Revision.number > 1)
        .correlate(Response)
        .scalar_subquery()
    )
    moment = func.coalesce(Decision.undone_at, Decision.at)
    decided = (
        select(func.max(moment, type_=Revision.received_at.type))
        .where(Decision.response_id == Response.id)
        .correlate(Response)
        .scalar_subquery()
    )
    erased = (
        select(func.max(Erasure.at, type_=Revision.received_at.type))
        .where(Erasure.response_id == Response.id)
        .correlate(Response)
        .scalar_subquery()
    )
    return later(later(revised, decided), erased)


def later(one: Any, other: Any) -> ColumnElement[Any]:
    """The later of two moments, each of which may be none."""
    return case((or_(one.is_(None), other > one), other), else_=one)


def condition_of(expression: Expression, names: Names) -> ColumnElement[bool]:
    """The condition. Raises CollectorError `odata_filter`, `odata_filter_unsupported`, `odata_field_unsupported`."""
    if isinstance(expression, Negated):
        return not_(condition_of(expression.inner, names))
    if isinstance(expression, Joined):
        sides = condition_of(expression.left, names), condition_of(expression.right, names)
        return and_(*sides) if expression.operator == "and" else or_(*sides)
    return _compared(expression, names)


def _compared(comparison: Comparison, names: Names) -> ColumnElement[bool]:
    left, right, operator = comparison.left, comparison.right, comparison.operator
    if isinstance(left, Literal) or (isinstance(left, Part) and isinstance(left.of, Literal)):
        left, right, operator = right, left, MIRRORED[operator]
    name = _name(left)
    if name in (SUBMITTED, UPDATED):
        return _moments(name, left, operator, right, names)
    if isinstance(right, Literal) and isinstance(left, Field):
        if operator not in ("eq", "ne"):
            raise unsupported(operator, comparison.at)
        found = _equal(name, right, names)
        return found if operator == "eq" else not_(found)
    raise unsupported(operator, comparison.at)


def _name(operand: Operand) -> str:
    """The property that an operand is about, without the part of the address in front of it."""
    inner = operand.of if isinstance(operand, Part) else operand
    if isinstance(inner, Literal):
        raise unsupported(str(inner.value), inner.at)
    name = inner.name.removeprefix(ROOT)
    if name not in (SUBMITTED, UPDATED, *_EQUAL):
        raise CollectorError("odata_field_unsupported", text=inner.name[:60], at=inner.at)
    return name


def _moments(name: str, left: Operand, operator: str, right: Operand, names: Names) -> ColumnElement[bool]:
    """A comparison with a moment of a response, or with a part of it.

    Where there is no such moment only `ne` holds (OData 4.0, part 2, section 5.1.1.1).
    """
    column: ColumnElement[Any] = Response.received_at.expression if name == SUBMITTED else updated_at()
    if isinstance(right, Literal) and right.value is None and isinstance(left, Field):
        if operator not in ("eq", "ne"):
            raise unreadable(operator, right.at)
        return column.is_(None) if operator == "eq" else column.is_not(None)
    if isinstance(left, Part) != _is_part(right):
        raise unreadable(name, left.at)
    side = _side(right, names)
    mine = _part(left.name, column, names) if isinstance(left, Part) else column
    found: ColumnElement[bool] = OPERATORS[operator](mine, side)
    if name == SUBMITTED and _is_plain(right):
        return found
    return (
        or_(column.is_(None), found) if operator == "ne" else and_(column.is_not(None), func.coalesce(found, false()))
    )


def _is_part(operand: Operand) -> bool:
    """Whether an operand is a number, as parts of moments are."""
    return isinstance(operand, Part) or (isinstance(operand, Literal) and type(operand.value) is int)


def _is_plain(operand: Operand) -> bool:
    inner = operand.of if isinstance(operand, Part) else operand
    return isinstance(inner, Literal)


def _side(operand: Operand, names: Names) -> Any:
    """The other side of a comparison with a moment or its part."""
    if isinstance(operand, Part) and isinstance(operand.of, Literal):
        if not isinstance(operand.of.value, datetime):
            raise unreadable(operand.name, operand.at)
        return getattr(operand.of.value, operand.name)
    if isinstance(operand, Literal):
        if type(operand.value) is int or isinstance(operand.value, datetime):
            return operand.value
        raise unreadable(str(operand.value), operand.at)
    name = _name(operand)
    if name not in (SUBMITTED, UPDATED):
        raise unsupported(name, operand.at)
    column: ColumnElement[Any] = Response.received_at.expression if name == SUBMITTED else updated_at()
    return _part(operand.name, column, names) if isinstance(operand, Part) else column


def _part(name: str, column: ColumnElement[Any], names: Names) -> ColumnElement[int]:
    """A part of a moment, in UTC. PostgreSQL would take it in the connection's own zone."""
    if names.is_sqlite:
        return extract(name, column)
    return cast(func.floor(extract(name, func.timezone("UTC", column))), Integer)


def _equal(name: str, value: Literal, names: Names) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _EQUAL[name](value, names)
    return found


def _is_submitter(value: Literal, names: Names) -> ColumnElement[bool]:
    if value.value is None:
        return Response.author_id.is_(None)
    number = str(value.value)
    person = names.people.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
    return and_(Response.author_id.is_not(None), Response.author_id == person) if person else false()


def _is_reviewed(value: Literal, names: Names) -> ColumnElement[bool]:
    states = [state for state, review in REVIEW_STATES.items() if review == value.value]
    return Response.state.in_(states) if states else false()


def _is_deleted(value: Literal, names: Names) -> ColumnElement[bool]:
    """Deleted responses are not kept, so that none has this moment."""
    return true() if value.value is None else false()


def _is_instance(value: Literal, names: Names) -> ColumnElement[bool]:
    return Response.id == literal(str(value.value).removeprefix("uuid:"))


_EQUAL = {
    "__system/submitterId": _is_submitter,
    "__system/reviewState": _is_reviewed,
    "__system/deletedAt": _is_deleted,
    "__id": _is_instance,
}
