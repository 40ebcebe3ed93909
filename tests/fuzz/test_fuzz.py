"""A short run of `make fuzz`, the same each time, against a real server: no fault of ours, no hang, nothing damaged afterwards."""

from pathlib import Path
from random import Random

from tests.fuzz.mutations import spoil
from tests.fuzz.run import fuzz
from tests.fuzz.wire import Asked
from tests.fuzz.workbooks import good_books, spoiled_book

#: How many of each, by database: PostgreSQL answers the same, and a request of it takes longer.
BODIES, WORKBOOKS = {"sqlite": 2_000, "postgresql": 1_000}, {"sqlite": 60, "postgresql": 24}
SEED = 20_261_130


def test_spoiled_bodies_and_workbooks_find_no_fault(database_kind: str, tmp_path: Path) -> None:
    bodies, workbooks = BODIES[database_kind], WORKBOOKS[database_kind]
    verdict = fuzz(database_kind, tmp_path, bodies=bodies, workbooks=workbooks, seed=SEED)
    assert verdict.complaints() == []
    counts = verdict.as_dict()
    assert (counts["bodies"], counts["workbooks"], counts["workbooks_uploaded"]) == (bodies, workbooks, workbooks)
    # It goes deep enough to matter: much is refused, and much is taken.
    assert counts["endpoints"] > 100 and counts["workbooks_accepted"] >= workbooks // 6
    assert min(verdict.bodies.statuses[status] for status in (200, 201, 400, 401, 404)) >= bodies // 100


def test_the_same_number_is_the_same_request() -> None:
    """So that what was found once can be sent again."""
    asked = Asked(
        "push",
        "POST",
        "/sync/v1/push?a=1",
        (("Content-Type", "application/json"),),
        b'{"responses": ["{\\"id\\": 1}"], "x": [1]}',
    )
    spoiled = [[spoil(asked, Random(number)).as_bytes() for number in range(300)] for _ in range(2)]
    assert spoiled[0] == spoiled[1]
    assert len(set(spoiled[0])) > 250
    books = [spoiled_book(1, number) for number in range(40)]
    assert books == [spoiled_book(1, number) for number in range(40)]
    assert not set(books) & set(good_books())
