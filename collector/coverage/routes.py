"""The coverage board and its targets."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from collector.accounts.signed_in import requires
from collector.coverage import queries
from collector.coverage.inputs import TargetsForm, read_targets
from collector.coverage.operations import set_targets
from collector.coverage.phones import sort_phones, sum_up
from collector.coverage.progress import PlaceNode
from collector.errors import CollectorError
from collector.languages import language
from collector.store import Questionnaire, utc_now
from collector.store.session import reading, writing

bp = Blueprint("coverage", __name__, url_prefix="/office")

#: Header with which `board.js` asks for the board alone, without the page around it.
FRAGMENT_HEADER = "X-Fragment"


@bp.get("/board")
@requires("coverage.see")
def board() -> str:
    """The board of one questionnaire: `?questionnaire=<form id>`, the first one by default."""
    questionnaires, chosen = choose_questionnaire()
    if chosen is None:
        return render_template("office/board_empty.html")
    template = "office/board_table.html" if request.headers.get(FRAGMENT_HEADER) else "office/board.html"
    return render_template(
        template,
        questionnaires=questionnaires,
        chosen=chosen,
        board=queries.read_board(reading(), chosen.id, language()),
        unsent=sum_up(queries.list_devices(reading())),
    )


@bp.get("/phones")
@requires("coverage.see")
def phones() -> str:
    """What each phone still holds, the worst first."""
    now = utc_now()
    found = sort_phones(queries.list_devices(reading()), now)
    return render_template(
        "office/phones.html",
        phones=[(phone, phone.is_silent(now)) for phone in found],
        unsent=sum_up(found),
    )


@bp.route("/board/targets", methods=["GET", "POST"])
@requires("questionnaires.change")
def targets() -> Any:
    """Targets of one questionnaire, a number for each community."""
    questionnaires, chosen = choose_questionnaire()
    if chosen is None:
        return render_template("office/board_empty.html")
    form = TargetsForm()
    places = queries.list_places(reading(), language())
    groups = group_communities(places)
    values: dict[int, Any] = dict(queries.list_targets(reading(), chosen.id))
    wrong: dict[int, str] = {}
    is_all_wrong = False
    if form.validate_on_submit():
        communities = [place.id for _name, members in groups for place in members]
        wanted, wrong, is_all_wrong = read_targets(request.form, communities)
        if not wrong and not is_all_wrong:
            with writing() as store:
                set_targets(store, chosen.id, wanted, by=current_user.id)
            flash(_("The targets were saved."), "success")
            return redirect(url_for("coverage.board", questionnaire=chosen.form_id))
        values = {place_id: target for place_id, target in wanted.items() if target is not None} | wrong
    page = render_template(
        "office/targets.html",
        form=form,
        questionnaires=questionnaires,
        chosen=chosen,
        groups=groups,
        values=values,
        wrong=wrong,
        is_all_wrong=is_all_wrong,
    )
    return page, 400 if wrong or is_all_wrong else 200


def choose_questionnaire() -> tuple[list[Questionnaire], Questionnaire | None]:
    """All published questionnaires and the one that the address asks for; None when nothing is published yet.

    Raises CollectorError `not_found` for a questionnaire that does not exist.
    """
    questionnaires = queries.list_questionnaires(reading())
    chosen = queries.find_questionnaire(questionnaires, request.args.get("questionnaire"))
    if chosen is None and questionnaires:
        raise CollectorError("not_found")
    return questionnaires, chosen


def group_communities(places: list[PlaceNode]) -> list[tuple[str, list[PlaceNode]]]:
    """Communities under the names of the places above them."""
    names = {place.id: place.name for place in places}
    parents = {place.parent_id for place in places}
    groups: dict[int | None, list[PlaceNode]] = {place.id: [] for place in places}
    for place in places:
        if place.id not in parents:
            groups.setdefault(place.parent_id, []).append(place)
    return [(names.get(parent or 0, ""), members) for parent, members in groups.items() if members]
