"""The page of frequencies: how often each answer to a question is given, alone or by another question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from collector.accounts.scope import Scope, current_scope
from collector.accounts.signed_in import requires
from collector.charts import Bar, bars
from collector.intake.words import MISSING, in_words
from collector.intake.words import STATES as STATE_WORDS
from collector.languages import language
from collector.place_order import read_order
from collector.quality.filters import MOST, read_filters
from collector.quality.frequencies import CHOICE, TEXT, Frequencies, count, cross, kind_of, written
from collector.quality.queries import find_questionnaire, list_authors, list_questionnaires, names_of, read_documents
from collector.questionnaires.marks import without_marks
from collector.questionnaires.model_items import Item, items_of, label_in
from collector.questionnaires.published import form_model
from collector.questionnaires.queries import title_of
from collector.store import Questionnaire
from collector.store.responses import STATES
from collector.store.session import reading, reading_far


@dataclass(frozen=True)
class Question:
    """A question that can be chosen: its label, and the labels of its choices by value, in the reader's language."""

    item: Item
    label: str
    choices: Mapping[str, str]

    @property
    def is_crossable(self) -> bool:
        """Whether it can be set against another one: it has choices and is asked once in a response."""
        return kind_of(self.item) == CHOICE and self.item.repeats == 0


def add_routes(bp: Blueprint) -> None:
    """Add the page to the blueprint of quality."""
    bp.get("/frequencies")(frequencies)


@requires("responses.see")
def frequencies() -> str:
    """How often each answer is given; questionnaire, question and filters are in the address."""
    store, scope = reading(), current_scope()
    questionnaire = find_questionnaire(store, request.args.get("questionnaire", ""))
    if questionnaire is None:
        return render_template("office/quality_empty.html")
    filters = read_filters(request.args)
    questions = list_questions(store, questionnaire)
    by_path = {question.item.path: question for question in questions}
    chosen = by_path.get(request.args.get("question", "")) or next(iter(questions), None)
    by = by_path.get(request.args.get("by", ""))
    if chosen is None or by is None or by is chosen or not (by.is_crossable and chosen.is_crossable):
        by = None
    looked_at = [question.item for question in (chosen, by) if question]
    documents = read_documents(reading_far(), questionnaire, scope, filters, looked_at) if chosen else []
    counted = count(chosen.item, documents, chosen.choices) if chosen else None
    crossed = cross(chosen.item, by.item, documents, chosen.choices, by.choices) if chosen and by else None
    return render_template(
        "office/frequencies.html",
        chosen=questionnaire,
        titles=[(one.form_id, title_of(one.current_version, language())) for one in list_questionnaires(store)],
        title=title_of(questionnaire.current_version, language()),
        questions=questions,
        question=chosen,
        by=by,
        counted=counted,
        is_text=counted is not None and counted.kind == TEXT,
        lines=lines_of(counted) if counted else [],
        chart=draw(counted, chosen.label) if counted and chosen else "",
        crossed=crossed,
        written=written,
        filters=filters,
        number=len(documents),
        most=MOST,
        states={code: in_words(STATE_WORDS, code) for code in STATES},
        **choices_of_filters(store, questionnaire, scope),
    )


def list_questions(store: Session, questionnaire: Questionnaire) -> list[Question]:
    """The questions of the current version that people answer; personal ones only for who may see such."""
    model = form_model(store, questionnaire.current_version_id or 0).tree
    hidden = set() if current_user.sees_personal else set(questionnaire.personal_fields)
    found = []
    for item in items_of(model):
        is_asked = item.kind == "question" and item.node.get("control") not in (None, "trigger", "upload")
        is_note = item.node.get("readonly") == "true()"
        if not is_asked or is_note or item.path in hidden or item.node.get("type", "").startswith("geo"):
            continue
        label = without_marks(label_in(item.labels, model, language())) or item.name
        choices = {
            value: without_marks(label_in(labels, model, language())) for value, labels in (item.choices or {}).items()
        }
        found.append(Question(item, label, choices))
    return found


def lines_of(counted: Frequencies) -> list[dict[str, Any]]:
    """The lines of a question's frequencies, reasons in words, each with its percent of all that were asked."""
    return [
        {
            "label": in_words(MISSING, line.code) if line.is_reason else line.label,
            "count": line.count,
            "percent": 100 * line.count / counted.asked if counted.asked else 0,
            "is_reason": line.is_reason,
        }
        for line in counted.lines
    ]


def draw(counted: Frequencies, label: str) -> Any:
    """The frequencies as a chart."""
    rows = [
        Bar(
            line["label"],
            line["count"],
            _("%(count)s (%(percent)s %%)", count=line["count"], percent=round(line["percent"])),
            "soft" if line["is_reason"] else "",
        )
        for line in lines_of(counted)
    ]
    return bars(rows, title=label) if rows else ""


def choices_of_filters(store: Session, questionnaire: Questionnaire, scope: Scope) -> dict[str, Any]:
    """What can be chosen as place and volunteer: those of the scope."""
    order = read_order(store)
    places = [
        {"code": node.code, "name": node.name(language()), "depth": node.level}
        for node in order.standing
        if scope.covers(node.id)
    ]
    names = names_of(store, list_authors(store, questionnaire, scope))
    return {"places": places, "authors": sorted(names.items(), key=lambda pair: pair[1])}
