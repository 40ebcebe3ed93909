"""The list of questionnaires: which ones are shown, and what is told of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.queries import QuestionnaireRow, list_questionnaires, title_of
from collector.questionnaires.states import STATES, state_of
from collector.store import User, utc_now


@dataclass(frozen=True)
class ListFilter:
    """What is looked for: a state ("" for all but the archived ones), and a word of the title or form id."""

    state: str = ""
    words: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """The filter that an address asks for; what it does not know is left out."""
        state = args.get("state", "")
        return cls(state if state in STATES else "", args.get("q", "").strip())

    def takes(self, row: QuestionnaireRow, state: str, title: str) -> bool:
        """Tell whether a questionnaire is shown."""
        is_wanted = state == self.state if self.state else state != "archived"
        return is_wanted and self.words.casefold() in f"{title}\n{row.questionnaire.form_id}".casefold()


@dataclass(frozen=True)
class ListedRow:
    """A questionnaire with its title, its state and the name of who published its current version."""

    row: QuestionnaireRow
    title: str
    state: str
    published_by: str


@dataclass(frozen=True)
class Listed:
    """What the list shows, and how many questionnaires there are in all, and in the archive."""

    rows: Sequence[ListedRow]
    count: int
    archived: int


def listed(session: Session, wanted: ListFilter, language: str) -> Listed:
    """The questionnaires that `wanted` takes, in the order in which they were made."""
    now = utc_now()
    rows = list_questionnaires(session)
    publishers = {row.current.published_by for row in rows if row.current and row.current.published_by}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(publishers))).all())
    shown = []
    for row in rows:
        state, title = state_of(row.questionnaire, now), title_of(row.newest, language)
        if wanted.takes(row, state, title):
            by = row.current.published_by if row.current else None
            shown.append(ListedRow(row, title, state, names.get(by or "", "")))
    return Listed(shown, len(rows), sum(row.questionnaire.archived_at is not None for row in rows))
