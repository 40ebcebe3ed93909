"""The column `bind::missing`: why a question may be without an answer, and whose answers carry the reason. Pure."""

from __future__ import annotations

import re

from collector.questionnaires.columns import Table
from collector.questionnaires.findings import Finding
from collector.questionnaires.outline import Item, Outline
from collector.questionnaires.spelling import nearest

COLUMN = "bind::missing"
#: The respondent declines to answer; the respondent does not know.
REASONS = ("declined", "dont_know")
#: What follows a question's name, which cannot hold the sign, in the key of its reason (docs/form-model.md, "Answers").
KEY = "@missing"

_BETWEEN = re.compile(r"[\s,;|，；、]+")


def read_reasons(text: str) -> list[str]:
    """The reasons that `text` allows, each once, as the author ordered them; other words are left out."""
    return [word for word in dict.fromkeys(text.split()) if word in REASONS]


def check_reasons(survey: Table, outline: Outline) -> list[Finding]:
    """A warning for each word of the column that is no reason, and for each row that asks nothing.

    Mutates: the rows, whose cells hold afterwards what is passed on: reasons and nothing else.
    """
    found = []
    for item in outline.items:
        text = item.row.values.pop(COLUMN, "")
        if not text:
            continue
        if not _is_asked(item):
            found.append(survey.finding("missing_not_asked", item.row, COLUMN, name=item.name))
            continue
        kept = []
        for word in filter(None, _BETWEEN.split(text)):
            reason = nearest(word.replace("-", "_").replace("'", ""), REASONS)
            if word.lower() in REASONS:
                kept.append(word.lower())
            elif reason:
                found.append(survey.finding("missing_unknown_near", item.row, COLUMN, word=word, near=reason))
            else:
                found.append(survey.finding("missing_unknown", item.row, COLUMN, word=word))
        if kept:
            item.row.values[COLUMN] = " ".join(dict.fromkeys(kept))
    return found


def _is_asked(item: Item) -> bool:
    return item.type.is_shown and item.type.kind != "note"
