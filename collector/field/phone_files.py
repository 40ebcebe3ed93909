"""Which static files the phone keeps, so that the whole client opens without a signal."""

from collections.abc import Iterable

#: Style sheets of the phone; the office's stay on the server.
PHONE_CSS = frozenset({"phone.css", "filling.css", "rare.css", "later.css", "themes.css"})

#: Modules that only the office's preview, the browser itself, the server or a reader has a use for.
NOT_KEPT = frozenset(
    {
        "engine/check.js",
        "engine/circles.js",
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
    # Pictures for the home screen are fetched by the phone's own system, when the app is put there.
    if path in NOT_KEPT or path.endswith(".png"):
        return False
    folder, _, rest = path.partition("/")
    if folder == "css":
        return rest in PHONE_CSS
    return folder in {"engine", "field", "icons"}
