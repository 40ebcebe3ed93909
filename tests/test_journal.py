"""The journal: entries chained by hash, in one order however many write, and held by the database."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from collector.journal import record
from collector.store import JournalEntry, Place, User, Version
from tests.conftest import People, Phone
from tests.documents import ID, content_hash, make_document
from tests.sync.test_files import JPEG, entry, upload


def entries(session: Session, action: str | None = None) -> list[JournalEntry]:
    session.rollback()
    of_action = [] if action is None else [JournalEntry.action == action]
    return list(session.scalars(select(JournalEntry).where(*of_action).order_by(JournalEntry.id)))


def assert_chained(session: Session) -> None:
    """By the contract's own words, not by our function."""
    previous = ""
    for number, found in enumerate(entries(session), 1):
        assert found.id == number
        text_of = {
            "id": found.id,
            "at": found.at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
            "user": found.user_id,
            "device": found.device_id,
            "action": found.action,
            "subject": found.subject,
            "details": found.details,
        }
        canonical = json.dumps(text_of, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert found.hash == hashlib.sha256(previous.encode() + canonical.encode()).hexdigest(), number
        previous = found.hash


def test_each_entry_holds_the_hash_of_the_one_before(session: Session, people: People) -> None:
    record(session, "thing.do", "a", user_id=people.su.id, names=["社区", 'a "b"'], share=0.5, none=None)
    record(session, "thing.do", "b", numbers=(1, 2))
    session.commit()
    assert [found.subject for found in entries(session, "thing.do")] == ["a", "b"]
    assert len(entries(session)) == 8
    assert_chained(session)


def test_an_entry_may_name_a_person_who_is_not_yet_written(session: Session) -> None:
    session.add(User(id="u1", name="Wei", role="volunteer"))
    record(session, "thing.do", user_id="u1")
    session.commit()
    assert entries(session)[0].user_id == "u1"


def test_what_is_rolled_back_is_not_entered(session: Session) -> None:
    record(session, "thing.forget")
    session.rollback()
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        record(session, "savepoint.forget")
        raise ZeroDivisionError
    with session.begin_nested():
        record(session, "savepoint.keep")
    record(session, "thing.keep")
    session.commit()
    assert [found.action for found in entries(session)] == ["savepoint.keep", "thing.keep"]


def test_many_writers_make_one_chain(app: Flask, session: Session) -> None:
    def write(number: int) -> None:
        with Session(app.extensions["collector_engine"]) as own:
            own.connection(execution_options={"is_write": True})
            record(own, "thing.do", str(number))
            record(own, "thing.do", str(number))
            own.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    subjects = [found.subject for found in entries(session)]
    assert len(subjects) == 80
    assert subjects[::2] == subjects[1::2]
    assert_chained(session)


@pytest.mark.parametrize("statement", ["UPDATE journal SET action = 'thing.else'", "DELETE FROM journal"])
def test_the_database_refuses_changes(app: Flask, session: Session, statement: str) -> None:
    record(session, "thing.do")
    session.commit()
    with app.extensions["collector_engine"].connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text(statement))
    assert [found.action for found in entries(session)] == ["thing.do"]


def test_postgresql_refuses_to_empty_the_table(app: Flask, session: Session, database_kind: str) -> None:
    if database_kind != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    record(session, "thing.do")
    session.commit()
    with app.extensions["collector_engine"].connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text("TRUNCATE journal"))
    assert len(entries(session)) == 1


def test_a_push_is_one_entry_with_what_is_new(
    phone: Phone, session: Session, household: Version, places: dict[str, Place]
) -> None:
    first, second = make_document(household), make_document(household, base=1, answers={"hh_size": "5"})
    odd = json.dumps({"answers": {"hh_size": "4"}})
    phone.receipts(first, second, odd, odd, first)
    [found] = entries(session, "response.arrive")
    assert (found.user_id, found.device_id) == (None, phone.device.id)
    assert found.details["items"] == [
        {"id": ID, "revision": 1, "hash": content_hash(first), "status": "stored"},
        {"id": ID, "revision": 2, "hash": content_hash(second), "status": "revision_stored"},
        {"id": None, "revision": None, "hash": content_hash(odd), "status": "quarantined"},
    ]
    phone.receipts(first, odd)
    assert len(entries(session, "response.arrive")) == 1
    assert_chained(session)


def test_no_answer_is_in_the_journal(phone: Phone, session: Session, household: Version) -> None:
    phone.receipts(make_document(household, answers={"hh_size": "4", "place": "SECRET"}, instance_name="SECRET"))
    assert "SECRET" not in json.dumps([found.details for found in entries(session)])


def test_a_file_is_entered_when_it_is_whole(
    phone: Phone, session: Session, household: Version, places: dict[str, Place]
) -> None:
    file: dict[str, Any] = entry("a.jpg", JPEG)
    upload(phone, file, JPEG)
    upload_again = session.scalar(select(func.count()).select_from(JournalEntry))
    [found] = entries(session, "file.arrive")
    assert found.details == {"response": ID, "name": "a.jpg", "sha256": file["sha256"], "size": len(JPEG)}
    assert (found.device_id, upload_again) == (phone.device.id, found.id)
