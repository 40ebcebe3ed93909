"""The rules of quality: each as a table of what breaks it."""

from random import Random
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector.intake.flag_rows import judge_new
from collector.intake.rules import RULES, UNITS, settings_of, values_of
from collector.intake.words import FLAGS
from collector.store import Response, Version, utc_now
from collector.store.derived import Measures

#: By rule: measures that just break it and that just do not, with the limit.
CASES: list[tuple[str, int, dict[str, Any], dict[str, Any]]] = [
    ("too_fast", 3, {"duration_s": 29, "answered": 10}, {"duration_s": 30, "answered": 10}),
    ("too_fast", 3, {"duration_s": 0, "answered": 5}, {"duration_s": 0, "answered": 4}),
    ("too_long", 10, {"duration_s": 601}, {"duration_s": 600}),
    ("same_in_a_row", 8, {"same_in_a_row": 8}, {"same_in_a_row": 7}),
    ("far_away", 1000, {"distance_m": 1000}, {"distance_m": 999}),
    ("begun_early", 6, {"begun_minute": 359}, {"begun_minute": 360}),
    ("begun_late", 21, {"begun_minute": 1260}, {"begun_minute": 1259}),
    ("backdated", 12, {"clock_behind_s": 43200}, {"clock_behind_s": 43199}),
    ("backdated", 12, {"duration_s": -1}, {"clock_behind_s": -90000}),
    ("dont_know", 30, {"answered": 10, "unanswered_by_choice": 3}, {"answered": 10, "unanswered_by_choice": 2}),
    ("dont_know", 30, {"answered": 5, "unanswered_by_choice": 5}, {"answered": 4, "unanswered_by_choice": 4}),
    ("same_spot", 1, {"spot": "a"}, {}),
    ("same_answers", 5, {"answers_hash": "a", "answered": 5}, {"answers_hash": "a", "answered": 4}),
]


@pytest.mark.parametrize(("code", "limit", "breaks", "keeps"), CASES)
def test_what_breaks_a_rule(
    session: Session, household: Version, code: str, limit: int, breaks: dict[str, Any], keeps: dict[str, Any]
) -> None:
    other = {"spot": "a", "answers_hash": "a", "answered": 0}
    for name, measures in {"breaks": breaks, "keeps": keeps, "nothing": {}, "other": other}.items():
        store_measures(session, household.questionnaire_id, name, measures)
    setting = next(one for one in settings_of({code: {"on": True, "limit": limit}}) if one.rule.code == code)
    found = select(Measures.response_id).where(setting.condition, Measures.response_id != "other")
    assert session.scalars(found).all() == ["breaks"]


def test_a_response_is_judged_before_it_is_stored_as_it_is_in_the_database(
    session: Session, household: Version
) -> None:
    chance = Random(5)
    ranges = {
        "duration_s": (-1, 700),
        "begun_minute": (0, 1439),
        "answered": (0, 12),
        "unanswered_by_choice": (0, 6),
        "same_in_a_row": (0, 9),
        "distance_m": (900, 1100),
        "clock_behind_s": (43_000, 43_400),
    }
    nullable = {"duration_s", "begun_minute", "distance_m", "clock_behind_s"}
    measured = {
        f"response {number}": {
            name: None if name in nullable and chance.random() < 0.2 else chance.randint(*limits)
            for name, limits in ranges.items()
        }
        for number in range(150)
    }
    for id_, measures in measured.items():
        store_measures(session, household.questionnaire_id, id_, measures)
    for setting in settings_of({"too_long": {"limit": 10}}):
        if not setting.rule.group:
            stored = set(session.scalars(select(Measures.response_id).where(setting.condition)))
            judged = {id_ for id_, measures in measured.items() if setting.is_broken(values_of(measures))}
            assert judged == stored, setting.rule.code
            assert 0 < len(judged) < len(measured), setting.rule.code


def test_new_responses_are_compared_with_each_other_and_with_those_that_are_stored(
    session: Session, household: Version
) -> None:
    for name in ("stored 1", "stored 2", "stored 3"):
        store_measures(session, household.questionnaire_id, name, {"spot": "crowded"})
    store_measures(session, household.questionnaire_id, "alone", {"spot": "here", "answers_hash": "h", "answered": 12})
    nothing: dict[str, Any] = dict.fromkeys(Measures.__table__.columns.keys()) | {"answers_hash": "", "answered": 0}
    measured = {
        "one": nothing | {"spot": "here"},
        "two": nothing | {"spot": "crowded"},
        "three": nothing | {"spot": "new", "answers_hash": "new", "answered": 12},
        "four": nothing | {"spot": "new", "answers_hash": "new", "answered": 12},
        "five": nothing | {"spot": "other", "answers_hash": "h", "answered": 12},
        "six": nothing | {"spot": "nowhere else", "answers_hash": "few", "answered": 2},
        "seven": nothing | {"answers_hash": "few", "answered": 2},
    }
    broken, others = judge_new(session, household.questionnaire_id, measured, settings_of({}))
    assert broken == {
        "one": {"same_spot"},
        "two": {"same_spot"},
        "three": {"same_spot", "same_answers"},
        "four": {"same_spot", "same_answers"},
        "five": {"same_answers"},
        "six": set(),
        "seven": set(),
    }
    # Those at the crowded spot were flagged by one another already.
    assert others == {"alone"}


def store_measures(session: Session, questionnaire_id: int, response_id: str, measures: dict[str, Any]) -> None:
    now = utc_now()
    session.execute(
        insert(Response).values(
            id=response_id, questionnaire_id=questionnaire_id, received_at=now, received_on=now.date()
        )
    )
    session.execute(
        insert(Measures).values({"response_id": response_id, "questionnaire_id": questionnaire_id} | measures)
    )


def test_several_others_at_the_same_point(session: Session, household: Version) -> None:
    for name in "abc":
        store_measures(session, household.questionnaire_id, name, {"spot": "x"})
    for limit, number in ((2, 3), (3, 0)):
        broken = select(Measures.response_id).where(RULES["same_spot"].breaks(limit))
        assert len(session.scalars(broken).all()) == number


def test_settings_are_the_defaults_but_for_what_makes_sense() -> None:
    own = {"too_long": {"on": False, "limit": 9}, "too_fast": {"limit": 0}, "begun_late": "x", "gone": {"on": True}}
    found = {setting.rule.code: (setting.is_on, setting.limit) for setting in settings_of(own)}
    assert found["too_long"] == (False, 9)
    assert found["too_fast"] == (True, RULES["too_fast"].default)
    assert found["begun_late"] == (True, RULES["begun_late"].default)
    assert found.keys() == RULES.keys()


def test_every_rule_says_its_limit_in_both_languages(app: Flask) -> None:
    assert not RULES.keys() & FLAGS.keys(), "a rule and a check of the engine would be told as the same"
    with app.test_request_context():
        for language in ("en", "zh"):
            with force_locale(language):
                for rule in RULES.values():
                    assert "4711" in rule.in_words(4711) and "%" not in rule.in_words(4711)
                    assert rule.unit in UNITS and str(rule.words)
