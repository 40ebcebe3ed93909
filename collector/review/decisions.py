"""What a supervisor decides about a response: which revision is the current one, and that it is erased."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake.deletion import delete_response, erase_bytes
from collector.languages import language
from collector.questionnaires.published import form_model
from collector.review import queries, words
from collector.review.answers import label_of, read_answers
from collector.review.compare import Line, compare, heads
from collector.review.inputs import ChooseForm, DeleteForm
from collector.review.operations import choose_revision
from collector.store import Response, Revision
from collector.store.session import reading, writing

#: Revisions that are shown side by side; the others are in the list of revisions.
MAX_COLUMNS = 4


@dataclass(frozen=True)
class Conflict:
    """Revisions that stand against each other, each with its phone, and their answers line by line; `seen` is the newest there is."""

    revisions: list[tuple[Revision, str]]
    lines: list[Line]
    seen: int
    form: ChooseForm

    @property
    def differing(self) -> list[Line]:
        """The lines on which they do not agree."""
        return [line for line in self.lines if line.differs]

    @property
    def same(self) -> list[Line]:
        """The other lines."""
        return [line for line in self.lines if not line.differs]


def add_routes(bp: Blueprint) -> None:
    """Add the decisions to the review's blueprint."""
    bp.post("/responses/<response_id>/current")(choose_current)
    bp.route("/responses/<response_id>/delete", methods=["GET", "POST"])(delete)


@requires("responses.change")
def choose_current(response_id: str) -> Any:
    """Make one of the conflicting revisions the current one, unless another came that the supervisor has not seen."""
    form = ChooseForm()
    if not form.validate_on_submit():
        raise CollectorError("request_malformed")
    with writing() as store:
        is_seen = queries.newest_revision(store, response_id) == form.seen.data
        if is_seen:
            choose_revision(store, response_id, form.revision.data, by=current_user.id)
    if is_seen:
        flash(
            _("Revision %(number)s is the current one now. The others are kept.", number=form.revision.data), "success"
        )
    else:
        flash(_("Another revision has arrived meanwhile. Look at it before you choose."), "info")
    return redirect(url_for("review.response", response_id=response_id))


@requires("responses.change")
def delete(response_id: str) -> Any:
    """Erase a response, after the reason was given."""
    form = DeleteForm()
    found = queries.find_response(reading(), response_id)
    if found is None:
        return show_deleted(response_id)
    if not form.validate_on_submit():
        page = render_template("office/response_delete.html", form=form, found=found)
        return page, 400 if form.errors else 200
    with writing() as store:
        leftover = delete_response(store, response_id, reason=form.reason.data, note=form.note.data, by=current_user.id)
    # Bytes go only when the rows are gone for good: the other way round a failing commit would leave a response without its files.
    with writing() as store:
        erase_bytes(store, leftover)
    flash(_("The response was deleted."), "success")
    return redirect(url_for("review.responses"))


def show_deleted(response_id: str) -> Any:
    """What is remembered of a deleted response. Raises CollectorError `not_found` if there was none."""
    deleted = queries.find_deleted(reading(), response_id)
    if deleted is None:
        raise CollectorError("not_found")
    page = render_template(
        "office/response_deleted.html",
        deleted=deleted,
        by=queries.name_of_author(reading(), deleted.deleted_by),
        reason=words.in_words(words.DELETION_REASONS, deleted.reason),
    )
    return page, 410


def compare_heads(found: Response, revisions: list[tuple[Revision, str]]) -> Conflict:
    """Put the revisions of a response that stand against each other side by side."""
    by_number = {revision.number: (revision, phone) for revision, phone in revisions}
    bases = {revision.number: revision.base for revision, _phone in revisions}
    shown = [by_number[number] for number in heads(bases, found.current_revision)[:MAX_COLUMNS]]
    answers = [
        read_answers(model_of(revision), json.loads(revision.document)["answers"], language())
        for revision, _phone in shown
    ]
    return Conflict(shown, compare(answers), max(by_number), ChooseForm())


def flags_in_words(revision: Revision, model: dict[str, Any] | None) -> list[tuple[str, str]]:
    """The flags of a revision: the question's label, "" when it is about the whole response, and what was noticed."""
    return [
        (
            label_of(model, flag["path"], language()) if flag.get("path") else "",
            words.in_words(words.FLAGS, flag["code"]),
        )
        for flag in revision.flags
    ]


def model_of(revision: Revision) -> dict[str, Any] | None:
    """The form model that a revision was filled in with; None for a version that the server does not know."""
    return form_model(reading(), revision.version_id).tree if revision.version_id else None
