"""Whether a response has personal answers that nobody agreed to give. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from collector.questionnaires.privacy_columns import CONSENT, GIVEN, consent_of, personal_of


def lacks_consent(model: Mapping[str, Any], answers: Mapping[str, Any], marked: Collection[str]) -> bool:
    """Tell whether a form asks for consent, it was not given, and there are answers to personal questions all the same.

    `marked`: paths of the questions that the office marked as personal, besides those of the workbook.
    """
    asked = model["form"].get(CONSENT)
    if asked is None or consent_of(model, answers) == GIVEN:
        return False
    personal = {*marked, *personal_of(model)} - {asked["path"]}
    return any(path in personal for path in _answered(answers, ""))


def _answered(value: Any, path: str) -> Iterable[str]:
    """Paths of the questions that are answered, in rows of repeats too."""
    if isinstance(value, list):
        for row in value:
            yield from _answered(row, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _answered(inner, f"{path}/{name}".lstrip("/"))
    elif isinstance(value, str) and value:
        yield path
