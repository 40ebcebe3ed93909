"""Counts that add up whatever happens to responses, and the folding that loses none."""

import threading
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from collector.coverage import counts
from collector.coverage.counts import Wanted, count_by_author, count_by_day, count_by_place, days_by_author, fold
from collector.store import Place, Response, ResponseCount, Version, utc_now
from tests.conftest import Phone
from tests.coverage.conftest import Send

TODAY = date(2026, 3, 28)


def add(session: Session, version: Version, number: int, **values: object) -> None:
    """Put responses straight into the database, as whatever writes there would."""
    row = {
        "questionnaire_id": version.questionnaire_id,
        "place_code": "",
        "received_at": utc_now(),
        "received_on": TODAY,
        "state": "received",
    }
    session.execute(insert(Response), [row | values | {"id": str(uuid4())} for _ in range(number)])
    session.commit()


def wanted(version: Version, **values: object) -> Wanted:
    return Wanted([version.questionnaire_id], TODAY, **values)  # type: ignore[arg-type]


def test_what_came_went_or_changed_is_counted(household: Version, places: dict[str, Place], session: Session) -> None:
    c01 = places["C01"].id
    add(session, household, 3, place_id=c01)
    add(session, household, 1, place_id=c01, received_on=date(2026, 3, 1))
    add(session, household, 1, place_id=c01, is_test=True)
    one, two, *_rest = session.query(Response).filter_by(received_on=TODAY, is_test=False)
    one.state = "rejected"
    session.delete(two)
    session.commit()
    found = count_by_place(session, wanted(household))[c01]
    assert (found.received, found.rejected, found.tests, found.today, found.recent) == (2, 1, 1, 1, 1)
    assert count_by_day(session, wanted(household)) == {date(2026, 3, 1): 1, TODAY: 1}
    assert count_by_place(session, wanted(household, state="rejected"))[c01].received == 1
    assert count_by_place(session, wanted(household, place_ids=frozenset({0}))) == {}


def test_by_volunteer(household: Version, places: dict[str, Place], send: Send, phone: Phone, session: Session) -> None:
    send("C01", 2)
    today = session.scalars(select(Response.received_on)).first()
    assert today
    asked = Wanted([household.questionnaire_id], today)
    assert {author: count.received for author, count in count_by_author(session, asked).items()} == {phone.user.id: 2}
    assert days_by_author(session, asked) == {phone.user.id: 1}


def test_folding_changes_no_sum(household: Version, places: dict[str, Place], session: Session) -> None:
    """Rows with the same key become one, those that add up to nothing go; what comes later is counted as well."""
    add(session, household, 30, place_id=places["C01"].id)
    add(session, household, 20)
    for response in session.query(Response).filter_by(place_id=None).limit(20):
        response.place_id = places["C02"].id
    session.commit()
    before = count_by_place(session, wanted(household))
    assert fold(session)
    session.commit()
    after = count_by_place(session, wanted(household))
    assert {place: count.received for place, count in before.items() if count.received} == {
        place: count.received for place, count in after.items()
    }
    assert session.scalar(select(func.count()).select_from(ResponseCount)) == 2
    assert not counts.needs_folding(session)
    add(session, household, 1, place_id=places["C01"].id)
    assert count_by_place(session, wanted(household))[places["C01"].id].received == 31


def test_the_board_folds_when_it_pays(
    su: object, household: Version, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "FOLD_FROM", 10)
    add(session, household, 10)
    su.get("/office/board")  # type: ignore[attr-defined]
    assert session.scalar(select(func.count()).select_from(ResponseCount)) == 10
    add(session, household, 1)
    su.get("/office/board")  # type: ignore[attr-defined]
    session.rollback()
    assert session.execute(select(ResponseCount.number, ResponseCount.is_folded)).all() == [(11, True)]


def in_threads(*tasks: Callable[[], None]) -> None:
    """Run all at once; what one raises is raised here."""
    faults: list[BaseException] = []

    def run(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_what_arrives_while_somebody_folds_is_never_lost(
    app: Flask, household: Version, places: dict[str, Place], session: Session
) -> None:
    """Two fold without a pause while three add: in the end every response is counted once."""
    engine = app.extensions["collector_engine"]

    def keep_adding() -> None:
        for _ in range(12):
            with Session(engine) as own:
                own.connection(execution_options={"is_write": True})
                add(own, household, 5, place_id=places["C01"].id)

    def keep_folding() -> None:
        for _ in range(20):
            with Session(engine) as own:
                own.connection(execution_options={"is_write": True})
                fold(own)
                own.commit()

    in_threads(keep_adding, keep_adding, keep_adding, keep_folding, keep_folding)
    assert count_by_place(session, wanted(household))[places["C01"].id].received == 180
    assert session.scalar(select(func.count()).select_from(Response)) == 180
