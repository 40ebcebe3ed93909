"""Finding responses by words: of their name, place and volunteer, as collector/intake/terms.py cuts them, or by their id."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, false, func, select
from sqlalchemy.orm import Session

from collector.intake.terms import terms_of
from collector.review.filters import ID_BEGINNING
from collector.store import Response, ResponseTerm

#: Words that the beginning of a word may stand for; more begin with it than anybody looks for.
MAX_ENDINGS = 20
#: Beginnings shorter than this are looked for as whole words.
MIN_BEGINNING = 2
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
    terms = sorted(terms_of(text), key=lambda term: (-len(term), term))
    last = text.split()[-1] if text.split() else ""
    endings = None
    if _LATIN.fullmatch(last) and len(last) >= MIN_BEGINNING:
        [word] = terms_of(last)
        endings = find_endings(session, word)
        terms = [term for term in terms if term != word or len(terms_of(text[: -len(last)]) & {word})]
        if len(endings) == 1:
            terms, endings = [*terms, *(ending for ending in endings if ending not in terms)], None
    if not terms and not endings:
        return Search("", (false(),))
    first, *others = terms or [""]
    conditions = [has_term([term]) for term in others]
    if endings is not None:
        conditions.append(has_term(endings) if endings else false())
    return Search(first, tuple(conditions))


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


def _id_condition(session: Session, text: str) -> ColumnElement[bool] | None:
    """The condition that the id begins with `text`; None where that is no beginning of an id that there is."""
    if not ID_BEGINNING.fullmatch(text):
        return None
    if len(text) == 36:
        return Response.id == text
    # The range is what the index can look in; no hexadecimal digit comes after "f".
    beginning = Response.id.between(text[:8], f"{text[:8]}g") & Response.id.startswith(text)
    return beginning if session.scalar(select(Response.id).where(beginning).limit(1)) else None
