"""What is drawn from responses: it follows the current revision, and can be made anew."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector.intake.deletion import delete_response
from collector.intake.derived import derive
from collector.intake.marks import mark_beginning, mark_word
from collector.intake.refresh import derive_missing, refresh_rules, refresh_some_keys
from collector.questionnaires.operations import set_testing
from collector.store import Place, PlaceBoundary, Questionnaire, Response, Revision, Version
from collector.store.derived import Measures, ResponseFlag, ResponseTerm
from collector.store.responses import APPROVED, REJECTED, RESUBMITTED, RETURNED
from tests.conftest import People, Phone, Publish
from tests.documents import fresh, make_document

SURVEY = """
| survey   |
|          | type             | name    | label::English (en) | bind::missing |
|          | text             | place   | Community           |               |
|          | geopoint         | at      | Where               |               |
|          | text             | head    | Head                | dont_know     |
|          | integer          | a       | A                   | dont_know     |
|          | integer          | b       | B                   | dont_know     |
|          | integer          | c       | C                   | dont_know     |
|          | integer          | d       | D                   | dont_know     |
| settings |
|          | form_title | form_id   | version | default_language | attribute::place_path |
|          | Household  | household | 1       | English (en)     | place                 |
"""
ANSWERS = {"place": "C01", "head": "Ana Silva", "a": "1", "b": "2", "c": "3", "d": "4"}


@pytest.fixture
def survey(publish: Publish) -> Version:
    return publish(SURVEY)


@pytest.fixture
def send(phone: Phone, survey: Version, places: dict[str, Place]) -> Callable[..., str]:
    """`send(answers, **parts)`: push a response of Wei's; gives its id."""

    # Held as text: what the session would read anew keeps an old snapshot open.
    model, author = survey.model_hash, phone.user.id

    def send(answers: dict[str, Any] | None = None, **parts: Any) -> str:
        parts = {"id": str(uuid4()), "model": model, "author": author, "answers": ANSWERS | (answers or {})} | parts
        [receipt] = phone.receipts(make_document(**parts))
        assert receipt["status"] in ("stored", "revision_stored"), receipt
        return str(parts["id"])

    return send


def flags(session: Session, response_id: str) -> set[str]:
    """The codes of a response's flags; their number stands with the response."""
    rows = fresh(session).scalars(select(ResponseFlag.code).where(ResponseFlag.response_id == response_id)).all()
    assert session.get_one(Response, response_id).flag_count == len(rows)
    return set(rows)


def set_rules(session: Session, **rules: Any) -> Questionnaire:
    questionnaire = fresh(session).scalars(select(Questionnaire)).one()
    questionnaire.quality_rules = rules
    session.commit()
    return questionnaire


def test_a_response_gets_measures_words_and_no_flag(
    app: Flask, send: Callable[..., str], session: Session, people: People
) -> None:
    """Words of its name, which is made of answers, are hidden; those of its place and volunteer stand in other tables too."""
    response_id = send(instance_name="王五家 Ana")
    measures = fresh(session).get_one(Measures, response_id)
    assert (measures.duration_s, measures.begun_minute, measures.answered) == (514, 583, 6)
    assert (measures.author_id, measures.place_id) == (people.wei.id, session.get_one(Response, response_id).place_id)
    terms = set(session.scalars(select(ResponseTerm.term).where(ResponseTerm.response_id == response_id)))
    keys = app.extensions["collector_data_keys"]
    hidden = {mark_word(keys, word) for word in ("王五", "五家", "ana")} | {mark_beginning(keys, "an")}
    assert terms == {"c01", "社区", "community", "wei", response_id[:8]} | hidden
    assert flags(session, response_id) == set()


def test_rules_flag_what_breaks_them(send: Callable[..., str], session: Session) -> None:
    fast = send(finished_at="2026-03-28T09:43:20.000+08:00")
    assert flags(session, fast) == {"too_fast"}
    reasons = dict.fromkeys("abcd", "") | {f"{name}@missing": "dont_know" for name in "abcd"}
    night = send(reasons, started_at="2026-03-28T22:00:00.000+08:00", finished_at="2026-03-29T03:00:00.000+08:00")
    assert flags(session, night) == {"too_long", "begun_late", "dont_know"}


def test_flags_of_the_checks_have_rows_too(send: Callable[..., str], session: Session) -> None:
    response_id = send({"place": "nowhere", "a": "x"})
    assert flags(session, response_id) == {"unknown_place", "bad_type"}


