"""Targets from a table: upload, preview, apply. And the table that is there now, to fill in."""

import csv
import io
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.coverage.expected import read_expected
from collector.coverage.inputs import ApplyForm, TargetsFileForm
from collector.coverage.table import defuse
from collector.coverage.target_routes import choose_questionnaire, save
from collector.coverage.target_sheet import COLUMNS, preview
from collector.errors import CollectorError
from collector.languages import language
from collector.settings import MAX_LIST_BYTES
from collector.spreadsheet import read_sheet
from collector.store.session import reading
from collector.uploads import drop_upload, keep_upload, read_upload


def add_routes(bp: Blueprint) -> None:
    """Register the pages on `bp`."""
    bp.add_url_rule("/board/targets/import", view_func=import_targets, methods=["GET", "POST"])
    bp.add_url_rule("/board/targets/import/apply", view_func=apply_targets, methods=["POST"])
    bp.add_url_rule("/board/targets.csv", view_func=targets_csv)


@requires("targets.change")
def import_targets() -> Any:
    """Upload a table; what it would change is shown before anything is done."""
    _questionnaires, chosen = choose_questionnaire()
    if chosen is None:
        return render_template("office/board_empty.html")
    form = TargetsFileForm()
    if not form.validate_on_submit():
        return render_template("office/targets_import.html", form=form, chosen=chosen), 400 if form.errors else 200
    name, content = form.file.data.filename or "", form.file.data.read(MAX_LIST_BYTES + 1)
    if len(content) > MAX_LIST_BYTES:
        raise CollectorError("file_too_large", limit_bytes=MAX_LIST_BYTES)
    try:
        sheet = read_sheet(name, content)
    except CollectorError as error:
        form.file.errors = [error.message]
        return render_template("office/targets_import.html", form=form, chosen=chosen), 400
    expected = read_expected(reading(), chosen.id, current_scope(), language())
    found = preview(sheet, expected.by_code, expected.goals)
    page = render_template(
        "office/targets_preview.html",
        form=ApplyForm(formdata=None),
        chosen=chosen,
        found=found,
        name=name,
        sha256=keep_upload(content),
        names={node.id: node.name(language()) for _name, nodes in expected.groups for node in nodes},
    )
    return page, 400 if found.faults else 200


@requires("targets.change")
def apply_targets() -> Any:
    """Do what was previewed. The table is read again, so that only what is right now is done; with a fault nothing is."""
    _questionnaires, chosen = choose_questionnaire()
    if chosen is None:
        raise CollectorError("not_found")
    if not ApplyForm().validate_on_submit():
        raise CollectorError("form_expired")
    name, sha256 = request.form.get("name", ""), request.form.get("sha256", "")
    try:
        sheet = read_sheet(name, read_upload(sha256))
    except CollectorError as error:
        form = TargetsFileForm(formdata=None)
        form.file.errors = [error.message]
        return render_template("office/targets_import.html", form=form, chosen=chosen), 400
    expected = read_expected(reading(), chosen.id, current_scope(), language())
    found = preview(sheet, expected.by_code, expected.goals)
    if found.faults:
        raise CollectorError("request_malformed")
    save(chosen, expected, {change.place_id: change.after for change in found.changes})
    drop_upload(sha256)
    flash(
        ngettext(
            "The target of %(num)s community was changed.",
            "The targets of %(num)s communities were changed.",
            len(found.changes),
        ),
        "success",
    )
    return redirect(url_for("coverage.targets", questionnaire=chosen.form_id))


@requires("targets.change")
def targets_csv() -> Response:
    """The present targets as a table that imports again unchanged."""
    _questionnaires, chosen = choose_questionnaire()
    if chosen is None:
        raise CollectorError("not_found")
    expected = read_expected(reading(), chosen.id, current_scope(), language())
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*COLUMNS, "name"])
    for _name, nodes in expected.groups:
        for node in nodes:
            goal = expected.goals[node.id]
            figures = [goal.expected, goal.starts_on or "", goal.ends_on or "", goal.priority] if goal else [""] * 4
            writer.writerow([defuse(node.code), *figures, defuse(node.name(language()))])
    answer = current_app.response_class(
        buffer.getvalue().encode("utf-8", "replace"), mimetype="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="targets-{chosen.id}.csv"'
    return answer
