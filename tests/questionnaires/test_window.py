"""When a questionnaire is open, set in the office in the district's time zone (A16)."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import JournalEntry, Questionnaire, Version
from tests.documents import fresh

ADDRESS = "/office/questionnaires/household/window"


def window(session: Session) -> tuple[datetime | None, datetime | None]:
    fresh(session)
    questionnaire = session.scalars(select(Questionnaire)).one()
    return questionnaire.opens_at, questionnaire.closes_at


def test_a16_it_is_set_in_the_districts_time_and_shown_so(
    su: FlaskClient, household: Version, session: Session
) -> None:
    data = {"opens_at": "2026-11-25T08:00", "closes_at": "2026-11-30T18:00"}
    assert su.post(ADDRESS, data=data).status_code == 302
    assert window(session) == (datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 30, 10, tzinfo=UTC))
    page = su.get("/office/questionnaires/household").text
    assert 'value="2026-11-25T08:00"' in page and 'value="2026-11-30T18:00"' in page and "Asia/Shanghai" in page
    entry = fresh(session).scalars(select(JournalEntry).where(JournalEntry.action == "questionnaire.window")).one()
    assert entry.details["closes_at"] == "2026-11-30T10:00:00+00:00"


def test_emptied_it_is_always_open(su: FlaskClient, household: Version, session: Session) -> None:
    su.post(ADDRESS, data={"closes_at": "2026-11-30T18:00"})
    su.post(ADDRESS, data={"opens_at": "", "closes_at": ""})
    assert window(session) == (None, None)


@pytest.mark.parametrize(
    "data",
    [
        {"opens_at": "2026-11-30T18:00", "closes_at": "2026-11-30T18:00"},
        {"opens_at": "tomorrow"},
        {"opens_at": "0001-01-01T00:00"},
        {"closes_at": "9999-12-31T23:59"},
    ],
)
def test_what_makes_no_sense_is_refused(
    su: FlaskClient, household: Version, session: Session, data: dict[str, str]
) -> None:
    assert su.post(ADDRESS, data=data).status_code == 400
    assert window(session) == (None, None)
    assert su.post("/office/questionnaires/unknown/window", data={}).status_code == 404
