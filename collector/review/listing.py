"""Pages of the list of responses: each found by an index from the last one of the page before, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal_column, or_, select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope
from collector.languages import local_moment
from collector.place_order import read_order
from collector.review.filters import BOTH, NO_CONSENT, REAL, SORTS, TESTS, UNASSIGNED, Filters
from collector.review.search import has_term, read_search
from collector.store import Questionnaire, Response, ResponseCount, ResponseFlag, ResponseTerm, Revision

#: Responses on a page.
PAGE_SIZE = 50
#: Responses that are decided about at once, at most.
MAX_AT_ONCE = 10_000


def find_page(session: Session, filters: Filters, scope: Scope) -> tuple[list[Response], str, str]:
    """One page: its responses, and the ids from which the page before and the one after begin, "" without one."""
    is_back = bool(filters.before)
    anchor = session.get(Response, filters.before or filters.after) if filters.before or filters.after else None
    found = list(session.scalars(walk(session, select(Response), filters, scope, anchor, is_back).limit(PAGE_SIZE + 1)))
    has_more, shown = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_back:
        shown.reverse()
    if not shown:
        return [], "", ""
    has_before = has_more if is_back else anchor is not None
    has_after = anchor is not None if is_back else has_more
    return shown, shown[0].id if has_before else "", shown[-1].id if has_after else ""


def find_neighbours(session: Session, filters: Filters, scope: Scope, response: Response) -> tuple[str, str]:
    """Ids of the responses before and after one in the order of the list, "" without."""
    before, after = (
        session.scalar(walk(session, select(Response.id), filters, scope, response, is_back).limit(1)) or ""
        for is_back in (True, False)
    )
    return before, after


def find_ids(session: Session, filters: Filters, scope: Scope, limit: int = MAX_AT_ONCE) -> list[str]:
    """Ids of all that the filters let through, in the order of the list, at most `limit`."""
    return list(session.scalars(walk(session, select(Response.id), filters, scope, None, False).limit(limit)))


def walk(
    session: Session, query: Select[Any], filters: Filters, scope: Scope, anchor: Response | None, is_back: bool
) -> Select[Any]:
    """`query` over what the filters let through, in their order, from `anchor` on; `is_back`: the other way round."""
    column_name, is_descending = SORTS[filters.sort]
    column: Any = getattr(Response, column_name)
    id_column: Any = Response.id
    query = query.where(scope.condition(Response.place_id), *conditions(session, filters))
    if filters.search:
        search = read_search(session, filters.search)
        query = query.where(*search.conditions)
        if search.term and column_name == "received_at":
            # Along the rows of that word, which are in the order of arrival, instead of along all responses.
            query = query.join(ResponseTerm, ResponseTerm.response_id == Response.id)
            query = query.where(ResponseTerm.term == search.term)
            column, id_column = ResponseTerm.received_at, ResponseTerm.response_id
        elif search.term:
            query = query.where(has_term([search.term]))
    goes_down = is_descending != is_back
    if anchor is not None:
        query = query.where(beyond(column, id_column, getattr(anchor, column_name), anchor.id, goes_down))
    directed = (column.desc(), id_column.desc()) if goes_down else (column.asc(), id_column.asc())
    return query.order_by(*directed)


def beyond(column: Any, id_column: Any, value: Any, id_: str, goes_down: bool) -> ColumnElement[bool]:
    """The condition that a row comes after the one with `value` and `id_`. The first comparison is what an index begins at."""
    if goes_down:
        return and_(column <= value, or_(column < value, id_column < id_))
    return and_(column >= value, or_(column > value, id_column > id_))


def conditions(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    """What the filters let through, but for the search."""
    # The numbers stand in the text of the query: indexes of the few that meet a condition are used only then.
    found = shared_conditions(session, filters, Response)
    if filters.since:
        found.append(Response.received_at >= local_moment(datetime.combine(filters.since, time())))
    if filters.until:
        found.append(Response.received_at < local_moment(datetime.combine(filters.until + timedelta(days=1), time())))
    if filters.flag:
        of_flag = (ResponseFlag.response_id == Response.id, ResponseFlag.code == filters.flag)
        found.append(select(ResponseFlag.code).where(*of_flag).exists())
    if filters.is_flagged:
        found.append(Response.flag_count > literal_column("0"))
    if filters.is_missing_files:
        found.append(Response.missing_files > literal_column("0"))
    if filters.is_conflicted:
        found.append(and_(Response.is_conflicted))
    if filters.is_edited:
        found.append(Response.id.in_(select(Revision.response_id).where(Revision.edited_by.is_not(None))))
    if filters.consent:
        found.append(
            Response.consent.is_(None) if filters.consent == NO_CONSENT else Response.consent == filters.consent
        )
    if filters.is_erased:
        found.append(Response.erased != "")
    if filters.tests != BOTH:
        found.append(and_(Response.is_test) if filters.tests == TESTS else ~Response.is_test)
    return found


def shared_conditions(session: Session, filters: Filters, table: Any) -> list[ColumnElement[bool]]:
    """What responses and the counts of them (`table`) are filtered by in the same way."""
    found: list[ColumnElement[bool]] = []
    if filters.questionnaire:
        number = session.scalar(select(Questionnaire.id).where(Questionnaire.form_id == filters.questionnaire))
        found.append(table.questionnaire_id == number if number else false())
    if filters.place:
        found.append(in_place(session, filters.place, table.place_id))
    if filters.author:
        found.append(table.author_id == filters.author)
    if filters.state:
        found.append(table.state == filters.state)
    return found


def in_place(session: Session, code: str, column: Any) -> ColumnElement[bool]:
    """The condition that a response counts for the place with `code` or for one under it; `-`: for no community that there is."""
    order = read_order(session)
    if code == UNASSIGNED:
        communities = {node.id for node in order.communities}
        others = [place_id for place_id in order.nodes if order.counts_for.get(place_id) not in communities]
        return or_(column.is_(None), column.in_(others))
    node = order.find(code)
    wanted: Sequence[int] = sorted(order.under([node.id])) if node else ()
    if not wanted:
        return false()
    return column == wanted[0] if len(wanted) == 1 else column.in_(wanted)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Total:
    """How many responses the filters let through, tests apart."""

    real: int
    tests: int

    def shown(self, filters: Filters) -> int:
        """How many of them the list shows."""
        return {REAL: self.real, TESTS: self.tests}.get(filters.tests, self.real + self.tests)


def count_matching(session: Session, filters: Filters, scope: Scope) -> Total | None:
    """How many responses the filters let through, from the counts that the database keeps; None where those do not tell."""
    if not filters.is_counted:
        return None
    query = select(ResponseCount.is_test, func.sum(ResponseCount.number)).group_by(ResponseCount.is_test)
    query = query.where(scope.condition(ResponseCount.place_id))
    query = query.where(*shared_conditions(session, filters, ResponseCount))
    if filters.since:
        query = query.where(ResponseCount.received_on >= filters.since)
    if filters.until:
        query = query.where(ResponseCount.received_on <= filters.until)
    counts = {row[0]: row[1] for row in session.execute(query)}
    return Total(counts.get(False, 0), counts.get(True, 0))
