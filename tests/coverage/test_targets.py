"""Targets: typed, and from a table that is shown first."""

import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import JournalEntry, Place, Target, User, Version
from collector.store.contents import Contents
from tests.conftest import People, sign_in, uploads_with
from tests.coverage.conftest import SetTarget, words

ADDRESS = "/office/board/targets?questionnaire=household"
IMPORT = "/office/board/targets/import?questionnaire=household"
APPLY = "/office/board/targets/import/apply?questionnaire=household"


def stored(session: Session) -> dict[int, tuple[int, date | None, date | None, int]]:
    session.rollback()
    query = select(Target.place_id, Target.expected, Target.starts_on, Target.ends_on, Target.priority)
    return {place_id: tuple(rest) for place_id, *rest in session.execute(query)}  # type: ignore[misc]


def test_targets_are_typed(su: FlaskClient, household: Version, places: dict[str, Place], session: Session) -> None:
    """A number, a period and a priority for one community; another for all others; an emptied field takes a target away."""
    c01, c02, c03 = (places[code].id for code in ("C01", "C02", "C03"))
    typed = {f"target-{c01}": "5", f"starts-{c01}": "2026-05-01", f"ends-{c01}": "2026-05-31", f"first-{c01}": "1"}
    assert su.post(ADDRESS, data=typed | {"for_all": "20"}).status_code == 302
    assert stored(session) == {
        c01: (5, date(2026, 5, 1), date(2026, 5, 31), 1),
        c02: (20, None, None, 0),
        c03: (20, None, None, 0),
    }
    page = su.get(ADDRESS).text
    assert 'value="20"' in page and 'value="2026-05-31"' in page
    assert su.post(ADDRESS, data={f"target-{c02}": "7"}).status_code == 302
    assert stored(session) == {c02: (7, None, None, 0)}


@pytest.mark.parametrize("typed", ["many", "-1", "1.5"])
def test_a_wrong_target_saves_nothing(
    su: FlaskClient, household: Version, places: dict[str, Place], session: Session, typed: str
) -> None:
    """What was typed is shown again, with the fault beside it; none of the others is saved."""
    data = {f"target-{places['C01'].id}": typed, f"target-{places['C02'].id}": "5"}
    answer = su.post(ADDRESS, data=data)
    assert answer.status_code == 400
    assert f'value="{typed}" aria-invalid="true"' in answer.text
    assert "A target is a whole number" in answer.text and 'value="5"' in answer.text
    assert not stored(session)


def test_what_is_saved_unchanged_is_not_in_the_journal(
    su: FlaskClient, household: Version, places: dict[str, Place], set_target: SetTarget, session: Session
) -> None:
    """Only what differs is set, and told by its number."""
    set_target(places["C01"], 5)
    su.post(ADDRESS, data={f"target-{places['C01'].id}": "5"})
    su.post(ADDRESS, data={f"target-{places['C01'].id}": "5", f"target-{places['C02'].id}": "6"})
    session.rollback()
    entries = session.scalars(select(JournalEntry.details).where(JournalEntry.action == "targets.set")).all()
    assert entries == [{"places": 1}]


def test_the_target_of_a_place_that_was_merged_is_in_its_successors(
    su: FlaskClient, household: Version, places: dict[str, Place], set_target: SetTarget, session: Session
) -> None:
    """C01 became part of C02: the page shows both numbers together, and what is saved is the whole."""
    set_target(places["C01"], 5)
    set_target(places["C02"], 8)
    c01 = session.get_one(Place, places["C01"].id)
    c01.ended_on, c01.successor_id = date(2026, 1, 1), places["C02"].id
    session.commit()
    assert 'value="13"' in su.get(ADDRESS).text
    su.post(ADDRESS, data={f"target-{places['C02'].id}": "20"})
    assert stored(session) == {places["C02"].id: (20, None, None, 0)}


def upload(client: FlaskClient, text: str, name: str = "targets.csv") -> str:
    answer = client.post(IMPORT, data={"file": (io.BytesIO(text.encode()), name)})
    assert answer.status_code in (200, 400), answer.text
    return answer.text


