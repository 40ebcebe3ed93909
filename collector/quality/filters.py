"""Which responses the pages of quality look at: the newest of those that the address asks for and the person may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.languages import read_day
from collector.place_order import read_order
from collector.store import Questionnaire, Response
from collector.store.responses import REJECTED, STATES

#: Responses that a page is drawn from, at most: the newest ones. More would make people wait, and say the same.
MOST = 20_000


@dataclass(frozen=True)
class Filters:
    """What narrows the responses of a questionnaire; "" and None: nothing. `place` is a code, days are those of arrival."""

    place: str = ""
    state: str = ""
    author: str = ""
    from_day: date | None = None
    to_day: date | None = None

    def as_arguments(self) -> dict[str, str]:
        """The arguments of an address that shows the same."""
        arguments = {
            "place": self.place,
            "state": self.state,
            "author": self.author,
            "from": self.from_day.isoformat() if self.from_day else "",
            "to": self.to_day.isoformat() if self.to_day else "",
        }
        return {name: value for name, value in arguments.items() if value}


def read_filters(arguments: Any) -> Filters:
    """Read the arguments of an address. What makes no sense filters nothing."""
    state = arguments.get("state", "")
    return Filters(
        place=arguments.get("place", "")[:40],
        state=state if state in STATES else "",
        author=arguments.get("author", "")[:36],
        from_day=read_day(arguments.get("from", "")),
        to_day=read_day(arguments.get("to", "")),
    )


def newest(
    session: Session, questionnaire: Questionnaire, scope: Scope, filters: Filters, columns: Any = (Response.id,)
) -> Select[Any]:
    """The newest responses, `MOST` at most: `columns` of them. Tests only while it is tried out, rejected ones only if asked for."""
    query = (
        select(*columns)
        .where(Response.questionnaire_id == questionnaire.id, Response.is_test == questionnaire.is_testing)
        .where(scope.condition(Response.place_id))
    )
    query = query.where(Response.state == filters.state if filters.state else Response.state != REJECTED)
    if filters.place:
        order = read_order(session)
        node = order.find(filters.place)
        query = query.where(Response.place_id.in_(order.under([node.id]) if node else []))
    if filters.author:
        query = query.where(Response.author_id == filters.author)
    if filters.from_day:
        query = query.where(Response.received_on >= filters.from_day)
    if filters.to_day:
        query = query.where(Response.received_on <= filters.to_day)
    return query.order_by(Response.received_at.desc(), Response.id.desc()).limit(MOST)
