"""What stands in the database for values that must be found again and that nobody may read there: keyed hashes.

The key lies outside of the database (collector/store/data_keys.py), so that nobody finds a telephone number by hashing all of them.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from collector.intake.measures import Measured
from collector.intake.terms import beginnings_of, terms_of
from collector.store.data_keys import DataKeys
from collector.store.sealed import keys_of_session

#: For what each is a keyed hash: equal values of different kinds give different ones.
SPOT, ANSWERS, DUPLICATES, WORDS = "spots", "answers", "duplicates", "words"


def marked_measures(session: Session, measured: Measured) -> dict[str, Any]:
    """The columns of what was measured: the spot and the hash of the answers, by which responses are compared, as keyed hashes."""
    keys = keys_of_session(session)
    return vars(measured) | {
        "spot": mark_value(keys, SPOT, measured.spot),
        "answers_hash": mark_value(keys, ANSWERS, measured.answers_hash),
    }


def mark_value(keys: DataKeys, purpose: str, value: str | None) -> str | None:
    """What stands for a value; nothing stands for nothing."""
    return keys.mark(purpose, value) if value else value


def marked_terms(keys: DataKeys, name: str, known: Iterable[str]) -> frozenset[str]:
    """The search words of a response: those of its place and volunteer (`known`) as they are, which other tables hold as well; those
    of its name, which is made of answers, as keyed hashes of the words and of their beginnings.
    """
    plain = _terms_of_known(" ".join(known))
    hidden = terms_of(name) - plain
    return frozenset(plain | {mark for word in hidden for mark in marks_of(keys, word)})


@lru_cache(maxsize=2048)
def _terms_of_known(text: str) -> frozenset[str]:
    """The words of a place's and a volunteer's names, which come again with every response from there."""
    return frozenset(terms_of(text))


def marks_of(keys: DataKeys, word: str) -> set[str]:
    """What stands for a word of a name and for each of its beginnings by which it can be found."""
    return {mark_word(keys, word)} | {mark_beginning(keys, beginning) for beginning in beginnings_of(word)}


def mark_word(keys: DataKeys, word: str) -> str:
    """What stands for a whole word."""
    return keys.mark(WORDS, word)


def mark_beginning(keys: DataKeys, beginning: str) -> str:
    """What stands for the beginning of a longer word."""
    return keys.mark(WORDS, f"{beginning}*")
