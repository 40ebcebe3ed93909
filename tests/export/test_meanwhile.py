"""What happens to responses while an export reads them: each is in it once, as it was at one moment, and tables join."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector.export.options import Options
from collector.export.sheets.selection import Selection
from collector.export.sheets.spool import make_dataset
from collector.export.sheets.walk import walk_responses
from collector.intake.deletion import delete_response
from collector.store import Place, Version
from tests.conftest import People, Phone
from tests.documents import fresh, make_document
from tests.export.reading import questionnaire_id

IDS = [f"{number:08d}-1111-4111-8111-111111111111" for number in range(7)]


def document(household: Version, number: int, size: int, base: int | None = None) -> str:
    """A response with so many members."""
    members = [{"name": f"{number}-{at}"} for at in range(size)]
    answers = {"place": "C01", "hh_size": str(size), "members": members}
    return make_document(household, id=IDS[number], base=base, answers=answers)


@pytest.fixture
def six(phone: Phone, places: dict[str, Place], household: Version) -> None:
    """Six responses of one moment, with two members each."""
    phone.receipts(*[document(household, number, 2) for number in range(6)])


def test_each_response_is_read_once_whatever_happens_to_it_meanwhile__A63(
    app: Flask,
    su: FlaskClient,
    people: People,
    phone: Phone,
    household: Version,
    six: None,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A63: some were read already, some not yet: both are edited, deleted and approved, and another one comes."""
    monkeypatch.setattr("collector.export.sheets.walk.CHUNK", 2)
    steps = iter(walk_responses(app.extensions["collector_engine"], questionnaire_id(app), Selection()))
    read = [next(steps) for _ in range(3)]
    phone.receipts(document(household, 0, 3, base=1), document(household, 4, 3, base=1), document(household, 6, 1))
    for number in (1, 5):
        delete_response(fresh(session), IDS[number], reason="test", note="", by=people.su.id)
        session.commit()
    decided = su.post(f"/office/responses/{IDS[2]}/decide", data={"state": "approved", "reason": "", "seen": "1"})
    assert decided.status_code == 302
    read += steps
    found = {IDS.index(one.response_id): len(one.answers["members"]) for one in read}
    assert len(found) == len(read)
    assert found == {0: 2, 1: 2, 2: 2, 3: 2, 4: 3, 6: 1}


def test_tables_join_whatever_comes_after_they_were_read__A63(
    app: Flask, phone: Phone, household: Version, six: None, tmp_path: Path
) -> None:
    """A63: all tables of a file are of one walk."""
    engine, options = app.extensions["collector_engine"], Options()
    with make_dataset(
        engine,
        questionnaire_id(app),
        options,
        Selection(),
        tmp_path,
        lambda _number: None,
        time_zone="UTC",
    ) as dataset:
        phone.receipts(document(household, 0, 5, base=1), document(household, 6, 4))
        main, members = dataset.sheets
        keys = {row[0] for row in main.rows()}
        assert len(keys) == main.row_count == 6
        assert members.row_count == 12 and {row[0] for row in members.rows()} == keys
