"""What somebody may take out: the part of the places that is theirs, and whether personal answers go along.

A file lies for a day, and a person's rights change: it is given only to somebody who has the same rights as when it was made.
"""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector.accounts.permissions import may
from collector.accounts.scope import Scope, scope_of
from collector.errors import CollectorError
from collector.store import Questionnaire, User


@dataclass(frozen=True)
class Rights:
    """Of which places a person may take responses out, and whether with answers to personal questions."""

    scope: Scope
    sees_personal: bool

    def seal(self, questionnaire: Questionnaire) -> str:
        """What tells rights over a questionnaire from others: SHA-256, hex. For whoever may not see personal answers, another one once
        other questions are personal."""
        place_ids = None if self.scope.place_ids is None else sorted(self.scope.place_ids)
        hidden = None if self.sees_personal else sorted(questionnaire.personal_fields)
        return hashlib.sha256(json.dumps([place_ids, hidden]).encode()).hexdigest()


def rights_of(session: Session, user_id: str) -> Rights:
    """The rights that a person has now. Raises CollectorError `not_allowed` for somebody who left or may not export."""
    user = session.get(User, user_id)
    if user is None or not user.is_active or not may(user.role, "responses.export"):
        raise CollectorError("not_allowed")
    return Rights(scope_of(session, user.id, user.role), user.sees_personal)
