"""What a push costs: as many statements for fifty responses as for two, and documents read by hand as the schema reads them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from collector.intake.documents import MAX_PARTS, SCHEMA, is_vast, load, read_document
from collector.store import Response, Version
from tests.conftest import Phone
from tests.documents import ID, make_document


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the app sends to its database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = app.extensions["collector_engine"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("places")
def test_fifty_responses_take_as_many_statements_as_two(app: Flask, phone: Phone, household: Version) -> None:
    def some(number: int) -> list[str]:
        answers = {"place": "C01", "hh_size": "4"}
        return [make_document(household, id=str(uuid4()), answers=answers) for _ in range(number)]

    phone.receipts(*some(2))
    numbers = []
    for number in (2, 50):
        with counted(app) as statements:
            receipts = phone.receipts(*some(number))
        assert {receipt["status"] for receipt in receipts} == {"stored"}
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 30


@pytest.mark.usefixtures("places")
def test_fifty_repeated_responses_take_as_many_statements_as_two(app: Flask, phone: Phone, household: Version) -> None:
    documents = [make_document(household, id=str(uuid4())) for _ in range(50)]
    phone.receipts(*documents)
    numbers = []
    for number in (2, 50):
        with counted(app) as statements:
            receipts = phone.receipts(*documents[:number])
        assert {receipt["status"] for receipt in receipts} == {"already_stored"}
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


#: Tables that grow with what was collected.
GROWING = {"responses", "revisions", "response_measures", "mates", "response_flags", "response_terms", "quarantine"}


@pytest.mark.usefixtures("places")
def test_a_push_reads_no_table_of_responses_from_end_to_end(app: Flask, phone: Phone, household: Version) -> None:
    if app.extensions["collector_engine"].dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever its indexes are")
    documents = [make_document(household, id=str(uuid4()), answers={"place": "C01", "hh_size": "4"}) for _ in range(5)]
    with counted(app) as statements:
        phone.receipts(*documents)
        phone.receipts(*documents)
        phone.receipts(make_document(household, id=json.loads(documents[0])["id"], base=1))
    with app.extensions["collector_engine"].connect() as connection:
        for statement in statements:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("[]",) * statement.count("?"))
                scanned = {row.detail.split()[1] for row in plan if row.detail.startswith("SCAN ")}
                assert not scanned & GROWING, statement


@pytest.mark.usefixtures("places")
def test_a_response_and_its_correction_in_one_push(phone: Phone, session: Session, household: Version) -> None:
    first = make_document(household)
    second = make_document(household, base=1, answers={"place": "C02", "hh_size": "5"})
    other = make_document(household, answers={"place": "C02", "hh_size": "6"})
    receipts = phone.receipts(first, second, first, other)
    assert [(receipt["status"], receipt["revision"]) for receipt in receipts] == [
        ("stored", 1),
        ("revision_stored", 2),
        ("already_stored", 1),
        ("revision_stored", 3),
    ]
    response = session.get_one(Response, ID)
    assert (response.current_revision, response.place_code, response.is_conflicted) == (2, "C02", True)


TEXT = st.text(max_size=45)
ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT, st.just([]), st.just({}))
PARTS = {
    name: st.one_of(usual, ANY)
    for name, usual in {
        "id": st.just(ID),
        "form": st.just("household"),
        "base": st.integers(-1, 2**31),
        "answers": st.dictionaries(TEXT, ANY, max_size=3),
        "files": st.lists(st.fixed_dictionaries({"name": st.just("a.jpg")}), max_size=1),
        **{name: TEXT for name in SCHEMA.fields if name not in ("id", "form", "base", "answers", "files")},
    }.items()
}


@given(st.fixed_dictionaries({}, optional=PARTS | {"unknown": ANY}))
def test_a_document_is_read_by_hand_as_by_the_schema(parsed: dict[str, Any]) -> None:
    def read(by: Callable[[dict[str, Any]], Any]) -> Any:
        try:
            return by(parsed)
        except ValidationError as error:
            return error.messages

    assert read(load) == read(SCHEMA.load)


@pytest.mark.usefixtures("places")
def test_a_response_with_more_rows_than_any_interview_is_stored_and_not_checked(
    phone: Phone, session: Session, household: Version
) -> None:
    answers = {"place": "C01", "hh_size": "4", "members": [{}] * 240_000}
    document = make_document(household, author=phone.user.id, answers=answers)
    assert phone.receipts(document)[0]["status"] == "stored"
    response = session.scalars(select(Response)).one()
    assert [flag["code"] for flag in response.revisions[0].flags] == ["check_skipped_too_large"]
    assert response.revisions[0].document == document


def test_what_is_vast() -> None:
    assert not is_vast([[]] * (MAX_PARTS - 1))
    assert is_vast([[]] * MAX_PARTS)
    brackets = {"id": ID, "form": "f", "answers": {"q": "{[" * MAX_PARTS}}
    assert not read_document(json.dumps(brackets)).is_vast
