"""Importing volunteers from a table: upload, preview, then adding them and printing their cards."""

from typing import Any

from flask import render_template
from flask_login import current_user

from collector.accounts import operations, queries
from collector.accounts.blueprint import bp
from collector.accounts.enrolment_cards import issue_cards
from collector.accounts.inputs import VolunteerApplyForm, VolunteerFileForm
from collector.accounts.place_tree import topmost
from collector.accounts.reach import current_reach
from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.accounts.team_pages import MAX_CHOSEN, show_sheet
from collector.accounts.volunteer_table import Known, Plan, has_names, plan_import
from collector.errors import CollectorError
from collector.languages import language
from collector.place_order import read_order
from collector.spreadsheet import Sheet, read_sheet
from collector.store import User
from collector.store.people import VOLUNTEER
from collector.store.session import reading, writing
from collector.uploads import drop_upload, keep_upload, read_upload


@bp.route("/people/import", methods=["GET", "POST"])
@requires("people.change")
def import_volunteers() -> Any:
    """Upload a table of volunteers; the answer shows what importing it would do. Nothing is added yet."""
    form = VolunteerFileForm()
    if not form.validate_on_submit():
        return render_template("office/import_volunteers.html", form=form), 400 if form.is_submitted() else 200
    name, content = form.file.data.filename or "", form.file.data.read()
    try:
        plan = plan_table(read_sheet(name, content))
    except CollectorError as error:
        form.file.errors = [*form.file.errors, error.message]
        return render_template("office/import_volunteers.html", form=form), error.status
    kept = VolunteerApplyForm(formdata=None, data={"sha256": keep_upload(content), "name": name})
    names = {node.code: node.name(language()) for node in read_order(reading()).nodes.values()}
    titles = {choice.form_id: choice.title for choice in queries.list_questionnaires(reading(), language())}
    return render_template(
        "office/import_volunteers_preview.html", form=kept, plan=plan, name=name, names=names, titles=titles
    )


@bp.post("/people/import/apply")
@requires("people.change")
def apply_import() -> Any:
    """Add the volunteers of the table that was shown, and print their cards. Sent twice, it adds nobody twice."""
    form = VolunteerApplyForm()
    if not form.validate_on_submit():
        raise CollectorError("form_expired")
    try:
        sheet = read_sheet(form.name.data or "", read_upload(form.sha256.data or ""))
    except CollectorError as error:
        upload = VolunteerFileForm(formdata=None)
        upload.file.errors = [error.message]
        return render_template("office/import_volunteers.html", form=upload), error.status
    with writing() as store:
        # The same form sent twice at once: the second waits here, and then finds the volunteers of the first.
        store.get(User, current_user.id, with_for_update=True)
        plan = plan_table(sheet)
        users = []
        for new in plan.new:
            user = operations.create_user(
                store, name=new.name, role=VOLUNTEER, language=new.language, by=current_user.id
            )
            operations.assign_places(store, user, topmost(read_order(store), new.place_ids), by=current_user.id)
            operations.assign_questionnaires(store, user, new.questionnaire_ids, by=current_user.id)
            users.append(user)
        cards = issue_cards(store, users, by=current_user.id)
    drop_upload(form.sha256.data or "")
    return show_sheet(cards)


def plan_table(sheet: Sheet) -> Plan:
    """What importing `sheet` does now. Raises CollectorError `volunteers_without_names`, `table_too_large`."""
    if not has_names(sheet):
        raise CollectorError("volunteers_without_names")
    if len(sheet.rows) > MAX_CHOSEN:
        raise CollectorError("table_too_large", rows=MAX_CHOSEN, columns=200)
    store, order, scope = reading(), read_order(reading()), current_scope()
    codes = {node.code: order.counts_for.get(node.id) for node in order.nodes.values()}
    places = {code: place_id for code, place_id in codes.items() if place_id is not None}
    known = Known(
        places={code: place_id for code, place_id in places.items() if scope.covers(place_id)},
        elsewhere={code for code, place_id in places.items() if not scope.covers(place_id)},
        questionnaires={choice.form_id: choice.id for choice in queries.list_questionnaires(store, language())},
        volunteers=queries.names_and_places(store, order),
        needs_places=current_reach().needs_places,
    )
    return plan_import(sheet, known)
