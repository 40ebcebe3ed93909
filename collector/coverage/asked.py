"""What a request for the board asks for: the filters of its address, held against what there is and what the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope, current_scope
from collector.coverage.counts import Wanted, fold, needs_folding
from collector.coverage.filters import ALL, Filters, read_filters
from collector.coverage.queries import Desk, find_questionnaire, list_questionnaires, read_desk
from collector.errors import CollectorError
from collector.languages import language, local_day
from collector.store import Place, Questionnaire
from collector.store.session import reading, reading_far, writing


@dataclass(frozen=True)
class Asked:
    """What is asked for: `chosen` is None for all questionnaires together; `under` the id of the place looked at."""

    filters: Filters
    questionnaires: Sequence[Questionnaire]
    chosen: Questionnaire | None
    scope: Scope
    today: date
    under: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no questionnaire to show."""
        return not self.questionnaires

    @property
    def wanted(self) -> Wanted:
        """What is counted; the places are still those of the whole scope."""
        chosen = [self.chosen] if self.chosen else [row for row in self.questionnaires if row.archived_at is None]
        return Wanted(
            [row.id for row in chosen],
            self.today,
            self.scope.place_ids,
            self.filters.state,
            self.filters.from_day,
            self.filters.to_day,
        )

    def read_desk(self) -> Desk:
        """The board that is asked for."""
        return read_desk(reading_far(), self.wanted, language(), self.scope, on=self.filters.on, under=self.under)


def read_asked() -> Asked:
    """Read the present request. Raises CollectorError `not_found` for a questionnaire or place that is not there or not theirs to see."""
    fold_counts()
    store, scope, today = reading(), current_scope(), local_day()
    filters = read_filters(request.args, today)
    questionnaires = list_questionnaires(store)
    chosen = None
    if filters.questionnaire != ALL:
        chosen = find_questionnaire(questionnaires, filters.questionnaire)
        if chosen is None and questionnaires:
            raise CollectorError("not_found")
        filters = filters.of(chosen.form_id if chosen else "")
    return Asked(filters, questionnaires, chosen, scope, today, find_place(store, scope, filters.under))


def find_place(store: Session, scope: Scope, code: str) -> int | None:
    """The id of the place with `code`, None for "". Raises CollectorError `not_found`, also for a place outside the scope."""
    if not code:
        return None
    place_id = store.scalar(select(Place.id).where(Place.code == code))
    if place_id is None:
        raise CollectorError("not_found")
    scope.require(place_id)
    return place_id


def fold_counts() -> None:
    """Fold the counts if many have come since the last time: whoever looks at the board keeps it quick."""
    if needs_folding(reading()):
        with writing() as store:
            fold(store)
