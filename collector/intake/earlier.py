"""What releases before the data keys drew from responses: words of names, spots and hashes that anybody could read become keyed hashes.

Some at a time, each in a transaction of the caller's, until nothing is left; what was interrupted goes on where it was.
"""

from typing import Any

from sqlalchemy import Table, delete, not_, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from collector.intake.marks import ANSWERS, DUPLICATES, SPOT, mark_value, marks_of
from collector.intake.terms import terms_of
from collector.store import Place, PlaceState, Response, ResponseTerm, User
from collector.store.data_keys import MARK
from collector.store.derived import Measures
from collector.store.sealed import keys_of_session

#: Rows that are read at a time.
BATCH = 2_000
#: Characters of a response's id that are among its words (derived.py).
ID_BEGINNING = 8


def has_earlier(session: Session) -> bool:
    """Tell whether anything is left as it was. What responses are compared by is done last, so that it tells for the words too."""
    of_response = select(Response.id).where(Response.duplicate_key.not_like(f"{MARK}%")).limit(1)
    return session.scalar(select(Measures.response_id).where(_is_plain()).limit(1)) is not None or (
        session.scalar(of_response) is not None
    )


def known_words(session: Session) -> frozenset[str]:
    """Words of places and people, past names of places too: other tables hold them as well."""
    texts = list(session.scalars(select(User.name)))
    texts += session.scalars(select(Place.code))
    texts += session.scalars(select(Response.place_code).distinct())
    for column in (Place.names, PlaceState.names):
        texts += [name for names in session.scalars(select(column)) for name in names.values()]
    return frozenset().union(*(terms_of(text) for text in texts))


def mark_some_words(session: Session, known: frozenset[str], after: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Hide those of the next words that are not `known`. Gives the last one that was looked at; None at the end."""
    keys = keys_of_session(session)
    key = (ResponseTerm.term, ResponseTerm.received_at, ResponseTerm.response_id)
    query = select(*key).where(ResponseTerm.term.not_like(f"{MARK}%")).order_by(*key).limit(BATCH)
    rows = session.execute(query.where(tuple_(*key) > tuple_(*after)) if after else query).all()
    hidden = [row for row in rows if row.term not in known and row.term != row.response_id[:ID_BEGINNING]]
    for row in hidden:
        session.execute(delete(ResponseTerm).where(*(column == value for column, value in zip(key, row, strict=True))))
    marks = [
        {"term": mark, "received_at": row.received_at, "response_id": row.response_id}
        for row in hidden
        for mark in sorted(marks_of(keys, row.term))
    ]
    if marks:
        make: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
        session.execute(make(ResponseTerm).on_conflict_do_nothing(), marks)
    return tuple(rows[-1]) if len(rows) == BATCH else None


def mark_some_measures(session: Session) -> int:
    """Turn spots and hashes of answers of some responses into keyed hashes. Gives how many."""
    keys, table = keys_of_session(session), Measures.__table__
    assert isinstance(table, Table)
    rows = session.execute(
        select(Measures.response_id, Measures.spot, Measures.answers_hash).where(_is_plain()).limit(BATCH)
    )
    done = 0
    for row in rows.all():
        values = {
            name: value if not value or value.startswith(MARK) else mark_value(keys, purpose, value)
            for name, purpose, value in (("spot", SPOT, row.spot), ("answers_hash", ANSWERS, row.answers_hash))
        }
        session.execute(update(table).where(table.c.response_id == row.response_id).values(values))
        done += 1
    return done


def mark_some_keys(session: Session) -> int:
    """Turn the keys of duplicates of some responses into keyed hashes. Gives how many."""
    keys, table = keys_of_session(session), Response.__table__
    assert isinstance(table, Table)
    is_plain = table.c.duplicate_key.not_like(f"{MARK}%")
    rows = session.execute(select(table.c.id, table.c.duplicate_key).where(is_plain).limit(BATCH)).all()
    for row in rows:
        marked = mark_value(keys, DUPLICATES, row.duplicate_key)
        session.execute(update(table).where(table.c.id == row.id).values(duplicate_key=marked))
    return len(rows)


def _is_plain() -> Any:
    has_answers = (Measures.answers_hash != "") & not_(Measures.answers_hash.like(f"{MARK}%"))
    return or_(Measures.spot.not_like(f"{MARK}%"), has_answers)
