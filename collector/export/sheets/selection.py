"""Which responses and questions go out: what somebody wants of what they may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from collector.accounts.scope import WHOLE, Scope
from collector.errors import CollectorError
from collector.export.options import Options
from collector.export.sheets.tables import Table, is_within
from collector.place_order import read_order
from collector.questionnaires.personal import MADE_OF_ANSWERS
from collector.store import Questionnaire, Response, Version


@dataclass(frozen=True)
class Selection:
    """Which responses and columns go out. `scope`: of which places; `hidden`: paths of questions to leave out, None: none is.

    With `hidden`, what is made of answers is left out too (collector/questionnaires/personal.py), and what no version asks for: nobody
    has said what that is. `versions` (numbers) and `states`: none is all; `since` and `until`: days of arrival in the district, None is
    open.
    """

    scope: Scope = WHOLE
    with_tests: bool = False
    hidden: Collection[str] | None = None
    versions: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def concealed(self) -> frozenset[str]:
        """Paths from the form's root of the questions and groups that are left out."""
        return frozenset() if self.hidden is None else frozenset((*self.hidden, *MADE_OF_ANSWERS))

    def columns_of(self, table: Table) -> Table:
        """The table with the columns that go out."""
        return table if self.hidden is None else table.without(self.concealed)

    def shown(self, tables: Iterable[Table]) -> list[Table]:
        """The tables that go out, each with the columns that do. A repeat that is left out tells not even how many rows it has."""
        kept = (table for table in tables if not is_within("/".join(table.path), self.concealed))
        return [self.columns_of(table) for table in kept]

    def hides_file(self, path: str) -> bool:
        """Tell whether a file goes unseen, by the path that its document gives (`/data/members[2]/photo`)."""
        # The first name is the root's, whatever that is called.
        names = [name.partition("[")[0] for name in path.strip("/").split("/")[1:]]
        return self.hidden is not None and (not names or is_within("/".join(names), self.concealed))

    def conditions(self, questionnaire_id: int) -> list[ColumnElement[bool]]:
        """The same as conditions on responses to a questionnaire."""
        found: list[ColumnElement[bool]] = [
            Response.questionnaire_id == questionnaire_id,
            self.scope.condition(Response.place_id),
        ]
        if not self.with_tests:
            found.append(Response.is_test.is_(False))
        if self.versions:
            found.append(Response.version_id.in_(self._version_ids(questionnaire_id)))
        if self.states:
            found.append(Response.state.in_(self.states))
        if self.since is not None:
            found.append(Response.received_on >= self.since)
        if self.until is not None:
            found.append(Response.received_on <= self.until)
        return found

    def _version_ids(self, questionnaire_id: int) -> Select[Any]:
        return select(Version.id).where(Version.questionnaire_id == questionnaire_id, Version.number.in_(self.versions))


def selection_for(
    session: Session, questionnaire: Questionnaire, options: Options, scope: Scope, *, sees_personal: bool
) -> Selection:
    """What goes out to somebody of `scope` who wants it by `options`. Raises CollectorError `export_option` for a place unknown to them."""
    has_personal = sees_personal and options.personal
    return Selection(
        scope=narrowed(session, scope, options.places),
        with_tests=options.test,
        hidden=None if has_personal else frozenset(questionnaire.personal_fields),
        versions=options.versions,
        states=options.states,
        since=options.since,
        until=options.until,
    )


def narrowed(session: Session, scope: Scope, codes: Collection[str]) -> Scope:
    """The part of `scope` that belongs to the places with these codes and to all under them; all of it without codes."""
    if not codes:
        return scope
    order = read_order(session)
    wanted: set[int] = set()
    for code in codes:
        place = order.find(code)
        covered = {place_id for place_id in order.under([place.id]) if scope.covers(place_id)} if place else set()
        if not covered:
            # Whether a place outside of somebody's scope exists is none of their business.
            raise CollectorError("export_option", option="places", value=code[:100])
        wanted |= covered
    return Scope(frozenset(wanted))
