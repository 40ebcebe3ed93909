"""The board to take away: CSV, SVG and PNG of what the address shows."""

from flask import Blueprint, Response

from collector.accounts.signed_in import requires
from collector.coverage.asked import Asked, read_asked
from collector.coverage.picture import draw_board, make_png
from collector.coverage.table import write_table
from collector.downloads import name_download
from collector.errors import CollectorError


def add_routes(bp: Blueprint) -> None:
    """Register the downloads on `bp`."""
    bp.add_url_rule("/board.csv", view_func=board_csv)
    bp.add_url_rule("/board.svg", view_func=board_svg)
    bp.add_url_rule("/board.png", view_func=board_png)


@requires("coverage.see")
def board_csv() -> Response:
    """The table of the board as CSV, with the totals."""
    asked = read_existing()
    return send(write_table(asked.read_desk().board), "text/csv; charset=utf-8", name_of(asked, "csv"))


@requires("coverage.see")
def board_svg() -> Response:
    """The tile grid as SVG that needs nothing else."""
    asked = read_existing()
    return send(str(draw_board(asked.read_desk(), asked)).encode(), "image/svg+xml", name_of(asked, "svg"))


@requires("coverage.see")
def board_png() -> Response:
    """The tile grid as PNG. Raises CollectorError `font_missing` where the server has no font for its names."""
    asked = read_existing()
    return send(make_png(draw_board(asked.read_desk(), asked)), "image/png", name_of(asked, "png"))


def read_existing() -> Asked:
    """What is asked for. Raises CollectorError `not_found` while nothing is published."""
    asked = read_asked()
    if asked.is_empty:
        raise CollectorError("not_found")
    return asked


def name_of(asked: Asked, suffix: str) -> str:
    """The name under which a browser saves it."""
    form_id = asked.chosen.form_id if asked.chosen else "all"
    return f"coverage-{form_id}-{asked.today.isoformat()}.{suffix}"


def send(content: bytes, media_type: str, name: str) -> Response:
    """An answer that is saved as a file; the name may have any characters."""
    answer = Response(content, mimetype=media_type)
    name_download(answer, name)
    # Opened by itself, an SVG is a page: nothing in it may run.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
