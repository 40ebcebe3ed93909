"""The walk: which responses, in which order, and what of them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from collector.accounts.scope import WHOLE, Scope
from collector.central.queries import Page, walk_submissions
from collector.errors import CollectorError
from collector.export.options import Options
from collector.export.sheets.selection import Selection, selection_for
from collector.export.sheets.walk import Walked, count_responses, walk_responses, walk_rows
from collector.store import Place, Questionnaire, Response, Revision, User, Version
from tests.conftest import HOUSEHOLD, Phone, Publish
from tests.documents import fresh, make_document
from tests.export.reading import questionnaire_id

IDS = [f"{number:08d}-1111-4111-8111-111111111111" for number in range(6)]


@pytest.fixture
def six(phone: Phone, places: dict[str, Place], household: Version) -> None:
    """Two responses each of C01 (in S1), C03 (in S2) and a place that nobody knows."""
    for id_, place in zip(IDS, ("C01", "C03", "C99") * 2, strict=True):
        phone.receipts(make_document(household, id=id_, place=place, answers={"place": place, "hh_size": "1"}))


def walk(app: Flask, selection: Selection, **more: list[str]) -> list[Walked]:
    return list(walk_responses(app.extensions["collector_engine"], questionnaire_id(app), selection, **more))  # type: ignore[arg-type]


def ids(app: Flask, session: Session, **options: object) -> list[int]:
    """Which of IDS are in the walk of somebody who sees everything; the count says the same."""
    questionnaire = fresh(session).get_one(Questionnaire, questionnaire_id(app))
    selection = selection_for(session, questionnaire, Options(**options), WHOLE, sees_personal=True)  # type: ignore[arg-type]
    found = [IDS.index(walked.response_id) for walked in walk(app, selection)]
    assert count_responses(session, questionnaire.id, selection) == len(found)
    return found


def test_the_order_is_that_of_arrival_however_many_are_read_at_a_time(
    app: Flask, session: Session, six: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = datetime(2026, 3, 28, 1, tzinfo=UTC)
    for number, hours in enumerate((3, 1, 1, 1, 0, 2)):
        moved = update(Response).where(Response.id == IDS[number])
        fresh(session).execute(moved.values(received_at=same + timedelta(hours=hours)))
        session.commit()
    for chunk in (1, 2, 3, 6, 500):
        monkeypatch.setattr("collector.export.sheets.walk.CHUNK", chunk)
        assert ids(app, session) == [4, 1, 2, 3, 5, 0]


def test_places_with_all_that_is_under_them(app: Flask, session: Session, six: None) -> None:
    assert ids(app, session, places=("S1",)) == [0, 3]
    assert ids(app, session, places=("C01", "S2")) == [0, 1, 3, 4]
    assert ids(app, session, places=("D",)) == [0, 1, 3, 4]
    assert ids(app, session) == [0, 1, 2, 3, 4, 5]


def test_a_place_that_is_not_there_or_not_theirs_is_said_to_be_wrong__A81(
    session: Session, six: None, places: dict[str, Place]
) -> None:
    questionnaire = session.query(Questionnaire).one()
    mine = Scope(frozenset({places["S1"].id, places["C01"].id, places["C02"].id}))
    for code in ("C99", "S2"):
        with pytest.raises(CollectorError) as caught:
            selection_for(session, questionnaire, Options(places=(code,)), mine, sees_personal=True)
        assert (caught.value.code, caught.value.details) == ("export_option", {"option": "places", "value": code})
    above = selection_for(session, questionnaire, Options(places=("D",)), mine, sees_personal=True)
    assert above.scope == mine, "of a place above theirs they get their part"


def test_states_and_days_of_arrival(app: Flask, session: Session, six: None) -> None:
    """A day is the district's; both bounds belong to the period."""
    for number, state in enumerate(("approved", "rejected")):
        moved = update(Response).where(Response.id == IDS[number])
        fresh(session).execute(moved.values(state=state, received_on=date(2026, 3, 10 + number)))
        session.commit()
    assert ids(app, session, states=("approved", "rejected")) == [0, 1]
    assert ids(app, session, until=date(2026, 3, 11)) == [0, 1]
    assert ids(app, session, since=date(2026, 3, 11), until=date(2026, 3, 11)) == [1]
    assert ids(app, session, since=date(2026, 3, 12)) == [2, 3, 4, 5]


def test_versions_and_tests(app: Flask, session: Session, phone: Phone, six: None, publish: Publish) -> None:
    newer = publish(HOUSEHOLD.replace("| 1       |", "| 2       |"))
    phone.receipts(make_document(newer, id=IDS[5], base=1, answers={"place": "C01", "hh_size": "2"}))
    fresh(session).execute(update(Response).where(Response.id == IDS[4]).values(is_test=True))
    session.commit()
    assert ids(app, session, versions=(2,)) == [5]
    assert ids(app, session, versions=(1,)) == [0, 1, 2, 3]
    assert ids(app, session, versions=(1,), test=True) == [0, 1, 2, 3, 4]
    assert ids(app, session, versions=(7,)) == []


