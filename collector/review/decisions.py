"""What a reviewer decides: approved, returned to the volunteer, rejected, back into review; about one response or many, and undone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.errors import CollectorError
from collector.intake import words
from collector.intake.documents import UUID
from collector.review.access import asked_filters, find_visible
from collector.review.filters import Filters, read_filters
from collector.review.inputs import BulkForm, CommentForm, DecideForm
from collector.review.listing import MAX_AT_ONCE, PAGE_SIZE, find_ids
from collector.review.operations import CHUNK, add_comment, decide, new_batch, undo
from collector.review.response_page import back_arguments, show_response
from collector.store.responses import REJECTED, RETURNED
from collector.store.session import reading, writing

#: Decisions that need a reason in words: the volunteer, or whoever asks later, has to understand them.
NEEDS_REASON = (RETURNED, REJECTED)
#: Which responses are meant; anything else: those that are ticked.
PAGE, EVERY = "page", "every"


def add_routes(bp: Blueprint) -> None:
    """Add the decisions to the review's blueprint."""
    bp.post("/responses/<response_id>/decide")(decide_one)
    bp.post("/responses/decide")(decide_many)
    bp.post("/decisions/<batch_id>/undo")(undo_decisions)
    bp.post("/responses/<response_id>/comments")(comment)


@requires("responses.decide")
def decide_one(response_id: str) -> Any:
    """Decide about one response, unless another revision came that the reviewer has not seen."""
    form, found = DecideForm(), find_visible(reading(), response_id)
    if not form.validate_on_submit():
        return show_response(found, decide_form=form), 400
    arguments = back_arguments(asked_filters())
    batch_id, changed, is_seen = new_batch(), 0, False
    with writing() as store:
        is_seen = find_visible(store, response_id).current_revision == form.seen.data
        if is_seen:
            changed = decide(
                store,
                batch_id,
                [response_id],
                form.state.data,
                reason=form.reason.data or "",
                by=current_user.id,
                scope=current_scope(),
            )
    if not is_seen:
        flash(_("Another revision has arrived meanwhile. Look at it before you decide."), "info")
    elif not changed:
        state = words.in_words(words.STATES, form.state.data)
        flash(_("Nothing was changed: the response is “%(state)s” already.", state=state), "info")
    done: dict[str, Any] = {"done": batch_id} if changed else {}
    return redirect(url_for("review.response", response_id=response_id, **done, **arguments))


@requires("responses.decide")
def decide_many() -> Any:
    """Decide about the ticked responses, all of the page, or all of the filter.

    A decision that needs a reason, or is about a whole filter, is asked once more.
    """
    form, filters = BulkForm(), asked_filters()
    if not form.validate_on_submit():
        raise CollectorError("request_malformed")
    ids, is_cut = chosen_ids(form.which.data, filters)
    arguments = filters.as_arguments()
    if not ids:
        flash(_("No response is ticked."), "info")
        return redirect(url_for("review.responses", **arguments))
    state, reason = form.state.data, (form.reason.data or "").strip()
    is_asked = request.form.get("asked") == "1"
    lacks_reason = state in NEEDS_REASON and not reason
    if lacks_reason or (form.which.data == EVERY and not is_asked):
        if is_asked and lacks_reason:
            form.reason.errors = [_("This is needed.")]
        page = render_template(
            "office/responses_decide.html",
            form=form,
            state=state,
            state_words=words.in_words(words.STATES, state),
            needs_reason=state in NEEDS_REASON,
            ids=() if form.which.data == EVERY else ids,
            count=len(ids),
            is_cut=is_cut,
            limit=MAX_AT_ONCE,
            arguments=arguments,
        )
        return page, 400 if is_asked else 200
    batch_id = decide_about(ids, state, reason, form.seen_at.data)
    done: dict[str, Any] = {"done": batch_id} if batch_id else {}
    if not batch_id:
        flash(
            _("Nothing was changed: they all are “%(state)s” already.", state=words.in_words(words.STATES, state)),
            "info",
        )
    return redirect(url_for("review.responses", **arguments, **done))


def chosen_ids(which: str, filters: Filters) -> tuple[list[str], bool]:
    """Ids of the responses that are meant, and whether there are more than are decided about at once."""
    if which == EVERY:
        if filters != read_filters(request.args):
            # Part of what they ask for is not for them, and without it many more would be meant.
            return [], False
        found = find_ids(reading(), filters.first_page, current_scope(), MAX_AT_ONCE + 1)
        return found[:MAX_AT_ONCE], len(found) > MAX_AT_ONCE
    sent = request.form.getlist("page" if which == PAGE else "response")[:PAGE_SIZE]
    return [response_id for response_id in dict.fromkeys(sent) if UUID.fullmatch(response_id)], False


def decide_about(ids: Sequence[str], state: str, reason: str, seen_at: datetime | None) -> str:
    """Decide, some at a time, so that nobody who sends waits for long. Gives the id of the batch; "" where nothing was to change."""
    batch_id, changed, scope, by = new_batch(), 0, current_scope(), current_user.id
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with writing() as store:
            changed += decide(store, batch_id, chunk, state, reason=reason, by=by, scope=scope, seen_at=seen_at)
    return batch_id if changed else ""


@requires("responses.decide")
def undo_decisions(batch_id: str) -> Any:
    """Take back what was decided at once, where nothing has changed since."""
    scope, by = current_scope(), current_user.id
    undone, kept, last_id = 0, 0, 0
    while True:
        with writing() as store:
            step = undo(store, batch_id, last_id, by=by, scope=scope)
        if step is None:
            break
        undone, kept, last_id = undone + step.undone, kept + step.kept, step.last_id
    flash(
        ngettext("%(num)s decision was taken back.", "%(num)s decisions were taken back.", undone),
        "success" if undone else "info",
    )
    if kept:
        flash(
            ngettext(
                "%(num)s response stays as it is: it has changed since.",
                "%(num)s responses stay as they are: they have changed since.",
                kept,
            ),
            "info",
        )
    arguments = asked_filters().as_arguments()
    if UUID.fullmatch(request.args.get("response", "")):
        return redirect(url_for("review.response", response_id=request.args["response"], **arguments))
    return redirect(url_for("review.responses", **arguments))


@requires("responses.decide")
def comment(response_id: str) -> Any:
    """Keep a remark about a response."""
    form, found = CommentForm(), find_visible(reading(), response_id)
    if not form.validate_on_submit():
        return show_response(found, comment_form=form), 400
    with writing() as store:
        find_visible(store, response_id)
        add_comment(store, response_id, form.text.data, by=current_user.id)
    flash(_("The comment is kept."), "success")
    arguments = back_arguments(asked_filters())
    return redirect(url_for("review.response", response_id=response_id, **arguments))
