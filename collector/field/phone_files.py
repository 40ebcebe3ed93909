"""Which static files the phone keeps, so that the whole client opens without a signal."""

from collections.abc import Iterable

#: Style sheets of the phone; the office's stay on the server.
PHONE_CSS = frozenset({"tokens.css", "base.css", "buttons.css", "app.css", "fill.css", "widgets.css"})

#: Modules that only the office's preview, the browser itself, the server or a reader has a use for.
NOT_KEPT = frozenset(
    {
        "engine/check.js",
        "engine/expressions.js",
        "field/preview.js",
        "field/sw.js",
        "field/widgets/example.js",
    }
)


def phone_files(paths: Iterable[str]) -> list[str]:
    """Give those of `paths` (below `static/`) that the phone client needs, in the same order."""
    return [path for path in paths if is_phone_file(path)]


def is_phone_file(path: str) -> bool:
    """Whether the phone client needs the static file at `path`."""
    if path in NOT_KEPT:
        return False
    folder, _, rest = path.partition("/")
    if folder == "css":
        return rest in PHONE_CSS
    return folder in {"engine", "field", "icons"}