def test_some_responses_by_their_ids(app: Flask, six: None) -> None:
    found = walk(app, Selection(states=("received",)), ids=[IDS[3], IDS[1], "none"])
    assert [walked.response_id for walked in found] == [IDS[1], IDS[3]]
    assert walk(app, Selection(), ids=[]) == []


def test_what_a_response_has(app: Flask, session: Session, phone: Phone, household: Version, places: object) -> None:
    files = [{"name": "a.jpg", "path": "/data/photo", "size": 1, "sha256": "0" * 64, "type": "image/jpeg"}]
    phone.receipts(make_document(household, id=IDS[0], author=phone.user.id, files=files))
    fresh(session).execute(update(Revision).values(unanswered=["/data/photo", "/data/members[1]/age"]))
    session.commit()
    [walked] = walk(app, Selection())
    assert walked.answers == {"place": "C01", "hh_size": "4"}
    assert (walked.author_id, walked.device_id, walked.version_id) == (phone.user.id, phone.device.id, household.id)
    assert walked.unanswered == {"/data/photo", "/data/members[1]/age"}
    assert [file["name"] for file in walked.files] == ["a.jpg"] and walked.missing_files == 1
    own = walked.own_by_key
    assert (own["author"], own["place"], own["missing_files"]) == ("Wei", "C01社区 / Community C01", "1")
    assert datetime.fromisoformat(own["received_at_utc"]) == walked.received_at.replace(
        microsecond=walked.received_at.microsecond // 1000 * 1000
    )


def test_nothing_personal_is_in_the_walk_of_who_may_not_see_it__A81(
    app: Flask, session: Session, phone: Phone, household: Version, places: object
) -> None:
    photo = {"size": 1, "sha256": "0" * 64, "type": "image/jpeg"}
    files = [
        photo | {"name": "a.jpg", "path": "/data/photo"},
        photo | {"name": "b.jpg", "path": "/data/members[1]/name"},
        photo | {"name": "c.jpg", "path": ""},
        photo | {"name": "d.jpg", "path": "/data/hh_size"},
    ]
    answers = {"hh_size": "4", "photo": "a.jpg", "members": [{"name": "Ana", "age": "30"}], "odd": "Ana"}
    phone.receipts(
        make_document(household, id=IDS[0], answers=answers | {"meta": {"instanceName": "Ana"}}, files=files)
    )
    [walked] = walk(app, Selection(hidden=frozenset({"photo", "members/name"})))
    assert walked.answers == {"hh_size": "4", "members": [{"age": "30"}], "meta": {}}
    assert [file["name"] for file in walked.files] == ["d.jpg"]
    assert "Ana" not in repr(walked)


def test_documents_with_half_characters_and_with_what_is_no_json_are_read(
    app: Flask, phone: Phone, household: Version, places: object
) -> None:
    document = make_document(household, id=IDS[0], answers={"place": "\\", "hh_size": "4"})
    phone.receipts(document.replace('"\\\\"', '"a\\ud83d b"').replace('"4"', "NaN"))
    [walked] = walk(app, Selection())
    assert walked.answers["place"] == "a\ufffd b"
    assert json.dumps(walked.answers["hh_size"]) == "NaN"


def test_nobody_elses_responses(app: Flask, publish: Publish, six: None, people: object, session: Session) -> None:
    other = publish(HOUSEHOLD.replace("| household |", "| other     |"))
    assert walk(app, Selection(versions=(1,))) != []
    found = walk_responses(app.extensions["collector_engine"], other.questionnaire_id, Selection())
    assert list(found) == []
    assert session.query(User).count() > 0


def test_large_documents_are_read_few_at_a_time(
    app: Flask, six: None, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows a chunk may have, no more than so many bytes of documents are held at once; none is left out or comes twice."""
    engine = app.extensions["collector_engine"]
    [whole] = walk_rows(engine, questionnaire_id(app), Selection())
    size = len(whole[0].document)
    for limit, sizes in ((1, [1] * 6), (size * 3 // 2, [2, 2, 2]), (size * 10, [6])):
        monkeypatch.setattr("collector.export.sheets.walk.CHUNK_BYTES", limit)
        assert ids(app, session) == list(range(6))
        chunks = [len(chunk) for chunk in walk_rows(engine, questionnaire_id(app), Selection())]
        assert chunks == sizes, limit
        pages = walk_submissions(engine, questionnaire_id(app), Selection(), Page(limit=5))
        assert [one.walked.response_id for one in pages] == IDS[:0:-1]
