"""Pages of the quarantine: the list, one document, and what a supervisor does about it."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake import acceptance, words
from collector.intake.documents import is_deeper
from collector.languages import language
from collector.questionnaires.engine import shared_engine
from collector.questionnaires.queries import list_questionnaires, title_of
from collector.review import queries
from collector.review.answers import MAX_LEVELS, Item, read_answers, read_tree
from collector.review.filters import read_id
from collector.review.inputs import AcceptForm, AsideForm, TakeUpForm
from collector.store import QuarantinedDocument
from collector.store import Response as ResponseRow
from collector.store.session import reading, writing

#: Characters of a document that is no JSON that the page shows; the rest is in the file.
SHOWN_CHARACTERS = 5_000


def add_routes(bp: Blueprint) -> None:
    """Add the pages of the quarantine to the review's blueprint."""
    bp.get("/quarantine")(quarantine)
    bp.get("/quarantine/<int:document_id>")(quarantined)
    bp.get("/quarantine/<int:document_id>/document")(quarantined_document)
    bp.post("/quarantine/<int:document_id>/accept")(accept_document)
    bp.post("/quarantine/<int:document_id>/aside")(set_document_aside)
    bp.post("/quarantine/<int:document_id>/take-up")(take_document_up)


@requires("quarantine.change")
def quarantine() -> str:
    """What phones sent and what could not be placed: what is open, or with `?show=resolved` what was done about the rest."""
    store, is_resolved = reading(), request.args.get("show") == "resolved"
    before_id = request.args.get("before", type=read_id)
    documents, next_id = queries.list_quarantine(store, before_id, is_resolved=is_resolved)
    return render_template(
        "office/quarantine.html",
        documents=[(document, words.in_words(words.REASONS, document.reason)) for document in documents],
        phones=queries.phones_by_id(store, (document.device_id for document in documents)),
        next_id=next_id,
        is_resolved=is_resolved,
        count=queries.count_quarantine(store),
        resolutions=words.RESOLUTIONS,
    )


@requires("quarantine.change")
def quarantined(document_id: int) -> str:
    """One document: why it is here, what is in it, and what can be done."""
    return show_document(find_document(reading(), document_id), AcceptForm(), AsideForm())


@requires("quarantine.change")
def quarantined_document(document_id: int) -> Response:
    """A quarantined document as it came, to be saved."""
    found = find_document(reading(), document_id)
    answer = Response(found.document, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=f"quarantine-{document_id}.txt")
    return answer


@requires("quarantine.change")
def accept_document(document_id: int) -> Any:
    """Make a document a response, and go to that."""
    form, found = AcceptForm(), find_document(reading(), document_id)
    chosen = form.questionnaire.data or None
    if found.accepted_as is None:
        if chosen is None and acceptance.examine(reading(), found).placed is None:
            form.questionnaire.errors = [_("Choose the questionnaire that it belongs to.")]
            return show_document(found, form, AsideForm()), 400
        arrival = acceptance.prepare_acceptance(reading(), found, chosen, shared_engine())
        with writing() as store:
            response_id = acceptance.accept(store, document_id, arrival, by=current_user.id)
    else:
        response_id = found.accepted_as
    flash(_("It is a response now."), "success")
    return redirect(url_for("review.response", response_id=response_id))


@requires("quarantine.change")
def set_document_aside(document_id: int) -> Any:
    """Put a document aside, with the reason in words."""
    form = AsideForm()
    if not form.validate_on_submit():
        return show_document(find_document(reading(), document_id), AcceptForm(), form), 400
    with writing() as store:
        was_open = acceptance.set_aside(store, document_id, form.note.data, by=current_user.id)
    if was_open:
        flash(_("It was put aside. It stays here and can be taken up again."), "success")
    else:
        flash(_("Somebody else has dealt with it meanwhile."), "info")
    return redirect(url_for("review.quarantined", document_id=document_id))


@requires("quarantine.change")
def take_document_up(document_id: int) -> Any:
    """Open a document again that was put aside."""
    with writing() as store:
        was_aside = acceptance.take_up(store, document_id, by=current_user.id)
    if was_aside:
        flash(_("It is open again."), "success")
    else:
        flash(_("Somebody else has dealt with it meanwhile."), "info")
    return redirect(url_for("review.quarantined", document_id=document_id))


def find_document(store: Session, document_id: int) -> QuarantinedDocument:
    """A quarantined document. Raises CollectorError `not_found`."""
    found = store.get(QuarantinedDocument, document_id)
    if found is None:
        raise CollectorError("not_found")
    return found


@dataclass(frozen=True)
class Contents:
    """What a quarantined document says: facts of itself, `{}` where it is none, its answers, and its text where it is no JSON."""

    facts: dict[str, str]
    items: list[Item]
    text: str = ""


def show_document(found: QuarantinedDocument, accept_form: AcceptForm, aside_form: AsideForm) -> str:
    """The page of one document; with what is wrong in one of its forms."""
    store = reading()
    examined = acceptance.examine(store, found)
    rows = [row for row in list_questionnaires(store) if row.newest is not None]
    titles = {row.questionnaire.id: title_of(row.newest, language()) for row in rows}
    accept_form.questionnaire.choices = [(0, "–"), *titles.items()]
    model = examined.placed.model if examined.placed else None
    accepted = store.get(ResponseRow, found.accepted_as) if found.accepted_as else None
    return render_template(
        "office/quarantined.html",
        found=found,
        reason=words.in_words(words.REASONS, found.reason),
        contents=read_contents(found.document, model.tree if model else None),
        author=queries.name_of_author(store, examined.document.read.get("author")),
        phone=queries.phones_by_id(store, [found.device_id]).get(found.device_id or ""),
        is_acceptable=examined.is_acceptable and found.accepted_as is None,
        questionnaire=titles.get(examined.placed.questionnaire_id) if examined.placed else None,
        accepted=accepted,
        resolution=words.in_words(words.RESOLUTIONS, found.resolution or ""),
        resolved_by=queries.name_of_author(store, found.resolved_by),
        accept_form=accept_form,
        aside_form=aside_form,
        take_up_form=TakeUpForm(),
    )


def read_contents(text: str, model: dict[str, Any] | None) -> Contents:
    """Read a document for the page, whatever is in it."""
    try:
        document = json.loads(text)
        is_readable = isinstance(document, dict) and not is_deeper(document, 10 * MAX_LEVELS)
    except (ValueError, RecursionError):
        is_readable = False
    if not is_readable:
        return Contents({}, [], text[:SHOWN_CHARACTERS])
    names = ("form", "version", "place", "started_at", "finished_at", "instance_name")
    facts = {name: document[name][:255] for name in names if isinstance(document.get(name), str)}
    answers = document.get("answers")
    if not isinstance(answers, dict):
        return Contents(facts, read_tree(document))
    return Contents(facts, read_answers(model, answers, language()))
