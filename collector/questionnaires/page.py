"""The page of one questionnaire, and what leads back to it: an upload that became a draft."""

import json
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.languages import language, written_moment
from collector.questionnaires import queries
from collector.questionnaires.blueprint import find_row
from collector.questionnaires.compile import Compiled
from collector.questionnaires.difference import Difference, compare
from collector.questionnaires.difference_words import Section, sections, summary
from collector.questionnaires.inputs import FilesForm, WindowForm
from collector.questionnaires.occurrences import count_occurrences
from collector.questionnaires.operations import add_draft, name_clash
from collector.questionnaires.personal import fields_of
from collector.questionnaires.queries import QuestionnaireRow
from collector.questionnaires.states import LOOKS, STATES, state_of
from collector.questionnaires.uploads import Workbook
from collector.store import Questionnaire, Version, utc_now
from collector.store.questionnaires import DRAFT
from collector.store.session import reading, writing


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side, for a page."""

    before: Version
    after: Version
    difference: Difference
    sections: list[Section]
    summary: list[str]
    #: Newest responses in which removed answers were looked for; None: they were not.
    looked_at: int | None


def say_taken_over(uploaded: Workbook, whole: Workbook) -> None:
    """Name the files that came from an earlier version."""
    names = [name for name in whole.files if name not in uploaded.files]
    if names:
        flash(_("Taken over from the version before: %(names)s", names=in_a_row(names)), "info")


def store_draft(compiled: Compiled, workbook: Workbook) -> Response:
    """Keep what was compiled well, say what became of it, and go to the questionnaire's page."""
    with writing() as store:
        version = add_draft(store, compiled, workbook, by=current_user.id)
        is_draft = version.state == DRAFT
    if is_draft:
        flash(_("The workbook is a draft now. Try it out, then publish it."), "success")
    else:
        flash(_("This content is published already."), "info")
    return redirect(url_for("questionnaires.questionnaire", form_id=compiled.form_id))


def compare_versions(before: Version, after: Version, *, is_counted: bool) -> Comparison:
    """What `after` changes; `is_counted`: also how often what it removes is in responses, which reads many of them."""
    models: tuple[Any, Any] = (json.loads(before.model_json), json.loads(after.model_json))
    difference = compare(*models)
    counted = count_occurrences(reading(), before.questionnaire_id, difference) if is_counted else None
    shown = sections(
        difference, models, language=language(), earlier=before.version or str(before.number), counted=counted
    )
    return Comparison(before, after, difference, shown, summary(difference), counted.looked_at if counted else None)


def show_questionnaire(
    form_id: str, form: FilesForm, compiled: Compiled | None = None, window: WindowForm | None = None
) -> str:
    """The page of one questionnaire; with what is wrong with files that were `compiled` in vain, or with a `window`."""
    row = find_row(form_id)
    shown = row.draft or row.current
    state = state_of(row.questionnaire, utc_now())
    return render_template(
        "office/questionnaire.html",
        row=row,
        state=(*LOOKS[state], STATES[state]),
        link=current_app.config["SETTINGS"].public_url + url_for("field.shell", page=f"new/{form_id}"),
        versions=queries.listed_versions(row.questionnaire),
        comparison=compare_versions(row.current, row.draft, is_counted=False) if row.current and row.draft else None,
        shown=shown,
        unmarked=unmarked(row),
        files=queries.files_of(reading(), shown) if shown else [],
        with_files=queries.versions_with_files(reading(), row.questionnaire),
        form=form,
        window=window or window_form(row.questionnaire),
        zone=current_app.config["SETTINGS"].time_zone,
        errors=queries.read_findings(compiled.errors if compiled else [], language()),
        warnings=queries.read_findings(shown.warnings if shown else [], language()),
        clash=name_clash(reading(), row.draft) if row.draft else None,
    )


def unmarked(row: QuestionnaireRow) -> int:
    """How many questions look personal and are not marked so."""
    shown = row.draft or row.current
    fields = fields_of([json.loads(shown.model_json)]) if shown else []
    marked = set(row.questionnaire.personal_fields)
    return sum(field.looks_personal and field.path not in marked for field in fields)


def window_form(questionnaire: Questionnaire) -> WindowForm:
    """The form with the questionnaire's window in it."""
    opens_at, closes_at = questionnaire.opens_at, questionnaire.closes_at
    return WindowForm(
        formdata=None,
        opens_at=written_moment(opens_at) if opens_at else None,
        closes_at=written_moment(closes_at) if closes_at else None,
    )


def in_a_row(names: list[str], limit: int = 5) -> str:
    """The first names, and how many more there are."""
    more = _(" and %(count)s more", count=len(names) - limit) if len(names) > limit else ""
    return f"{_(', ').join(names[:limit])}{more}"
