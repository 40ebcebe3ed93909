"""The rules of quality: each in words, with its limit, and as a condition on what was measured (docs/quality.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from collector.store.derived import Measures

#: Answers from which a pace or a share says something.
ENOUGH_ANSWERS = 5
#: Largest limit that can be set.
MOST_LIMIT = 1_000_000

#: Units of limits in words, as they stand behind the box on the page of the rules.
UNITS: dict[str, Any] = {
    "seconds": _l("seconds"),
    "minutes": _l("minutes"),
    "hours": _l("hours"),
    "o_clock": _l("o'clock"),
    "metres": _l("metres"),
    "questions": _l("questions"),
    "responses": _l("responses"),
    "percent": _l("percent"),
}


@dataclass(frozen=True)
class Rule:
    """A rule of quality. `words` names it; `sentence` says it with its limit, in `unit`.

    `condition(measures, limit)`: what a response fulfils that breaks it, said of `Measures` in the database or of what one response has
    there (`values_of`). `group`: the column of `Measures` by which responses are compared with each other, for a rule that does, whose
    condition is for the database alone; `others(limit)`: how many must have the same there besides a response that breaks the rule.
    """

    code: str
    words: Any
    sentence: Any
    default: int
    unit: str
    condition: Callable[[Any, int], Any]
    group: str = ""
    others: Callable[[int], int] = lambda _limit: 1

    def breaks(self, limit: int) -> ColumnElement[bool]:
        """Its condition in the database."""
        condition: ColumnElement[bool] = self.condition(Measures, limit)
        return condition

    def in_words(self, limit: int) -> str:
        """The sentence with this limit, in the language of the request."""
        return str(self.sentence) % {"limit": limit}


@dataclass(frozen=True)
class Setting:
    """How a rule stands for a questionnaire: whether it is on, and its limit."""

    rule: Rule
    is_on: bool
    limit: int

    @property
    def condition(self) -> ColumnElement[bool]:
        """What a response's measures fulfil if they break the rule."""
        return self.rule.breaks(self.limit)

    def is_broken(self, values: SimpleNamespace) -> bool:
        """Whether a response with these `values_of` its measures breaks a rule that compares it with no others."""
        return bool(self.rule.condition(values, self.limit))

    @property
    def sentence(self) -> str:
        """The rule in words with its limit."""
        return self.rule.in_words(self.limit)


def values_of(measures: Mapping[str, Any]) -> SimpleNamespace:
    """What a response has in its columns of `Measures`, for conditions: what is none is neither less nor more than anything, as in SQL."""
    return SimpleNamespace(**{name: nan if value is None else value for name, value in measures.items()})


def _too_fast(measures: Any, limit: int) -> Any:
    return (measures.answered >= ENOUGH_ANSWERS) & (measures.duration_s < limit * measures.answered)


def _dont_know(measures: Any, limit: int) -> Any:
    return (measures.answered >= ENOUGH_ANSWERS) & (measures.unanswered_by_choice * 100 >= limit * measures.answered)


def _backdated(measures: Any, limit: int) -> Any:
    return (measures.clock_behind_s >= limit * 3600) | (measures.duration_s < 0)


def _same_spot(measures: Any, limit: int) -> ColumnElement[bool]:
    other = aliased(measures)
    # No more are counted than are needed: at a place of meeting there may be thousands.
    some = (
        select(other.response_id)
        .where(other.questionnaire_id == measures.questionnaire_id, other.spot == measures.spot)
        .where(other.response_id != measures.response_id)
        .limit(limit)
        .correlate(measures)
        .subquery()
    )
    number = select(func.count()).select_from(some).correlate(measures).scalar_subquery()
    return and_(measures.spot.is_not(None), number >= limit)


def _same_answers(measures: Any, limit: int) -> ColumnElement[bool]:
    other = aliased(measures)
    same = (
        select(other.response_id)
        .where(other.questionnaire_id == measures.questionnaire_id, other.answers_hash == measures.answers_hash)
        .where(other.response_id != measures.response_id)
        .correlate(measures)
    )
    return and_(measures.answers_hash != "", measures.answered >= limit, same.exists())


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "too_fast",
            _l("Very fast"),
            _l("It took less than %(limit)s seconds for each question answered (from 5 answers on)."),
            3,
            "seconds",
            _too_fast,
        ),
        Rule(
            "too_long",
            _l("Very long"),
            _l("It took longer than %(limit)s minutes."),
            180,
            "minutes",
            lambda measures, limit: measures.duration_s > limit * 60,
        ),
        Rule(
            "same_in_a_row",
            _l("The same choice in a row"),
            _l(
                "At least %(limit)s questions with the same list of choices, one after the other, have the same answer."
            ),
            8,
            "questions",
            lambda measures, limit: measures.same_in_a_row >= limit,
        ),
        Rule(
            "far_away",
            _l("Far from the community"),
            _l(
                "Its point lies %(limit)s metres or more outside the community's boundary; where no boundary is drawn,"
                " away from the middle of the community's latest points."
            ),
            1000,
            "metres",
            lambda measures, limit: measures.distance_m >= limit,
        ),
        Rule(
            "begun_early",
            _l("Begun early"),
            _l("It was begun before %(limit)s o'clock (0 to 24), by the phone's clock."),
            6,
            "o_clock",
            lambda measures, limit: measures.begun_minute < limit * 60,
        ),
        Rule(
            "begun_late",
            _l("Begun late"),
            _l("It was begun at %(limit)s o'clock (0 to 24) or later, by the phone's clock."),
            21,
            "o_clock",
            lambda measures, limit: measures.begun_minute >= limit * 60,
        ),
        Rule(
            "same_spot",
            _l("The same point as another"),
            _l("At least %(limit)s other responses have the very same point, to about a metre."),
            1,
            "responses",
            _same_spot,
            group="spot",
            others=lambda limit: limit,
        ),
        Rule(
            "same_answers",
            _l("The same answers as another"),
            _l("All its answers, at least %(limit)s of them, are those of another response as well."),
            10,
            "questions",
            _same_answers,
            group="answers_hash",
        ),
        Rule(
            "backdated",
            _l("Clock put back"),
            _l(
                "The phone's clock was %(limit)s hours or more behind when it was sent, or it ends before it begins:"
                " its dates may be wrong."
            ),
            12,
            "hours",
            _backdated,
        ),
        Rule(
            "dont_know",
            _l('Much "don\'t know"'),
            _l('At least %(limit)s percent of its answers are "don\'t know" or "declined" (from 5 answers on).'),
            30,
            "percent",
            _dont_know,
        ),
    )
}


def settings_of(quality_rules: Mapping[str, Any] | None) -> list[Setting]:
    """All rules as they stand for a questionnaire with these `quality_rules`; what makes no sense there is as by default."""
    found = []
    for code, rule in RULES.items():
        own = (quality_rules or {}).get(code)
        own = own if isinstance(own, dict) else {}
        limit = own.get("limit", rule.default)
        is_limit = isinstance(limit, int) and not isinstance(limit, bool) and 0 < limit <= MOST_LIMIT
        found.append(Setting(rule, bool(own.get("on", True)), limit if is_limit else rule.default))
    return found
