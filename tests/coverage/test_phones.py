"""What phones still hold: the sentence of the board, the page, and its order."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.coverage.phones import PhoneState, Unsent, sort_phones, sum_up
from collector.store import Device, User, Version, utc_now
from tests.conftest import People, Phone

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def phone(name: str, *, days: float = 0, **values: object) -> PhoneState:
    return PhoneState("id", name, last_seen_at=NOW - timedelta(days=days), **values)  # type: ignore[arg-type]


def test_the_worst_comes_first() -> None:
    phones = [
        phone("idle and long away", days=9),
        phone("drafts", drafts=2),
        phone("unsent", waiting_responses=9),
        phone("failed", waiting_responses=1, failed_responses=1),
        phone("silent", days=2.1, waiting_responses=1),
        phone("silent longer", days=5, waiting_files=1),
        PhoneState("id", "never seen", waiting_responses=1),
    ]
    assert [item.volunteer for item in sort_phones(phones, NOW)] == [
        "never seen", "silent longer", "silent", "failed", "unsent", "drafts", "idle and long away",
    ]  # fmt: skip


def test_two_days_to_the_second_are_not_yet_silent() -> None:
    assert not phone("a", days=2, waiting_responses=1).is_silent(NOW)
    assert phone("a", days=2.001, waiting_responses=1).is_silent(NOW)
    assert not phone("a", days=30, drafts=3).is_silent(NOW), "a draft is not unsent"


def test_all_together_and_the_revoked_apart() -> None:
    phones = [
        phone("a", days=1, waiting_responses=4),
        phone("b", days=3, waiting_responses=8, waiting_files=2),
        phone("c", days=9),
        phone("d", days=9, waiting_responses=5, is_revoked=True),
    ]
    assert sum_up(phones) == Unsent(2, 12, 2, NOW - timedelta(days=3), revoked=5)


def test_a_clock_is_told_from_more_than_15_minutes() -> None:
    assert phone("a", clock_offset_ms=15 * 60_000).clock_ahead == timedelta()
    assert phone("a", clock_offset_ms=-20 * 60_000).clock_ahead == timedelta(minutes=-20)


def test_a74_the_board_and_the_page_say_who_still_holds_what(
    su: FlaskClient, people: People, household: Version, enrol: Callable[[User], Phone], session: Session
) -> None:
    """A74: 3 phones hold 12 unsent responses; one of them failed, one has been silent for days."""
    first, second, third = enrol(people.wei), enrol(people.mei), enrol(people.mei)
    first.receipts(
        waiting={"responses": 4, "files": 1, "drafts": 2, "failed": 1, "oldest": "2026-11-20T09:00:00+08:00"}
    )
    second.receipts(waiting={"responses": 7})
    third.receipts(waiting={"responses": 1}, sent_at=(utc_now() + timedelta(hours=2)).isoformat())
    silent = session.get_one(Device, third.device.id)
    silent.last_seen_at = utc_now() - timedelta(days=3)
    session.commit()
    board = words(su.get("/office/board").text)
    assert "3 phones hold 12 unsent responses; the one silent longest was last seen" in board
    page = su.get("/office/phones").text
    rows = [words(row) for row in re.findall(r"<tr data-phone>(.*?)</tr>", page, re.S)]
    assert len(rows) == 3
    assert "Mei" in rows[0] and "silent" in rows[0] and "clock 2 hours ahead" in rows[0]
    assert rows[1].startswith("Wei Test phone 4 1 1 2 2026-11-20 09:00")


def test_a_revoked_phone_that_held_something_is_still_shown(
    su: FlaskClient, phone: Phone, household: Version, session: Session
) -> None:
    assert "No phone holds anything unsent." in su.get("/office/phones").text
    phone.receipts(waiting={"responses": 2})
    session.get_one(Device, phone.device.id).revoked_at = utc_now()
    session.commit()
    page = words(su.get("/office/phones").text)
    assert "2 more are on phones whose access was taken back." in page and "access taken back" in page


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
