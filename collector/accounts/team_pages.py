"""What is done for several volunteers at once: places and questionnaires, printed cards, codes taken back."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from collector.accounts import operations
from collector.accounts.blueprint import bp
from collector.accounts.choosing import offer_places, offer_questionnaires
from collector.accounts.enrolment_cards import Card, issue_cards
from collector.accounts.inputs import ADD, CHANGE, KEEP, CardsForm, ConfirmForm, TeamForm
from collector.accounts.place_tree import merged_choice
from collector.accounts.queries import find_volunteers
from collector.accounts.reach import current_reach
from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.place_order import read_order
from collector.store import User
from collector.store.session import reading, writing

#: Volunteers of one step; a card each.
MAX_CHOSEN = 500
#: The field whose presence says that a page was not only opened, but confirmed.
CONFIRMED = "confirmed"


@bp.post("/people/team")
@requires("people.change")
def change_team() -> Any:
    """Give several volunteers the same places or questionnaires; what they collected and what was returned to them stays theirs."""
    chosen = read_chosen()
    if not chosen:
        return choose_somebody()
    form = TeamForm() if CONFIRMED in request.form else TeamForm(formdata=None)
    tree, questionnaires = offer_places(form), offer_questionnaires(form)
    if CONFIRMED not in request.form or not form.validate_on_submit() or not is_team_right(form, chosen):
        page = render_template("office/team.html", form=form, tree=tree, questionnaires=questionnaires, chosen=chosen)
        return page, 400 if form.errors else 200
    with writing() as store:
        users = find_volunteers(store, current_reach(), [user.id for user in chosen])
        for user in users:
            change_work(store, user, form)
    flash(
        ngettext("%(num)s volunteer was changed.", "%(num)s volunteers were changed.", len(users))
        + " "
        + _("Phones learn it at their next sync."),
        "success",
    )
    return redirect(url_for("accounts.people"))


def is_team_right(form: TeamForm, users: Sequence[User]) -> bool:
    """Tell whether nobody is left without a place by somebody who answers for a part, with the fault at the places if not."""
    if form.how_places.data == KEEP or not current_reach().needs_places:
        return True
    if all(team_places(form, user) for user in users):
        return True
    form.places.errors = [*form.places.errors, _("Choose at least one place: you answer for a part of them only.")]
    return False


def team_places(form: TeamForm, user: User) -> set[int]:
    """Ids of the places of `user` after the change."""
    before = {assignment.place_id for assignment in user.assignments}
    chosen = set(form.places.data or [])
    # Somebody without a place has all of them: there is nothing to add.
    if form.how_places.data == ADD:
        chosen = before | chosen if before else before
    return merged_choice(read_order(reading()), current_scope(), before, chosen)


def change_work(store: Any, user: User, form: TeamForm) -> None:
    """Change places and questionnaires of one of them."""
    if form.how_places.data != KEEP:
        operations.assign_places(store, user, team_places(form, user), by=current_user.id)
    # Whoever works elsewhere too fills in what is decided for all of their places.
    if form.how_questionnaires.data == CHANGE and current_reach().may_change(user):
        operations.assign_questionnaires(store, user, form.questionnaires.data or [], by=current_user.id)


@bp.post("/people/cards")
@requires("people.change")
def print_cards() -> Any:
    """New codes for several volunteers, a card each on A4: shown once, as the answer to this very form."""
    chosen = read_chosen()
    if not chosen:
        return choose_somebody()
    ready = [user for user in chosen if user.is_active and current_reach().may_change(user)]
    form = CardsForm() if CONFIRMED in request.form else CardsForm(formdata=None)
    if CONFIRMED not in request.form or not form.validate_on_submit() or not ready:
        left_out = [user for user in chosen if user not in ready]
        page = render_template("office/enrolment_sheet_ask.html", form=form, chosen=ready, left_out=left_out)
        return page, 400 if form.errors else 200
    with writing() as store:
        users = find_volunteers(store, current_reach(), [user.id for user in ready])
        if form.earlier.data == CHANGE:
            for user in users:
                operations.revoke_all(store, user, by=current_user.id)
        cards = issue_cards(store, users, by=current_user.id)
    return show_sheet(cards)


def show_sheet(cards: Sequence[Card]) -> str:
    """The page of cards, to be printed now: no other page can show their codes again."""
    return render_template("office/enrolment_sheet.html", cards=cards)


@bp.post("/people/codes/revoke")
@requires("people.change")
def revoke_codes() -> Any:
    """Take the codes and phones of several volunteers back, after a question."""
    chosen = read_chosen()
    if not chosen:
        return choose_somebody()
    if CONFIRMED not in request.form or not ConfirmForm().validate_on_submit():
        return render_template("office/revoke_codes.html", chosen=chosen)
    with writing() as store:
        users = find_volunteers(store, current_reach(), [user.id for user in chosen])
        taken = [operations.revoke_all(store, user, by=current_user.id) for user in users]
    codes, phones = sum(pair[0] for pair in taken), sum(pair[1] for pair in taken)
    flash(_("Taken back: codes %(codes)s, phones %(phones)s.", codes=codes, phones=phones), "success")
    return redirect(url_for("accounts.people"))


def read_chosen() -> list[User]:
    """The volunteers who were ticked in the list and whom the reader sees, at most `MAX_CHOSEN`."""
    return find_volunteers(reading(), current_reach(), request.form.getlist("person")[:MAX_CHOSEN])


def choose_somebody() -> Response:
    """Back to the list: nobody was ticked."""
    flash(_("Tick the volunteers first."), "info")
    return redirect(url_for("accounts.people"))
