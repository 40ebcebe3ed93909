"""What the tests of the board share: responses that a phone sends, and the words of a row."""

import re
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from collector.store import Place, Target, Version
from tests.conftest import Phone
from tests.documents import make_document

Send = Callable[..., list[str]]


@pytest.fixture
def send(household: Version, phone: Phone) -> Send:
    """`send("C01", 3)`: Wei's phone (or `by` another) sends responses for a place; gives their ids."""

    def send(place: str, number: int = 1, by: Phone | None = None) -> list[str]:
        sender = by or phone
        ids = [str(uuid4()) for _ in range(number)]
        documents = [
            make_document(
                household, id=id_, place=place, answers={"place": place, "hh_size": "4"}, author=sender.user.id
            )
            for id_ in ids
        ]
        assert {receipt["status"] for receipt in sender.receipts(*documents)} == {"stored"}
        return ids

    return send


SetTarget = Callable[..., None]


@pytest.fixture
def set_target(session: Session, household: Version) -> SetTarget:
    """`set_target(place, 20, starts_on, ends_on)`: what is expected of a place."""

    def set_target(
        place: Place, expected: int, starts_on: date | None = None, ends_on: date | None = None, priority: int = 0
    ) -> None:
        target = Target(questionnaire_id=household.questionnaire_id, place_id=place.id, expected=expected)
        target.starts_on, target.ends_on, target.priority = starts_on, ends_on, priority
        session.add(target)
        session.commit()

    return set_target


def words(markup: str) -> str:
    """What is to be read of a piece of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def row_of(page: str, mark: str) -> str:
    """The words of one row of a table, blanks between them; `mark` is the row's data attribute."""
    row = re.search(rf"<tr[^>]*{mark}[^>]*>(.*?)</tr>", page, re.S)
    assert row, mark
    return words(row[1])
