"""The tile grid as a picture: SVG that needs nothing else, and PNG made of it."""

from collections.abc import Sequence
from functools import cache
from unicodedata import east_asian_width

import resvg_py
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from collector.coverage.asked import Asked
from collector.coverage.progress import Row
from collector.coverage.queries import Desk
from collector.coverage.tiles import glyph, short_names
from collector.errors import CollectorError
from collector.languages import language

#: Sizes in pixels of the SVG.
WIDTH, MARGIN, TILE_WIDTH, TILE_HEIGHT, GAP = 1200, 30, 136, 62, 8
PER_LINE = (WIDTH - 2 * MARGIN + GAP) // (TILE_WIDTH + GAP)
#: Ground and writing of a tile by its level: told apart in grey too, and as a figure in each tile.
GROUNDS = ("#ffffff", "#dcebe8", "#b5d4cf", "#7fb5ab", "#0b6b5b")
INKS = ("#14211d", "#14211d", "#14211d", "#14211d", "#ffffff")
FONT = "system-ui, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
#: A picture of more than this many tiles is not drawn at double size: it would be too many pixels.
MOST_SHARP = 400


def draw_board(desk: Desk, asked: Asked) -> Markup:
    """The tile grid of a board with its totals."""
    board, names = desk.board, short_names([row.name for row in desk.board.rows])
    parts = [text(MARGIN, 46, title_of(asked), 24, bold=True), text(MARGIN, 74, summary_of(desk, asked), 15)]
    y = 104
    for section in board.sections:
        share = f" · {section.subtotal.percent} %" if section.subtotal.percent is not None else ""
        name = section.subtotal.name or _("Without a subdistrict")
        indent = MARGIN + 16 * section.depth
        parts.append(text(indent, y, f"{name}  {amount_of(section.subtotal)}{share}", 16, bold=True))
        y += 12
        for at, row in enumerate(section.rows):
            line, column = divmod(at, PER_LINE)
            left, top = MARGIN + column * (TILE_WIDTH + GAP), y + line * (TILE_HEIGHT + GAP)
            parts.append(draw_tile(row, names[row.name], left, top))
        y += -(-len(section.rows) // PER_LINE) * (TILE_HEIGHT + GAP) + 26
    if not board.unassigned.count.is_empty:
        words = f"{_('Unassigned: no known community')}  {amount_of(board.unassigned)}"
        parts.append(text(MARGIN, y, words, 15))
        y += 26
    parts.append(draw_legend(y))
    height = y + 44
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="{font}" xml:lang="{lang}">'
        '<title>{title}</title><rect width="{w}" height="{h}" fill="#ffffff"/>{parts}</svg>'
    ).format(w=WIDTH, h=height, font=FONT, lang=language(), title=title_of(asked), parts=Markup("").join(parts))


def title_of(asked: Asked) -> str:
    """What the picture is of."""
    if asked.chosen is None or asked.chosen.current_version is None:
        return str(_("Coverage: all questionnaires"))
    version = asked.chosen.current_version
    return str(_("Coverage: %(title)s", title=version.titles.get(language()) or version.title))


def summary_of(desk: Desk, asked: Asked) -> str:
    """The totals and the day in a line."""
    total = desk.board.total
    reached = ngettext(
        "%(reached)s of %(num)s community has a response",
        "%(reached)s of %(num)s communities have a response",
        len(desk.board.rows),
        reached=desk.board.reached,
    )
    share = f" · {total.percent} %" if total.percent is not None else ""
    filters = asked.filters
    period = (
        f" · {filters.from_day or '…'} – {filters.to_day or asked.today}" if filters.from_day or filters.to_day else ""
    )
    return f"{asked.today.isoformat()} · {amount_of(total)}{share} · {reached}{period}"


def amount_of(row: Row) -> str:
    """Received and target."""
    return f"{row.count.received} / {row.target}" if row.target is not None else str(row.count.received)


def draw_tile(row: Row, name: str, left: int, top: int) -> Markup:
    """One community."""
    level, ink = row.level, INKS[row.level]
    dashes = Markup(' stroke-dasharray="4 3"') if level == 0 else ""
    share = f"{row.percent} %" if row.percent is not None else ""
    return Markup(
        '<g><title>{full}: {amount}</title><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6" fill="{ground}" stroke="{edge}"{dashes}/>'
        '<g transform="translate({gx} {gy})" fill="{ink}" stroke="{ink}">{glyph}</g>{words}</g>'
    ).format(
        full=row.name,
        amount=amount_of(row),
        x=left,
        y=top,
        w=TILE_WIDTH,
        h=TILE_HEIGHT,
        ground=GROUNDS[level],
        edge="#48574f",
        dashes=dashes,
        gx=left + TILE_WIDTH - 30,
        gy=top + 8,
        ink=ink,
        glyph=glyph(level),
        words=text(left + 9, top + 22, shorten(name, TILE_WIDTH - 42, 13), 13, fill=ink, bold=True)
        + text(left + 9, top + 48, amount_of(row), 13, fill=ink)
        + text(left + TILE_WIDTH - 9, top + 48, share, 13, fill=ink, anchor="end"),
    )


def draw_legend(y: int) -> Markup:
    """What the five steps mean."""
    words = (_("none"), _("begun"), _("a third"), _("two thirds"), _("target reached"))
    parts = []
    for level, word in enumerate(words):
        left = MARGIN + level * 170
        dashes = Markup(' stroke-dasharray="4 3"') if level == 0 else ""
        parts.append(
            Markup(
                '<rect x="{x}" y="{y}" width="34" height="24" rx="4" fill="{ground}" stroke="#48574f"{dashes}/>'
                '<g transform="translate({gx} {gy})" fill="{ink}" stroke="{ink}">{glyph}</g>'
            ).format(
                x=left,
                y=y,
                ground=GROUNDS[level],
                dashes=dashes,
                gx=left + 7,
                gy=y + 5,
                ink=INKS[level],
                glyph=glyph(level),
            )
            + text(left + 44, y + 17, word, 13)
        )
    return Markup("").join(parts)


def text(
    x: int, y: int, words: str, size: int, *, fill: str = "#14211d", bold: bool = False, anchor: str = "start"
) -> Markup:
    """A line of words."""
    weight = "bold" if bold else "normal"
    return Markup('<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="{}">{}</text>').format(
        x, y, size, weight, fill, anchor, words
    )


def shorten(words: str, width: int, size: int) -> str:
    """The words, cut with an ellipsis to about `width` pixels."""
    taken = 0.0
    for at, character in enumerate(words):
        taken += size * (1.0 if east_asian_width(character) in "WF" else 0.55)
        if taken > width:
            return words[: max(1, at - 1)] + "…"
    return words


def make_png(svg: Markup) -> bytes:
    """The picture as PNG. Raises CollectorError `font_missing` where no font of the server has its characters."""
    if has_wide(svg) and not has_chinese_font():
        raise CollectorError("font_missing")
    return resvg_py.svg_to_bytes(svg_string=str(svg), zoom=2 if svg.count("<g><title>") <= MOST_SHARP else 1)


def has_wide(words: Sequence[str]) -> bool:
    """Whether there is a Chinese character, or one like it, among them."""
    return any(east_asian_width(character) == "W" for character in words)


@cache
def has_chinese_font() -> bool:
    """Whether some font here has Chinese characters: without one, two of them look the same, as boxes or as nothing."""
    one, other = (
        resvg_py.svg_to_bytes(
            svg_string=f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="32" font-size="28"'
            f' font-family="sans-serif">{character}</text></svg>'
        )
        for character in "社区"
    )
    return one != other
