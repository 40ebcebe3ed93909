"""The survey sheet's columns `personal` and `consent`: whose answers tell who somebody is, and which question asks for consent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from collector.questionnaires.columns import Table
from collector.questionnaires.findings import Finding
from collector.questionnaires.made_from import with_made_from
from collector.questionnaires.missing import KEY as REASON_KEY
from collector.questionnaires.model_items import holds_data, items_of
from collector.questionnaires.or_other import OTHER
from collector.questionnaires.outline import Item, Outline

PERSONAL, CONSENT = "personal", "consent"
GIVEN, REFUSED = "given", "refused"
#: What a cell of `personal` says. `no` inside a group that says yes takes one question out, and stops the office's guess about it.
YES, NO = frozenset({"yes", "true", "true()", "1", "是"}), frozenset({"no", "false", "false()", "0", "否"})
#: The answer to a box to tick (XLSForm, "acknowledge").
TICKED = "OK"
_TICKS = ("acknowledge", "trigger")


@dataclass
class Marks:
    """What the two columns say. `personal`: yes or no by path without the root's name, of questions, groups and repeats.

    `consent`: `{"path", "given"}`, the question that asks for consent and the values that mean yes; None: no question does.
    """

    personal: dict[str, bool] = field(default_factory=dict)
    consent: dict[str, Any] | None = None

    def verdict(self, path: str) -> bool | None:
        """What is said of the question at `path`: by its own row, else by the nearest group around it; None: nothing."""
        while path:
            if path in self.personal:
                return self.personal[path]
            path = path.rpartition("/")[0]
        return None


def read_marks(tables: Mapping[str, Table], outline: Outline) -> tuple[Marks, list[Finding]]:
    """What the columns say, and an error for each cell that makes no sense. Mutates: the rows, whose cells are taken out."""
    survey, marks, errors = tables["survey"], Marks(), []
    rows = {_bare(item): item.row.number for item in outline.items}
    asking: list[tuple[Item, str]] = []
    for item in outline.items:
        said = item.row.values.pop(PERSONAL, "").strip()
        path = _bare(item)
        if said.lower() in YES | NO:
            marks.personal[path] = said.lower() in YES
            if rows.get(f"{path}_{OTHER}") == item.row.number:
                # What somebody writes beside "other" is as personal as the choice.
                marks.personal[f"{path}_{OTHER}"] = marks.personal[path]
        elif said:
            errors.append(survey.finding("personal_unclear", item.row, PERSONAL, name=item.name, value=said))
        values = item.row.values.pop(CONSENT, "").strip()
        if values:
            asking.append((item, values))
    for item, values in asking[:1]:
        marks.consent, wrong = _read_consent(tables, item, values.split())
        errors += wrong
    for item, _values in asking[1:]:
        params = {"name": item.name, "first": asking[0][0].name, "row": asking[0][0].row.number}
        errors.append(survey.finding("consent_twice", item.row, CONSENT, **params))
    return marks, errors


def _bare(item: Item) -> str:
    return item.path.strip("/").partition("/")[2]


def _read_consent(
    tables: Mapping[str, Table], item: Item, values: list[str]
) -> tuple[dict[str, Any] | None, list[Finding]]:
    survey = tables["survey"]

    def wrong(code: str, **params: object) -> tuple[None, list[Finding]]:
        return None, [survey.finding(code, item.row, CONSENT, name=item.name, **params)]

    is_tick = item.type.role == "plain" and item.type.kind in _TICKS
    if not is_tick and (item.type.role != "select" or item.type.is_multiple):
        return wrong("consent_type", type=item.type.text)
    if _is_repeated(item):
        return wrong("consent_repeat")
    names = [TICKED] if is_tick else _choice_names(tables, item)
    if is_tick:
        values = [TICKED if value.upper() == TICKED else value for value in values]
    for value in values:
        # The choices of a list beside the workbook are not known here.
        if names and value not in names:
            return wrong("consent_choice", value=value, choices=", ".join(names[:10]))
    return {"path": _bare(item), GIVEN: list(dict.fromkeys(values))}, []


def _is_repeated(item: Item) -> bool:
    above = item.parent
    while above is not None:
        if above.type.kind != "group":
            return True
        above = above.parent
    return False


def _choice_names(tables: Mapping[str, Table], item: Item) -> list[str]:
    sheet = tables.get("external_choices" if item.type.is_external else "choices")
    rows = sheet.rows if sheet and not item.type.is_from_file else []
    return [row.get("name") for row in rows if row.get("list_name") == item.type.list_name]


def mark_model(model: dict[str, Any], marks: Marks) -> list[str]:
    """Write into a form model which of its questions are personal and which one asks for consent (docs/form-model.md).

    Gives the paths of the questions that the workbook says are not personal. Mutates: `model`; not where nothing is said.
    """
    questions = [item for item in items_of(model) if item.kind == "question" and holds_data(item.node)]
    said = {item.path: marks.verdict(item.path) for item in questions if not item.path.startswith("meta/")}
    personal = with_made_from(
        model,
        [item for item in questions if said.get(item.path) is not False],
        {path for path, is_personal in said.items() if is_personal},
    )
    if personal:
        model["form"][PERSONAL] = [path for path in said if path in personal]
    if marks.consent is not None:
        model["form"][CONSENT] = marks.consent
    return [path for path, is_personal in said.items() if is_personal is False]


def personal_of(model: Mapping[str, Any]) -> list[str]:
    """Paths of the questions that a form model's workbook marks as personal."""
    paths: list[str] = model["form"].get(PERSONAL, [])
    return paths


def consent_of(model: Mapping[str, Any] | None, answers: Mapping[str, Any]) -> str | None:
    """What `answers` say to the form's question about consent: given, refused, or None where nobody was asked or nothing was said."""
    asked = model["form"].get(CONSENT) if model else None
    if asked is None:
        return None
    *groups, name = asked["path"].split("/")
    at: Any = answers
    for group in groups:
        at = at.get(group) if isinstance(at, dict) else None
    if not isinstance(at, dict):
        return None
    said = at.get(name)
    if isinstance(said, str) and said:
        return GIVEN if said in asked[GIVEN] else REFUSED
    # Whoever does not say whether they agree has not agreed.
    return REFUSED if at.get(name + REASON_KEY) else None