def test_the_other_response_at_the_same_point_is_flagged_as_well(send: Callable[..., str], session: Session) -> None:
    one = send({"at": "32.06 118.79 0 0"})
    assert flags(session, one) == set()
    other = send({"at": "32.06 118.79 0 5", "head": "Rui"})
    assert flags(session, one) == flags(session, other) == {"same_spot"}
    send({"at": "32.07 118.79 0 5", "head": "Rui"}, id=other, base=1)
    assert flags(session, one) == flags(session, other) == set()


def test_three_at_the_same_point_in_one_push(
    send: Callable[..., str], phone: Phone, survey: Version, session: Session
) -> None:
    set_rules(session, same_spot={"on": True, "limit": 3}, same_answers={"on": False})
    one = send({"at": "32.06 118.79 0 0"})
    answers = ANSWERS | {"at": "32.06 118.79 0 0"}
    ids = [str(uuid4()) for _ in range(3)]
    phone.receipts(*(make_document(survey, id=id_, answers=answers, author=phone.user.id) for id_ in ids))
    assert {frozenset(flags(session, id_)) for id_ in (one, *ids)} == {frozenset({"same_spot"})}


def test_the_same_answers_as_another(send: Callable[..., str], session: Session) -> None:
    set_rules(session, same_answers={"on": True, "limit": 5})
    one = send()
    assert flags(session, one) == set()
    other = send({"place": "C02"})
    assert flags(session, one) == flags(session, other) == {"same_answers"}


def test_far_from_a_boundary(send: Callable[..., str], session: Session, places: dict[str, Place]) -> None:
    square = [[118.0, 32.0], [118.1, 32.0], [118.1, 32.1], [118.0, 32.1], [118.0, 32.0]]
    session.add(PlaceBoundary(place_id=places["C01"].id, geometry={"type": "Polygon", "coordinates": [square]}))
    session.commit()
    inside, outside = send({"at": "32.05 118.05 0 0"}), send({"at": "32.05 118.2 0 0", "head": "Rui"})
    assert fresh(session).get_one(Measures, inside).distance_m == 0
    assert flags(session, inside) == set()
    assert flags(session, outside) == {"far_away"}


def test_without_a_boundary_far_from_the_middle_of_the_points(send: Callable[..., str], session: Session) -> None:
    for number in range(10):
        assert flags(session, send({"at": f"32.050{number} 118.05 0 0", "head": str(number)})) == set()
    assert flags(session, send({"at": "32.2 118.05 0 0"})) == {"far_away"}


def test_the_times_are_those_of_the_first_revision(send: Callable[..., str], session: Session) -> None:
    response_id = send()
    send({"a": "9"}, id=response_id, base=1, finished_at="2026-03-31T12:00:00.000+08:00")
    assert fresh(session).get_one(Measures, response_id).duration_s == 514
    assert flags(session, response_id) == set()


def test_a_conflict_changes_nothing_until_it_is_chosen(send: Callable[..., str], session: Session) -> None:
    response_id = send()
    before = fresh(session).get_one(Measures, response_id).answers_hash
    send({"a": "9"}, id=response_id, base=None)
    assert fresh(session).get_one(Measures, response_id).answers_hash == before
    response = session.get_one(Response, response_id)
    assert response.is_conflicted
    response.current_revision = 2
    session.flush()
    derive(session, response_id)
    session.commit()
    assert session.get_one(Measures, response_id, populate_existing=True).answers_hash != before


def test_a73_a_returned_response_that_comes_again_is_resubmitted(send: Callable[..., str], session: Session) -> None:
    """A73, server's half: still one record, with 2 revisions."""
    response_id = send()
    fresh(session).get_one(Response, response_id).state = RETURNED
    session.commit()
    send({"a": "9"}, id=response_id, base=None)
    assert fresh(session).get_one(Response, response_id).state == RETURNED, "a conflict is nobody's answer"
    send({"a": "8"}, id=response_id, base=1)
    assert fresh(session).get_one(Response, response_id).state == RESUBMITTED
    assert session.scalars(select(Response.id)).all() == [response_id]
    assert len(session.scalars(select(Revision)).all()) == 3


@pytest.mark.parametrize("state", [APPROVED, REJECTED])
def test_a_correction_of_what_was_decided_meanwhile_is_looked_at_again(
    send: Callable[..., str], session: Session, state: str
) -> None:
    response_id = send()
    fresh(session).get_one(Response, response_id).state = state
    session.commit()
    send({"a": "8"}, id=response_id, base=1)
    assert fresh(session).get_one(Response, response_id).state == RESUBMITTED


