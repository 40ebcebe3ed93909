"""What happened to a response, newest first: revisions of phones, answers that the office changed, decisions, comments."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.review.answers import Item
from collector.review.compare import Line, compare
from collector.review.rows import names_of
from collector.store import Comment, Decision, JournalEntry, Revision

#: Changes of answers by the office that are shown with their lines; earlier ones can be compared as revisions.
MAX_CHANGES = 20

ARRIVED, EDITED, DECIDED, COMMENTED, CHOSEN = "arrived", "edited", "decided", "commented", "chosen"


@dataclass(frozen=True)
class Event:
    """One thing that happened: `by` whom or from which phone; `text` is a reason or remark as it was written.

    `number` and `base`: the revision that came and the one that it was made from. `lines`: answers that the office changed, old and new.
    """

    kind: str
    at: datetime
    by: str = ""
    text: str = ""
    number: int | None = None
    base: int | None = None
    from_state: str = ""
    to_state: str = ""
    is_undone: bool = False
    lines: Sequence[Line] = ()


def read_history(
    session: Session,
    response_id: str,
    revisions: Sequence[tuple[Revision, str]],
    read: Callable[[Revision], list[Item]],
) -> list[Event]:
    """The history of a response. `revisions` are its revisions with the phones that sent them, newest first.

    `read` gives the answers of a revision as the reader may see them.
    """
    decisions = session.scalars(select(Decision).where(Decision.response_id == response_id)).all()
    comments = session.scalars(select(Comment).where(Comment.response_id == response_id)).all()
    of_response = (JournalEntry.action == "conflict.choose", JournalEntry.subject == response_id)
    choices = session.scalars(select(JournalEntry).where(*of_response)).all()
    names = names_of(
        session,
        [
            *(decision.by for decision in decisions),
            *(comment.by for comment in comments),
            *(choice.user_id for choice in choices),
            *(revision.edited_by for revision, _phone in revisions),
        ],
    )
    events = [Event(COMMENTED, one.at, names.get(one.by or "", ""), one.text) for one in comments]
    events += [
        Event(
            DECIDED,
            one.at,
            names.get(one.by or "", ""),
            one.reason,
            number=one.revision,
            from_state=one.from_state,
            to_state=one.to_state,
            is_undone=one.undone_at is not None,
        )
        for one in decisions
    ]
    events += [
        Event(CHOSEN, choice.at, names.get(choice.user_id or "", ""), number=choice.details.get("revision"))
        for choice in choices
    ]
    events += _revision_events(revisions, names, read)
    return sorted(events, key=lambda event: event.at, reverse=True)


def _revision_events(
    revisions: Sequence[tuple[Revision, str]], names: dict[str, str], read: Callable[[Revision], list[Item]]
) -> list[Event]:
    by_number = {revision.number: revision for revision, _phone in revisions}
    events, changes = [], 0
    for revision, phone in revisions:
        if revision.edited_by is None:
            events.append(Event(ARRIVED, revision.received_at, phone, number=revision.number, base=revision.base))
            continue
        base = by_number.get(revision.base or 0)
        lines: list[Line] = []
        if base is not None and changes < MAX_CHANGES:
            changes += 1
            lines = [line for line in compare([read(base), read(revision)]) if line.differs]
        by = names.get(revision.edited_by, "")
        events.append(
            Event(EDITED, revision.received_at, by, revision.edit_reason, revision.number, revision.base, lines=lines)
        )
    return events


def answers_of(revision: Revision) -> dict[str, object]:
    """The answers in a revision's document."""
    answers: dict[str, object] = json.loads(revision.document)["answers"]
    return answers