def hidden_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(name|sha256)" value="([^"]*)"', page))


def test_a_table_is_shown_and_then_applied(
    su: FlaskClient, household: Version, places: dict[str, Place], set_target: SetTarget, session: Session
) -> None:
    """Nothing is changed by looking; the second step does what was shown."""
    set_target(places["C02"], 8)
    page = upload(su, "code,expected,starts,ends,priority\nC01,20,2026-05-01,2026-05-31,1\nC02,9,,,\n")
    assert len(stored(session)) == 1
    rows = [words(row) for row in re.findall(r"<tr data-change>(.*?)</tr>", page, re.S)]
    assert rows == [
        "Community C01 none 20 2026-05-01 – 2026-05-31 first in line",
        "Community C02 8 9",
    ]
    assert su.post(APPLY, data=hidden_in(page)).status_code == 302
    assert stored(session) == {
        places["C01"].id: (20, date(2026, 5, 1), date(2026, 5, 31), 1),
        places["C02"].id: (9, None, None, 0),
    }


def test_the_table_does_not_outlast_its_import(
    su: FlaskClient, household: Version, places: dict[str, Place], session: Session, kept: Contents
) -> None:
    """It waits on the disk for the second step, and is gone after it; sent again, the page asks for the file again."""
    table = "code,expected\nC01,123456\n"
    hidden = hidden_in(upload(su, table))
    assert len(uploads_with(kept, table)) == 1
    assert su.post(APPLY, data=hidden).status_code == 302
    assert uploads_with(kept, table) == []
    again = su.post(APPLY, data=hidden)
    assert again.status_code == 400 and "was applied already" in again.text
    assert stored(session) == {places["C01"].id: (123456, None, None, 0)}


def test_a_table_with_a_fault_is_never_applied(
    su: FlaskClient, household: Version, places: dict[str, Place], session: Session
) -> None:
    """The row is named; the button is not there, and the address refuses as well."""
    page = upload(su, "code,expected\nC01,20\nX99,3\nS1,4\n")
    faults = [words(row) for row in re.findall(r"<tr data-fault>(.*?)</tr>", page, re.S)]
    assert [fault.split()[:2] for fault in faults] == [["3", "X99"], ["4", "S1"]]
    assert "Change these targets" not in page
    assert su.post(APPLY, data={"name": "x.csv", "sha256": "0" * 64}).status_code == 400
    assert su.post(APPLY, data={"name": "x.csv", "sha256": "../../secret_key"}).status_code == 400
    assert stored(session) == {}


def test_what_is_no_table_is_told_beside_the_field(su: FlaskClient, household: Version) -> None:
    answer = su.post(IMPORT, data={"file": (io.BytesIO(b"\0\1\2"), "x.xlsx")})
    assert answer.status_code == 400
    assert "neither CSV nor an XLSX" in answer.text and 'aria-invalid="true"' in answer.text
    assert su.post(IMPORT, data={}).status_code == 400


def test_the_present_targets_import_again_unchanged(
    su: FlaskClient, household: Version, places: dict[str, Place], set_target: SetTarget
) -> None:
    set_target(places["C01"], 20, date(2026, 5, 1), date(2026, 5, 31), 1)
    table = su.get("/office/board/targets.csv?questionnaire=household").text
    page = upload(su, table.removeprefix("\ufeff"))
    assert "Targets that change: 0. That stay as they are: 3." in words(page)


def test_a81_only_ones_own_part_is_set(
    app: Flask,
    people: People,
    so: User,
    household: Version,
    places: dict[str, Place],
    set_target: SetTarget,
    session: Session,
) -> None:
    """A81: So answers for S1: C03 is not on the page, not taken from a form, and unknown in a table."""
    set_target(places["C03"], 8)
    client = sign_in(app.test_client(), "so")
    assert "C03" not in client.get(ADDRESS).text
    client.post(ADDRESS, data={f"target-{places['C03'].id}": "1", f"target-{places['C01'].id}": "2"})
    assert stored(session) == {places["C03"].id: (8, None, None, 0), places["C01"].id: (2, None, None, 0)}
    page = upload(client, "code,expected\nC03,1\n")
    assert "There is no community with this code among yours." in words(page)
    assert "C03" not in client.get("/office/board/targets.csv?questionnaire=household").text


def test_reviewers_set_no_targets(app: Flask, people: People, household: Version) -> None:
    client = sign_in(app.test_client(), "ren")
    assert client.get(ADDRESS).status_code == 403
    assert "/board/targets" not in client.get("/office/board").text