def test_a_correction_that_was_asked_for_is_taken_though_the_questionnaire_has_closed(
    send: Callable[..., str], session: Session
) -> None:
    response_id = send()
    fresh(session).get_one(Response, response_id).state = RETURNED
    session.scalars(select(Questionnaire)).one().closes_at = datetime(2026, 3, 1, tzinfo=UTC)
    session.commit()
    send({"a": "8"}, id=response_id, base=1)
    assert fresh(session).get_one(Response, response_id).state == RESUBMITTED
    assert "finished_after_close" in flags(session, response_id)


def test_what_was_finished_in_earnest_before_testing_began_is_no_test(
    send: Callable[..., str], session: Session
) -> None:
    questionnaire = set_rules(session)
    set_testing(session, questionnaire, True, by=None)
    session.commit()
    before, tried = send(), send(finished_at=datetime.now(UTC).isoformat(timespec="milliseconds"))
    set_testing(session, questionnaire, False, by=None)
    session.commit()
    after = send()
    assert [fresh(session).get_one(Response, id_).is_test for id_ in (before, tried, after)] == [False, True, False]


def test_what_is_tried_out_is_marked_whenever_it_arrives(send: Callable[..., str], session: Session) -> None:
    questionnaire = set_rules(session)
    questionnaire.is_testing = True
    session.commit()
    tried = send()
    questionnaire.is_testing, questionnaire.live_since = False, datetime(2026, 3, 28, 1, 53, tzinfo=UTC)
    session.commit()
    late, live = send(), send(finished_at="2026-03-28T09:53:44.000+08:00")
    assert [fresh(session).get_one(Response, id_).is_test for id_ in (tried, late, live)] == [True, True, False]


def test_an_archived_questionnaire_still_takes_responses(send: Callable[..., str], session: Session) -> None:
    questionnaire = set_rules(session)
    questionnaire.archived_at = datetime.now(UTC) - timedelta(days=9)
    session.commit()
    assert fresh(session).get_one(Response, send()).state == "received"


def test_another_limit_flags_what_is_there(send: Callable[..., str], session: Session) -> None:
    one = send()
    questionnaire = set_rules(session, too_long={"on": True, "limit": 8})
    refresh_rules(session, questionnaire, ["too_long"])
    session.commit()
    assert flags(session, one) == {"too_long"}
    refresh_rules(session, questionnaire)
    session.commit()
    assert flags(session, one) == {"too_long"}
    questionnaire = set_rules(session, too_long={"on": False, "limit": 8})
    refresh_rules(session, questionnaire)
    session.commit()
    assert flags(session, one) == set()


def test_a76_keys_are_drawn_anew_for_what_is_there(send: Callable[..., str], session: Session) -> None:
    """A76: "Ana Silva" and "ana  silva" are the same."""
    one, other, third = send(), send({"head": "ana  silva"}), send({"place": "C02"})
    questionnaire = set_rules(session)
    questionnaire.duplicate_keys = ["head"]
    assert refresh_some_keys(session, questionnaire) is None
    session.commit()
    keys = [fresh(session).get_one(Response, id_).duplicate_key for id_ in (one, other, third)]
    assert keys[0] == keys[1] != keys[2]
    assert fresh(session).get_one(Response, send({"head": "ANA SILVA"})).duplicate_key == keys[0]


def test_what_an_earlier_release_took_in_is_drawn_later(send: Callable[..., str], session: Session) -> None:
    ids = sorted(send({"a": str(number), "b": "x"}) for number in range(3))
    for table in (Measures, ResponseTerm, ResponseFlag):
        session.execute(delete(table))
    session.commit()
    assert derive_missing(session) == 3
    assert derive_missing(session) == 0
    session.commit()
    assert sorted(session.scalars(select(Measures.response_id))) == ids
    assert flags(session, ids[0]) == {"bad_type"}


def test_a_deleted_response_leaves_nothing(send: Callable[..., str], session: Session, people: People) -> None:
    response_id = send({"place": "nowhere"}, instance_name="王五家")
    delete_response(fresh(session), response_id, reason="test", note="", by=people.su.id)
    session.commit()
    for table in (Measures, ResponseTerm, ResponseFlag):
        assert session.scalars(select(table.response_id)).all() == []


def test_documents_hold_no_flag_of_a_rule(send: Callable[..., str], session: Session) -> None:
    response_id = send(finished_at="2026-03-28T09:43:20.000+08:00")
    revision = fresh(session).get_one(Revision, (response_id, 1))
    assert revision.flags == []
    assert json.loads(revision.document)["id"] == response_id
