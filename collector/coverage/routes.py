"""The coverage board, and what lies below it: a place, its volunteers, phones."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, render_template, request
from flask_login import current_user

from collector.accounts.scope import current_scope
from collector.accounts.signed_in import requires
from collector.coverage import downloads, map_routes, target_import, target_routes
from collector.coverage.arrivals import draw_arrivals
from collector.coverage.asked import Asked, read_asked
from collector.coverage.counts import Wanted
from collector.coverage.doors import count_doors
from collector.coverage.filters import ALL, BEHIND, MAP
from collector.coverage.phones import sort_phones, sum_up
from collector.coverage.queries import Desk, list_devices, places_of
from collector.coverage.tiles import glyph, short_names
from collector.coverage.volunteers import list_volunteers, to_call
from collector.coverage.words import STATE_WORDS
from collector.errors import CollectorError
from collector.languages import language
from collector.store import utc_now
from collector.store.responses import STATES
from collector.store.session import reading_far

bp = Blueprint("coverage", __name__, url_prefix="/office")
bp.add_app_template_global(glyph, "glyph")
for part in (downloads, map_routes, target_routes, target_import):
    part.add_routes(bp)

#: Header with which `board.js` asks for the board alone, without the page around it.
FRAGMENT_HEADER = "X-Fragment"
#: Communities in the list of those to look after first.
FIRST = 12


@bp.get("/board")
@requires("coverage.see")
def board() -> str:
    """The board; what it shows is in the address (collector/coverage/filters.py)."""
    asked = read_asked()
    if asked.is_empty:
        return render_template("office/board_empty.html")
    desk = asked.read_desk()
    is_fragment = bool(request.headers.get(FRAGMENT_HEADER))
    settings = current_app.config["SETTINGS"]
    if asked.filters.view == MAP and settings.tile_url:
        # Only this page may show pictures of that server (collector/edge.py).
        g.image_origin = origin_of(settings.tile_url)
    return render_template(
        "office/board_live.html" if is_fragment else "office/board.html",
        **frame_of(asked, desk),
        board=desk.board,
        pace=desk.pace,
        charts=draw_arrivals(desk.days, desk.goals, asked.filters.from_day, asked.filters.to_day or asked.today),
        unsent=sum_up(list_devices(reading_far(), asked.scope)),
        to_call=to_call(list(desk.board.phones), utc_now()),
        look_first=[row for row in desk.board.behind if row.is_missing or row.behind][:FIRST],
        short=short_names([row.name for row in desk.board.rows]),
        tile_url=settings.tile_url,
        tile_attribution=settings.tile_attribution,
        is_flat=asked.filters.sort == BEHIND,
        ends_on=max((goal.ends_on for goal in desk.goals if goal.ends_on), default=None),
    )


@bp.get("/board/place/<int:place_id>")
@requires("coverage.see")
def place(place_id: int) -> str:
    """One place: its progress, its volunteers, its lists of doors, and the communities under it."""
    asked = read_asked()
    asked.scope.require(place_id)
    if asked.is_empty:
        return render_template("office/board_empty.html")
    desk = Asked(**(vars(asked) | {"under": place_id})).read_desk()
    node = desk.order.nodes.get(place_id)
    if node is None:
        raise CollectorError("not_found")
    wanted = narrow(asked.wanted, places_of(desk.order, asked.scope, place_id))
    now_id = desk.order.counts_for.get(place_id)
    above = [desk.order.nodes[above_id] for above_id in desk.order.lineage(now_id)[1:]] if now_id else []
    return render_template(
        "office/board_place.html",
        **frame_of(asked, desk),
        node=node,
        successor=desk.order.nodes[now_id] if now_id not in (None, place_id) else None,
        above=[other for other in reversed(above) if asked.scope.covers(other.id)],
        row=desk.board.total,
        pace=desk.pace,
        rows=[row for row in desk.board.rows if row.place_id != place_id],
        charts=draw_arrivals(desk.days, desk.goals, asked.filters.from_day, asked.filters.to_day or asked.today),
        volunteers=list_volunteers(reading_far(), wanted, asked.scope, desk.board.phones, has_all=False),
        doors=count_doors(reading_far(), wanted.place_ids),
    )


@bp.get("/board/volunteers")
@requires("coverage.see")
def volunteers() -> str:
    """All volunteers: what each brought in, at what pace, and what their phones said last."""
    asked = read_asked()
    if asked.is_empty:
        return render_template("office/board_empty.html")
    desk = asked.read_desk()
    wanted = narrow(asked.wanted, desk.place_ids)
    return render_template(
        "office/board_volunteers.html",
        **frame_of(asked, desk),
        volunteers=list_volunteers(reading_far(), wanted, asked.scope, desk.board.phones, has_all=asked.under is None),
        silent={phone.user_id for phone, silent in to_call(list(desk.board.phones), utc_now()) if silent},
    )


@bp.get("/phones")
@requires("coverage.see")
def phones() -> str:
    """What each phone still holds, the worst first."""
    now = utc_now()
    found = sort_phones(list_devices(reading_far(), current_scope()), now)
    return render_template(
        "office/phones.html",
        phones=[(phone, phone.is_silent(now)) for phone in found],
        unsent=sum_up(found),
    )


def frame_of(asked: Asked, desk: Desk) -> dict[str, Any]:
    """What every page of the board needs: the filters, and what there is to choose from."""
    shown = (desk.present or desk.order).standing
    branches = [
        (node.code, node.level, node.name(language()))
        for node in shown
        if asked.scope.covers(node.id) and (desk.present or desk.order).children.get(node.id)
    ]
    return {
        "asked": asked,
        "filters": asked.filters,
        "questionnaires": asked.questionnaires,
        "chosen": asked.chosen,
        "is_all": asked.filters.questionnaire == ALL,
        "all": ALL,
        "branches": branches,
        "states": {state: STATE_WORDS[state] for state in STATES},
        "today": asked.today,
        "may_targets": current_user.may("targets.change"),
    }


def origin_of(address: str) -> str:
    """Scheme, host and port of an address, `{s}` of tile servers as a wildcard."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def narrow(wanted: Wanted, place_ids: frozenset[int] | None) -> Wanted:
    """The same, of these places."""
    return Wanted(**(vars(wanted) | {"place_ids": place_ids}))
