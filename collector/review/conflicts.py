"""Revisions of a response side by side, and the choice of the current one among those that stand against each other."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.review import queries
from collector.review.access import find_visible
from collector.review.compare import Line, compare, heads
from collector.review.inputs import ChooseForm
from collector.review.operations import choose_revision
from collector.review.reader import Reader
from collector.store import Response, Revision
from collector.store.session import writing

#: Revisions that are shown side by side; the others are in the list of revisions.
MAX_COLUMNS = 4


@dataclass(frozen=True)
class SideBySide:
    """Revisions, each with its phone, and their answers line by line. With `form` one can be chosen; `seen` is the newest there is."""

    revisions: list[tuple[Revision, str]]
    lines: list[Line]
    seen: int
    form: ChooseForm | None = None

    @property
    def differing(self) -> list[Line]:
        """The lines on which they do not agree."""
        return [line for line in self.lines if line.differs]

    @property
    def same(self) -> list[Line]:
        """The other lines."""
        return [line for line in self.lines if not line.differs]


def add_routes(bp: Blueprint) -> None:
    """Add the choice to the review's blueprint."""
    bp.post("/responses/<response_id>/current")(choose_current)


@requires("responses.change")
def choose_current(response_id: str) -> Any:
    """Make one of the conflicting revisions the current one, unless another came that the supervisor has not seen."""
    form = ChooseForm()
    if not form.validate_on_submit():
        raise CollectorError("request_malformed")
    with writing() as store:
        find_visible(store, response_id)
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


def compare_heads(found: Response, revisions: list[tuple[Revision, str]], reader: Reader) -> SideBySide:
    """Put the revisions of a response that stand against each other side by side."""
    bases = {revision.number: revision.base for revision, _phone in revisions}
    return put_side_by_side(heads(bases, found.current_revision), revisions, reader, ChooseForm())


def compare_chosen(text: str, revisions: list[tuple[Revision, str]], reader: Reader) -> SideBySide | None:
    """Put the revisions that the address names (`1,2`) side by side; None where it names fewer than two that there are."""
    known = {revision.number for revision, _phone in revisions}
    numbers = [int(part) for part in text.split(",") if part.isdecimal() and len(part) < 7]
    chosen = [number for number in dict.fromkeys(numbers) if number in known]
    return put_side_by_side(chosen, revisions, reader) if len(chosen) > 1 else None


def put_side_by_side(
    numbers: list[int], revisions: list[tuple[Revision, str]], reader: Reader, form: ChooseForm | None = None
) -> SideBySide:
    """The first of these revisions with their answers line by line."""
    by_number = {revision.number: (revision, phone) for revision, phone in revisions}
    shown = [by_number[number] for number in numbers[:MAX_COLUMNS]]
    answers = [reader.items(revision) for revision, _phone in shown]
    return SideBySide(shown, compare(answers), max(by_number), form)
