"""The form of the rules, and reading it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from collector.intake.rules import MOST_LIMIT, RULES, Rule, Setting

NOT_A_LIMIT = _l("A limit is a whole number, 1 to 1000000.")
NOT_AN_HOUR = _l("An hour is a whole number, 1 to 24.")
NOT_A_SHARE = _l("A share is a whole number, 1 to 100.")
#: The largest limit in a unit, and what to say of one that is not in it.
BOUNDS: dict[str, tuple[int, Any]] = {"o_clock": (24, NOT_AN_HOUR), "percent": (100, NOT_A_SHARE)}


class RulesForm(FlaskForm):
    """The rules of a questionnaire: for each `on-<code>` and `limit-<code>`; `preview` shows what they would do."""


@dataclass(frozen=True)
class TypedRules:
    """What was typed: settings by which it can be previewed, texts of the boxes, and faults, by the rule's code."""

    settings: list[Setting]
    texts: Mapping[str, str]
    faults: Mapping[str, Any]

    def as_column(self) -> dict[str, Any]:
        """The rules that differ from their defaults, as `Questionnaire.quality_rules` keeps them."""
        return {
            setting.rule.code: {"on": setting.is_on, "limit": setting.limit}
            for setting in self.settings
            if not setting.is_on or setting.limit != setting.rule.default
        }


def read_rules(typed: Mapping[str, str]) -> TypedRules:
    """Read the form. Where a limit is none, the rule's default stands in its place until that is corrected."""
    settings, texts, faults = [], {}, {}
    for code, rule in RULES.items():
        texts[code] = typed.get(f"limit-{code}", "").strip()
        limit = read_limit(rule, texts[code])
        if limit is None:
            faults[code] = BOUNDS.get(rule.unit, (MOST_LIMIT, NOT_A_LIMIT))[1]
        settings.append(Setting(rule, f"on-{code}" in typed, rule.default if limit is None else limit))
    return TypedRules(settings, texts, faults)


def read_limit(rule: Rule, text: str) -> int | None:
    """A limit in the rule's unit; None for what is none."""
    most, _fault = BOUNDS.get(rule.unit, (MOST_LIMIT, NOT_A_LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        return None
    return int(text) if 1 <= int(text) <= most else None
