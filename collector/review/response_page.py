"""The page of one response, put together: answers, flags, files, points, revisions, history, and what can be done about it."""

import json
from collections.abc import Iterable
from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.scope import current_scope
from collector.errors import CollectorError
from collector.intake import words
from collector.intake.rules import settings_of
from collector.languages import language
from collector.questionnaires.personal import MADE_OF_ANSWERS
from collector.questionnaires.queries import title_of
from collector.review import queries
from collector.review.access import asked_filters, hidden_paths, shows_names
from collector.review.answers import label_of
from collector.review.conflicts import compare_chosen, compare_heads
from collector.review.filters import Filters
from collector.review.history import read_history
from collector.review.inputs import CommentForm, DecideForm
from collector.review.listing import find_neighbours
from collector.review.personal import bare_file_path, is_hidden
from collector.review.points import draw, find_spots
from collector.review.reader import Reader
from collector.store import Place, PlaceBoundary, Questionnaire, Response, ResponseFlag, Revision
from collector.store.session import reading


def show_response(
    found: Response, decide_form: DecideForm | None = None, comment_form: CommentForm | None = None
) -> str:
    """The page of a response; `?revision=` shows an earlier or conflicting one, `?compare=1,2` two side by side.

    With a form that has faults it shows them. Raises CollectorError `not_found` for a revision that there is not.
    """
    store, filters = reading(), asked_filters()
    revisions = queries.list_revisions(store, found.id)
    number = request.args.get("revision", found.current_revision, type=int)
    revision = next((revision for revision, _phone in revisions if revision.number == number), None)
    questionnaire = store.get_one(Questionnaire, found.questionnaire_id)
    if revision is None:
        raise CollectorError("not_found")
    hidden = hidden_paths(questionnaire)
    reader = Reader(store, filters.labels or language(), hidden)
    items = reader.items(revision)
    spots = list(find_spots(items))
    place = store.get(Place, found.place_id) if found.place_id else None
    boundary = store.get(PlaceBoundary, found.place_id) if spots and found.place_id else None
    before, after = find_neighbours(store, filters, current_scope(), found)
    document = json.loads(revision.document)
    return render_template(
        "office/response.html",
        found=found,
        name=found.instance_name if shows_names(questionnaire) else "",
        revision=revision,
        revisions=revisions,
        version=document.get("version"),
        filters=filters,
        back=back_arguments(filters),
        labels=reader.language,
        form_languages=form_languages(reader.model(revision)),
        questionnaire=questionnaire,
        questionnaire_title=title_of(questionnaire.current_version, language()) or questionnaire.form_id,
        place=place.name(language()) if place else found.place_code,
        author=queries.name_of_author(store, found.author_id),
        items=items,
        flags=flags_in_words(store, found, questionnaire, revision, reader),
        files=visible_files(store, found, document, hidden),
        spots=spots,
        drawing=draw(spots, boundary.geometry if boundary else None),
        states=words.STATES,
        conflict=compare_heads(found, revisions, reader) if found.is_conflicted else None,
        comparison=compare_chosen(request.args.get("compare", ""), revisions, reader),
        history=read_history(store, found.id, revisions, reader.items),
        erased=words.ERASED,
        erasures=queries.list_erasures(store, found.id),
        erasure_reasons=words.ERASURE_REASONS,
        consents=words.CONSENTS,
        consent_text=consent_text(reader.model(revision), reader.language),
        before=before,
        after=after,
        decide_form=decide_form or DecideForm(formdata=None),
        comment_form=comment_form or CommentForm(formdata=None),
        batch=queries.find_batch(store, request.args.get("done", ""), current_user.id),
    )


def back_arguments(filters: Filters) -> dict[str, Any]:
    """The arguments of the list that a response was opened from, or of its neighbours in it."""
    return filters.first_page.as_arguments()


def form_languages(model: dict[str, Any] | None) -> list[tuple[str, str]]:
    """Code and name of the languages that a form's labels can be shown in here; none where there is no choice."""
    entries = model["form"]["languages"] if model else []
    known = [(entry["code"], entry["name"]) for entry in entries if entry["code"] in ("zh", "en")]
    return known if len(known) > 1 else []


def consent_text(model: dict[str, Any] | None, language: str) -> str:
    """What the form asks when it asks for consent, in the language of the labels; "" where it does not ask."""
    asked = model["form"].get("consent") if model else None
    return label_of(model, f"/{model['root']['name']}/{asked['path']}", language) if model and asked else ""


def flags_in_words(
    store: Session, found: Response, questionnaire: Questionnaire, revision: Revision, reader: Reader
) -> list[tuple[str, str]]:
    """The flags of a revision: the question's label, "" when it is about the whole response, and what was noticed.

    The rules of quality are about the current revision only.
    """
    model = reader.model(revision)
    flags = [
        (
            label_of(model, flag["path"], reader.language) if flag.get("path") else "",
            words.in_words(words.FLAGS, flag["code"]),
        )
        for flag in revision.flags
    ]
    if revision.number != found.current_revision:
        return flags
    codes = set(store.scalars(select(ResponseFlag.code).where(ResponseFlag.response_id == found.id)))
    settings = settings_of(questionnaire.quality_rules)
    return flags + [("", setting.sentence) for setting in settings if setting.rule.code in codes]


def visible_files(
    store: Session, found: Response, document: dict[str, Any], hidden: Iterable[str]
) -> list[queries.NamedFile]:
    """The files that a document names, without those of questions that are hidden."""
    hidden = frozenset((*hidden, *MADE_OF_ANSWERS)) if hidden else frozenset()
    return [
        named
        for named in queries.name_files(store, found.id, document.get("files") or [])
        if not is_hidden(bare_file_path(named.path), hidden)
    ]
