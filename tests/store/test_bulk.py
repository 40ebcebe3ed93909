"""Many values in one parameter, and many rows in one statement, as the database gives them back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from psycopg.types.json import Json
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import JournalEntry, Response, ResponseTerm, Version, utc_now
from collector.store.arrays import array_text
from collector.store.bulk import MANY, among, insert_rows
from collector.store.responses import RECEIVED

TEXTS = [
    "",
    "NULL",
    "null",
    'a "quoted" one',
    "back\\slash",
    "\\",
    "{1,2}",
    ",",
    " blank ",
    "城南 😀",
    "line\nend",
    "'",
    "a\tb",
]
MOMENT = datetime(2026, 4, 1, 12, 0, 0, 5, tzinfo=UTC)
ARRAYS: list[tuple[str, list[Any], list[Any]]] = [
    ("varchar", [], []),
    ("varchar", TEXTS, TEXTS),
    ("varchar", ["plain", "also"], ["plain", "also"]),
    ("varchar", ["x", None, "y"], ["x", None, "y"]),
    ("integer", [1, None, -(2**31)], [1, None, -(2**31)]),
    ("boolean", [True, False], [True, False]),
    ("double precision", [0.1, 1e300], [0.1, 1e300]),
    ("bytea", [b"", b"\0\xff\\"], [b"", b"\0\xff\\"]),
    ("timestamptz", [MOMENT, None], [MOMENT, None]),
    ("date", [date(2026, 4, 1)], [date(2026, 4, 1)]),
    ("json", [Json([{"a": 'b"\\'}]), Json(None)], [[{"a": 'b"\\'}], None]),
]


@pytest.mark.parametrize(("type_", "given", "wanted"), ARRAYS)
def test_postgresql_reads_an_array_from_text(session: Session, type_: str, given: list[Any], wanted: list[Any]) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no arrays")
    read = session.connection().exec_driver_sql(f"SELECT * FROM unnest(CAST(%s AS {type_}[]))", (array_text(given),))
    assert list(read.scalars()) == wanted


@pytest.mark.usefixtures("household")
def test_a_column_is_among_values_of_any_kind(session: Session) -> None:
    query = select(JournalEntry.action).where(among(JournalEntry.__table__.c.action, "actions"))
    assert session.execute(query, {"actions": TEXTS}).all() == []
    assert session.execute(query, {"actions": set()}).all() == []
    actions = session.execute(select(JournalEntry.action)).scalars().all()
    found = session.execute(query, {"actions": [*TEXTS, actions[0]]}).scalars().all()
    assert found == [action for action in actions if action == actions[0]]


def response_row(household: Version, at: int, name: str) -> dict[str, Any]:
    now = utc_now()
    return {
        "id": f"response {at}",
        "questionnaire_id": household.questionnaire_id,
        "place_code": "C01",
        "current_revision": 1,
        "state": RECEIVED,
        "is_conflicted": False,
        "flag_count": 0,
        "missing_files": 0,
        "started_at": "",
        "finished_at": "",
        "received_at": now if at % 2 else MOMENT,
        "received_on": now.date(),
        "instance_name": name,
    }


@pytest.mark.parametrize("number", [1, 2, MANY - 1, MANY, 2 * MANY + 3])
def test_rows_are_inserted_each_once_with_values_of_their_own(
    session: Session, household: Version, number: int
) -> None:
    now = utc_now()
    rows = [response_row(household, at, TEXTS[at % len(TEXTS)]) for at in range(number)]
    insert_rows(session, Response.__table__, rows, is_watched=True)
    columns = (Response.id, Response.received_at, Response.instance_name)
    stored = {row.id: (row.received_at, row.instance_name) for row in session.execute(select(*columns))}
    assert stored == {str(row["id"]): (row["received_at"], row["instance_name"]) for row in rows}
    terms = [{"term": f"word {at}", "received_at": now, "response_id": row["id"]} for at, row in enumerate(rows)]
    insert_rows(session, ResponseTerm.__table__, terms)
    found = session.execute(select(ResponseTerm.term, ResponseTerm.response_id, ResponseTerm.received_at)).all()
    assert sorted(found) == sorted((row["term"], row["response_id"], now) for row in terms)


def test_equal_sealed_values_do_not_look_equal(session: Session, household: Version) -> None:
    insert_rows(session, Response.__table__, [response_row(household, at, "Wang Li") for at in range(3)])
    raw = session.connection().exec_driver_sql("SELECT instance_name FROM responses").scalars().all()
    assert len({bytes(value) for value in raw}) == 3
