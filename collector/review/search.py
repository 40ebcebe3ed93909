"""Finding responses by words: of their name, place and volunteer, as collector/intake/terms.py cuts them, or by their id."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, false, func, literal, select
from sqlalchemy.orm import Session

from collector.intake.marks import mark_beginning, mark_word
from collector.intake.terms import MIN_BEGINNING, terms_of
from collector.review.filters import ID_BEGINNING
from collector.store import Response, ResponseTerm
from collector.store.sealed import keys_of_session

#: Words that the beginning of a word may stand for; more begin with it than anybody looks for.
MAX_ENDINGS = 20
#: Responses up to which those found by one of several words are listed by their ids; beyond that the list is gone along.
MANY = 5_000
_LATIN = re.compile(r"[^\W\u3000-\U0003ffff]+")


@dataclass(frozen=True)
class Search:
    """What a search asks for: `term`, which every response found has, is where to begin ("" without one); and further conditions."""

    term: str
    conditions: tuple[ColumnElement[bool], ...]


def read_search(session: Session, text: str) -> Search:
    """The search for all words of `text`; its last one may be the beginning of a word. No word at all finds nothing."""
    by_id = _id_condition(session, text.lower())
    if by_id is not None:
        return Search("", (by_id,))
    wanted = find_wanted(session, text)
    if not wanted or not all(wanted):
        return Search("", (false(),))
    single = [terms[0] for terms in wanted if len(terms) == 1]
    conditions = [has_term([term]) for term in single[1:]]
    conditions += [has_any(session, terms) for terms in wanted if len(terms) > 1]
    return Search(single[0] if single else "", tuple(conditions))


def find_wanted(session: Session, text: str) -> list[list[str]]:
    """For each word of `text` what may stand for it and is there: the word itself, of a place or volunteer, or what stands for it in
    a name; for the last one also what begins with it.
    """
    keys = keys_of_session(session)
    last = text.split()[-1] if text.split() else ""
    words = sorted(terms_of(text), key=lambda term: (-len(term), term))
    wanted = []
    if _LATIN.fullmatch(last) and len(last) >= MIN_BEGINNING:
        [word] = terms_of(last)
        hidden = [mark_word(keys, word), mark_beginning(keys, word)]
        wanted.append([*find_endings(session, word), *_stored(session, hidden)])
        words = [term for term in words if term != word or word in terms_of(text[: -len(last)])]
    return [*(_stored(session, [word, mark_word(keys, word)]) for word in words), *wanted]


def _stored(session: Session, terms: list[str]) -> list[str]:
    """Those of `terms` that any response has."""
    return [term for term in terms if session.scalar(select(literal(1)).where(ResponseTerm.term == term).limit(1))]


def find_endings(session: Session, beginning: str) -> list[str]:
    """The words that begin so, at most `MAX_ENDINGS`, in their order: each found from the one before, by the index."""
    found: list[str] = []
    following = ResponseTerm.term >= beginning
    while len(found) < MAX_ENDINGS:
        term = session.scalar(select(func.min(ResponseTerm.term)).where(following))
        if term is None or not term.startswith(beginning):
            break
        found.append(term)
        following = ResponseTerm.term > term
    return found


def has_term(terms: list[str]) -> ColumnElement[bool]:
    """The condition that a response has one of `terms`. Its moment is named too, so that the key of the terms finds it."""
    same = (ResponseTerm.received_at == Response.received_at, ResponseTerm.response_id == Response.id)
    return exists().where(ResponseTerm.term.in_(terms), *same).correlate(Response)


def has_any(session: Session, terms: list[str]) -> ColumnElement[bool]:
    """The condition that a response has one of `terms`: where few do, it is looked for among their ids."""
    few = select(literal(1)).where(ResponseTerm.term.in_(terms)).limit(MANY).subquery()
    if (session.scalar(select(func.count()).select_from(few)) or 0) >= MANY:
        return has_term(terms)
    return Response.id.in_(select(ResponseTerm.response_id).where(ResponseTerm.term.in_(terms)))


def _id_condition(session: Session, text: str) -> ColumnElement[bool] | None:
    """The condition that the id begins with `text`; None where that is no beginning of an id that there is."""
    if not ID_BEGINNING.fullmatch(text):
        return None
    if len(text) == 36:
        return Response.id == text
    # The range is what the index can look in; no hexadecimal digit comes after "f".
    beginning = Response.id.between(text[:8], f"{text[:8]}g") & Response.id.startswith(text)
    return beginning if session.scalar(select(Response.id).where(beginning).limit(1)) else None
