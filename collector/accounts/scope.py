"""Which part of the places somebody answers for. Every list, count, map, search, file and export goes through here."""

from dataclasses import dataclass
from typing import Any

from flask import g
from flask_login import current_user
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.place_order import read_order
from collector.store import Assignment
from collector.store.people import OWNER
from collector.store.session import reading


@dataclass(frozen=True)
class Scope:
    """Ids of the places whose responses somebody may see, ended places too; None: all, and what belongs to no place."""

    place_ids: frozenset[int] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is all places."""
        return self.place_ids is None

    def covers(self, place_id: int | None) -> bool:
        """Tell whether what belongs to `place_id` (None: to no known place) is in it."""
        return self.place_ids is None or place_id in self.place_ids

    def condition(self, column: Any) -> ColumnElement[bool]:
        """The same as a condition on a column of place ids."""
        return true() if self.place_ids is None else column.in_(self.place_ids)

    def require(self, place_id: int | None) -> None:
        """Raises CollectorError `not_found` for what is outside: its existence is nobody else's business."""
        if not self.covers(place_id):
            raise CollectorError("not_found")


WHOLE = Scope()


def scope_of(session: Session, user_id: str, role: str) -> Scope:
    """The scope of a person: an owner answers for all; others for the places assigned to them and all under them, for all without any."""
    if role == OWNER:
        return WHOLE
    assigned = set(session.scalars(select(Assignment.place_id).where(Assignment.user_id == user_id)))
    return Scope(read_order(session).under(assigned)) if assigned else WHOLE


def current_scope() -> Scope:
    """The scope of the person who is signed in, read once a request."""
    if "scope" not in g:
        g.scope = scope_of(reading(), current_user.id, current_user.role)
    scope: Scope = g.scope
    return scope
