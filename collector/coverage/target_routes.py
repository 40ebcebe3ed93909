"""The page of targets: a number, a period and a priority for each community."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.coverage.expected import Expected, read_expected
from collector.coverage.inputs import TargetsForm, read_targets
from collector.coverage.operations import set_targets
from collector.coverage.queries import find_questionnaire, list_questionnaires
from collector.coverage.targets import Goal
from collector.errors import CollectorError
from collector.languages import language
from collector.store import Questionnaire
from collector.store.session import reading, writing


def add_routes(bp: Blueprint) -> None:
    """Register the page on `bp`."""
    bp.add_url_rule("/board/targets", view_func=targets, methods=["GET", "POST"])


@requires("targets.change")
def targets() -> Any:
    """Targets of one questionnaire; of one's own part only."""
    questionnaires, chosen = choose_questionnaire()
    if chosen is None:
        return render_template("office/board_empty.html")
    form = TargetsForm()
    expected = read_expected(reading(), chosen.id, current_scope(), language())
    fields, faults = fields_of(expected.goals), {}
    if form.validate_on_submit():
        typed = read_targets(request.form, expected.goals)
        if not typed.faults:
            save(chosen, expected, typed.goals)
            flash(_("The targets were saved."), "success")
            return redirect(url_for("coverage.board", questionnaire=chosen.form_id))
        fields, faults = dict(request.form), dict(typed.faults)
    page = render_template(
        "office/targets.html",
        form=form,
        questionnaires=questionnaires,
        chosen=chosen,
        groups=expected.groups,
        fields=fields,
        faults=faults,
    )
    return page, 400 if faults else 200


def save(chosen: Questionnaire, expected: Expected, goals: Mapping[int, Goal | None]) -> None:
    """Save what differs from what is there."""
    changed = {place_id: goal for place_id, goal in goals.items() if goal != expected.goals.get(place_id)}
    if changed:
        with writing() as store:
            set_targets(store, chosen.id, changed, by=current_user.id, former=expected.former_of(list(changed)))


def fields_of(goals: Mapping[int, Goal | None]) -> dict[str, str]:
    """Targets as the fields of the form hold them."""
    fields: dict[str, str] = {}
    for place_id, goal in goals.items():
        if goal is not None:
            fields[f"target-{place_id}"] = str(goal.expected)
            fields[f"starts-{place_id}"] = goal.starts_on.isoformat() if goal.starts_on else ""
            fields[f"ends-{place_id}"] = goal.ends_on.isoformat() if goal.ends_on else ""
            fields[f"first-{place_id}"] = "1" if goal.priority else ""
    return fields


def choose_questionnaire() -> tuple[list[Questionnaire], Questionnaire | None]:
    """All published questionnaires and the one that the address asks for; None when nothing is published yet.

    Raises CollectorError `not_found` for a questionnaire that does not exist.
    """
    questionnaires = list_questionnaires(reading())
    chosen = find_questionnaire(questionnaires, request.args.get("questionnaire"))
    if chosen is None and questionnaires:
        raise CollectorError("not_found")
    return questionnaires, chosen
