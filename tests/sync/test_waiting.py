"""What a phone says that it still holds, in pushes and pulls."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from collector.store import Device
from collector.sync.schemas import COUNTS, PUSH_SCHEMA, WAITING_SCHEMA, read_moment, read_push, read_waiting
from tests.conftest import Phone
from tests.documents import fresh

OLDEST = "2026-11-20T10:00:00+08:00"


def held(session: Session, phone: Phone) -> tuple[Any, ...]:
    fresh(session)
    device = session.get_one(Device, phone.device.id)
    counts = (device.waiting_responses, device.waiting_files, device.drafts, device.failed_responses)
    return (*counts, device.oldest_waiting_at)


def test_a_pull_tells_it_too(phone: Phone, session: Session) -> None:
    query = {"responses": "3", "files": "1", "drafts": "2", "failed": "1", "oldest": OLDEST}
    answer = phone.client.get("/sync/v1/pull", query_string=query, headers=phone.headers)
    assert answer.status_code == 200
    assert held(session, phone) == (3, 1, 2, 1, datetime(2026, 11, 20, 2, tzinfo=UTC))


def test_a_pull_that_says_nothing_changes_nothing(phone: Phone, session: Session) -> None:
    phone.receipts(waiting={"responses": 3, "files": 2, "drafts": 1, "oldest": OLDEST})
    phone.client.get("/sync/v1/pull?since=x", headers=phone.headers)
    assert held(session, phone)[:3] == (3, 2, 1)


def test_whoever_holds_nothing_has_no_oldest(phone: Phone, session: Session) -> None:
    phone.receipts(waiting={"responses": 1, "oldest": OLDEST})
    phone.receipts(waiting={"responses": 0, "oldest": OLDEST})
    assert held(session, phone) == (0, 0, 0, 0, None)


@pytest.mark.parametrize(
    "query",
    [
        {"responses": "many"},
        {"responses": "-1"},
        {"responses": "9" * 40},
        {"responses": "1", "oldest": "yesterday"},
        {"responses": "1", "oldest": "0001-01-01T00:00:00+14:00"},
        {"oldest": OLDEST},
    ],
)
def test_strange_parameters_of_a_pull_are_never_refused(phone: Phone, query: dict[str, str]) -> None:
    assert phone.client.get("/sync/v1/pull", query_string=query, headers=phone.headers).status_code == 200


ANY = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 5), st.just(2**31), st.floats(), st.text(max_size=3), st.just([])
)


@given(st.dictionaries(st.sampled_from([*COUNTS, "oldest", "later"]), st.one_of(ANY, st.integers(0, 9))))
def test_what_a_phone_holds_is_read_as_the_schema_reads_it(given_: dict[str, Any]) -> None:
    found = read_waiting(given_)
    try:
        expected = WAITING_SCHEMA.load(given_)
    except ValidationError:
        expected = None
    if expected is None or not {"responses", "files", "drafts"} & set(given_):
        assert found is None
    else:
        assert found is not None
        assert vars(found) == expected | {"oldest": read_moment(expected["oldest"])}


@given(st.one_of(ANY, st.dictionaries(st.sampled_from(["sent_at", "waiting", "responses", "later"]), ANY)))
def test_a_push_is_read_as_the_schema_reads_it(given_: Any) -> None:
    def read(reader: Any) -> Any:
        try:
            return repr(reader(given_))
        except ValidationError:
            return None

    assert read(read_push) == read(PUSH_SCHEMA.load)
