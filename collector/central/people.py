"""Numbers of people: clients of ODK Central expect whole numbers where Collector has UUIDs."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import User

#: R has no larger whole numbers.
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class People:
    """Everybody's number and name by id, and ids by number. Nobody known has the number 0."""

    numbers: dict[str, int]
    names: dict[str, str]

    @property
    def ids(self) -> dict[int, str]:
        """Ids by number."""
        return {number: id_ for id_, number in self.numbers.items()}


def number_people(ids: Iterable[str]) -> dict[str, int]:
    """A number for each id, oldest first: its first digits, and the next free number where somebody older has that."""
    numbers: dict[str, int] = {}
    taken = {0}
    for id_ in ids:
        number = int(id_.replace("-", "")[:8], 16) & LARGEST
        while number in taken:
            number = number + 1 if number < LARGEST else 1
        taken.add(number)
        numbers[id_] = number
    return numbers


def read_people(session: Session) -> People:
    """Everybody. Nobody is ever deleted, so that a number stays."""
    rows = session.execute(select(User.id, User.name).order_by(User.created_at, User.id)).all()
    return People(number_people(row.id for row in rows), {row.id: row.name for row in rows})
