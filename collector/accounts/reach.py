"""Which people somebody sees and may change: what scope.py is for responses, for people."""

from dataclasses import dataclass

from flask import g
from flask_login import current_user

from collector.accounts.permissions import may_give_role
from collector.accounts.scope import Scope, current_scope
from collector.errors import CollectorError
from collector.store import User
from collector.store.people import OWNER, VOLUNTEER
from collector.store.session import reading


@dataclass(frozen=True)
class Reach:
    """What somebody with `role` who answers for the places of `scope` may do with other people."""

    user_id: str
    role: str
    scope: Scope
    sees_personal: bool = True

    def sees(self, user: User) -> bool:
        """Tell whether they see `user`: volunteers with a place in their part, people of the office with no place outside it."""
        if self.scope.is_whole or user.id == self.user_id:
            return True
        if user.role == VOLUNTEER:
            return any(self.scope.covers(assignment.place_id) for assignment in user.assignments)
        return self._is_inside(user)

    def may_change(self, user: User) -> bool:
        """Tell whether they may change all of `user`: not themselves, nobody with more rights, nobody with places elsewhere too."""
        return user.id != self.user_id and may_give_role(self.role, user.role) and self._is_inside(user)

    def may_give(self, role: str, *, sees_personal: bool = True) -> bool:
        """Tell whether they may make somebody a `role`, and let them see personal fields: nobody gives a right that they lack."""
        return may_give_role(self.role, role) and (self.sees_personal or not sees_personal)

    @property
    def needs_places(self) -> bool:
        """Whether people whom they add need a place: without one, all places would be theirs."""
        return not self.scope.is_whole

    def _is_inside(self, user: User) -> bool:
        if self.scope.is_whole:
            return True
        places = {assignment.place_id for assignment in user.assignments}
        # An owner answers for all places, whatever is assigned.
        return user.role != OWNER and bool(places) and all(self.scope.covers(place_id) for place_id in places)


def current_reach() -> Reach:
    """The reach of the person who is signed in."""
    if "reach" not in g:
        g.reach = Reach(current_user.id, current_user.role, current_scope(), current_user.sees_personal)
    reach: Reach = g.reach
    return reach


def find_user(user_id: str) -> User:
    """The person with `user_id`. Raises CollectorError `not_found`, also for somebody whom the reader does not see."""
    user = reading().get(User, user_id)
    if user is None or not current_reach().sees(user):
        raise CollectorError("not_found")
    return user


def find_changeable(user_id: str) -> User:
    """The person with `user_id`, who may be changed. Raises CollectorError `not_found` or `not_allowed`."""
    user = find_user(user_id)
    if not current_reach().may_change(user):
        raise CollectorError("not_allowed")
    return user
