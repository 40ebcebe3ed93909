"""Small parts of the tile grid: a figure for each step of progress, and names short enough for a tile."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

#: Steps above nothing.
STEPS = 4


def glyph(level: int) -> Markup:
    """Four columns of growing height, as many of them filled as the level says: 22 by 14, in the colours of what is around it."""
    return Markup("").join(
        Markup('<rect x="{}" y="{}" width="4" height="{}" stroke-width="1"{}/>').format(
            at * 6, 11 - 3 * at, 3 + 3 * at, "" if at < level else Markup(' fill="none"')
        )
        for at in range(STEPS)
    )


def short_names(names: Sequence[str]) -> Mapping[str, str]:
    """Each name without the ending that all of them share, such as “社区”. Of names in letters nothing is cut: it would cut words."""
    ending = ""
    first = min(names, key=len, default="")
    while len(ending) < len(first) - 1 and len(names) > 1:
        longer = first[-len(ending) - 1 :]
        if longer.isascii() or not all(name.endswith(longer) for name in names):
            break
        ending = longer
    return {name: name.removesuffix(ending) for name in names}
