"""The page of possible duplicates (A76): side by side, told apart for good, and by which questions they are found."""

from dataclasses import dataclass
from time import monotonic
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake import words
from collector.intake.documents import UUID
from collector.intake.refresh import refresh_some_keys
from collector.journal import record
from collector.languages import language
from collector.questionnaires.published import form_model
from collector.review.access import hidden_paths, shows_names
from collector.review.columns import Column, list_columns
from collector.review.compare import Line, compare
from collector.review.duplicate_groups import MAX_MEMBERS, Group, find_groups, key_choices
from collector.review.inputs import ApartForm, KeysForm
from collector.review.operations import tell_apart
from collector.review.points import GEO_TYPES
from collector.review.reader import Reader
from collector.review.rows import list_titles, names_of
from collector.store import Questionnaire, Response, Revision
from collector.store.session import reading, writing

#: Responses of a group whose answers stand side by side; the others are named.
MAX_COLUMNS = 4
#: Seconds for which one request compares responses: a server ends requests that take a minute.
COMPARE_SECONDS = 20
#: Characters of a key: SHA-256, hex.
KEY_LENGTH = 64


@dataclass(frozen=True)
class SideBySide:
    """A group with the answers of its first members line by line."""

    group: Group
    shown: list[Response]
    lines: list[Line]

    @property
    def differing(self) -> list[Line]:
        """The lines on which they do not agree."""
        return [line for line in self.lines if line.differs]

    @property
    def same(self) -> list[Line]:
        """The other lines."""
        return [line for line in self.lines if not line.differs]


def add_routes(bp: Blueprint) -> None:
    """Add the page to the review's blueprint."""
    bp.get("/duplicates")(duplicates)
    bp.post("/duplicates/apart")(set_apart)
    bp.post("/duplicates/keys")(set_keys)
    bp.post("/duplicates/rest")(go_on)


@requires("responses.see")
def duplicates() -> str:
    """Groups of responses that may be the same, of one questionnaire."""
    store = reading()
    titles = list_titles(store, language())
    questionnaire = chosen_questionnaire(store) if request.args.get("questionnaire") else None
    if questionnaire is None and titles:
        questionnaire = next((one for one, _title in titles.values() if one.duplicate_keys), None)
        questionnaire = questionnaire or next(one for one, _title in titles.values())
    columns = question_columns(store, questionnaire)
    after = request.args.get("after", "")[:KEY_LENGTH]
    groups, next_key = (
        find_groups(store, questionnaire.id, current_scope(), after)
        if questionnaire and questionnaire.duplicate_keys
        else ([], "")
    )
    shown = [put_side_by_side(store, questionnaire, group) for group in groups]
    return render_template(
        "office/duplicates.html",
        titles=titles,
        questionnaire=questionnaire,
        groups=shown,
        authors=names_of(store, (member.author_id for group in groups for member in group.members)),
        shows_names=shows_names(questionnaire),
        states=words.STATES,
        choices=key_choices(columns),
        keys=list(questionnaire.duplicate_keys) if questionnaire else [],
        labels={column.path: column.label for column in columns},
        after=after,
        rest=request.args.get("rest", "")[:36],
        next_key=next_key,
        max_members=MAX_MEMBERS,
    )


def chosen_questionnaire(store: Session) -> Questionnaire:
    """The questionnaire that the address names. Raises CollectorError `not_found`."""
    form_id = request.args.get("questionnaire", "")
    found = store.scalar(select(Questionnaire).where(Questionnaire.form_id == form_id))
    if found is None:
        raise CollectorError("not_found")
    return found


def question_columns(store: Session, questionnaire: Questionnaire | None) -> list[Column]:
    """The questions of a questionnaire that may be part of a key: asked once, and neither photos nor points, which never are the same."""
    if questionnaire is None or questionnaire.current_version_id is None:
        return []
    model = form_model(store, questionnaire.current_version_id).tree
    return [
        column
        for column in list_columns(model, language())
        if not column.in_repeat and column.type not in ("binary", *GEO_TYPES)
    ]


def put_side_by_side(store: Session, questionnaire: Questionnaire | None, group: Group) -> SideBySide:
    """The answers of a group's first members."""
    reader = Reader(store, language(), hidden_paths(questionnaire))
    shown = list(group.members[:MAX_COLUMNS])
    current = [store.get_one(Revision, (member.id, member.current_revision)) for member in shown]
    return SideBySide(group, shown, compare([reader.items(revision) for revision in current]))


@requires("responses.decide")
def set_apart() -> Any:
    """Remember that the responses of a group are not the same."""
    form = ApartForm()
    ids = [one for one in request.form.getlist("response")[:MAX_MEMBERS] if UUID.fullmatch(one)]
    if not form.validate_on_submit() or len(ids) < 2:
        raise CollectorError("request_malformed")
    with writing() as store:
        tell_apart(store, ids, by=current_user.id, scope=current_scope())
    flash(_("They are kept apart from now on: this page shows them no more."), "success")
    return redirect(
        url_for("review.duplicates", questionnaire=request.args.get("questionnaire"), after=request.args.get("after"))
    )


@requires("questionnaires.change")
def set_keys() -> Any:
    """Choose the questions by which duplicates are found, and compare all responses by them."""
    form = KeysForm()
    if not form.validate_on_submit():
        raise CollectorError("request_malformed")
    with writing() as store:
        questionnaire = chosen_questionnaire(store)
        known = {column.path for column in question_columns(store, questionnaire)}
        keys = [path for path in dict.fromkeys(form.keys.data or ()) if path in known]
        questionnaire.duplicate_keys = keys
        record(store, "questionnaire.duplicate_keys", questionnaire.form_id, user_id=current_user.id, keys=keys)
    return compare_anew("")


@requires("questionnaires.change")
def go_on() -> Any:
    """Compare the responses that the last step did not get to."""
    if not ApartForm().validate_on_submit():
        raise CollectorError("request_malformed")
    return compare_anew(request.args.get("rest", "")[:36])


def compare_anew(after: str) -> Any:
    """Draw the keys of responses anew, those after `after`, for as long as a request may take; and show the page."""
    rest: str | None = after
    deadline = monotonic() + COMPARE_SECONDS
    while rest is not None:
        # Some at a time, each committed: nobody who sends waits for all of them.
        with writing() as store:
            questionnaire = chosen_questionnaire(store)
            has_keys = bool(questionnaire.duplicate_keys)
            rest = refresh_some_keys(store, questionnaire, rest)
        if monotonic() > deadline:
            break
    if rest is None and has_keys:
        flash(_("Responses are compared by these questions from now on, earlier ones too."), "success")
    elif rest is None:
        flash(_("Nothing is compared any more."), "success")
    return redirect(url_for("review.duplicates", questionnaire=request.args.get("questionnaire"), rest=rest))
