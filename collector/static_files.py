"""Static files under an address that names their content, so that they may be cached for ever.

The build is a hash over everything in `static/`. The files are served under `/static/<build>/`; modules import each other by relative
address and so stay within one build. What is served is a packed copy, made once per build in the data folder: modules joined
(static_join.py), comments and blanks taken out, gzip and Brotli beside each file. docs/decisions/0003 says why.
"""

import hashlib
import re
import shutil
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor
from xstatic.pkg import leaflet

from collector.static_join import join_modules

try:
    import minify
except ImportError:
    # It has no build for every machine. Without it all works the same and is about a third larger.
    minify = None

ONE_YEAR_S = 365 * 24 * 3600
#: Files that take in modules and all that these import, by the modules they begin with: the first page; filling in a questionnaire; then
#: what comes later, by what is wanted together. A few files compress better, and cost fewer round trips, than many.
BUNDLES = {
    "field/app.js": ("field/app.js", "field/views/join.js"),
    "field/views/fill.js": (
        "field/views/fill.js",
        "field/widgets/choices.js",
        "field/widgets/select_one.js",
        "field/widgets/select_multiple.js",
        "field/widgets/select_minimal.js",
        "field/widgets/date.js",
    ),
    "field/doors-pages.js": (
        "field/views/more.js",
        "field/views/doors.js",
        "field/views/door.js",
        "field/views/call-again.js",
        "field/store/door-changes.js",
        "field/i18n/doors-zh.js",
    ),
    "field/later.js": (
        "field/views/done.js",
        "field/views/message-page.js",
        "field/views/responses.js",
        "field/views/standing.js",
        "field/sync/desk.js",
        "field/sync/form-files.js",
        "field/sync/senders.js",
        "field/sync/uploads.js",
        "field/sync/visits.js",
        "field/form-files.js",
        "field/locate.js",
        "field/finish-draft.js",
        "field/put-file.js",
        "field/try-out.js",
        "field/fill/audit.js",
        "field/fill/banner.js",
        "field/fill/extras.js",
        "field/fill/finish.js",
        "field/fill/markup.js",
        "field/fill/repeat.js",
        "field/fill/review-view.js",
        "field/fill/scroll.js",
        "field/fill/undo.js",
        "field/widgets/number-dressed.js",
        "field/widgets/rank.js",
        "field/widgets/choice-sheet.js",
        "field/widgets/trigger.js",
        "field/widgets/capture.js",
        "field/widgets/capture-rare.js",
        "field/i18n/capture-zh.js",
        "field/i18n/later-zh.js",
    ),
    "field/ask.js": ("field/ask.js",),
    "field/views/new.js": ("field/views/new.js",),
    "engine/functions/rare.js": ("engine/functions/rare.js",),
    "field/vault.js": (
        "field/views/lock.js",
        "field/views/people.js",
        "field/views/pin.js",
        "field/unsent-file.js",
        "field/i18n/vault-zh.js",
        "field/i18n/vault-en.js",
    ),
    "field/fill-more.js": (
        "field/fill/more.js",
        "field/fill/aloud.js",
        "field/fill/handover.js",
        "field/fill/missing.js",
        "field/i18n/more-zh.js",
        "field/i18n/missing-zh.js",
        "field/widgets/date-steps.js",
        "field/i18n/steps-zh.js",
    ),
    "field/help.js": (
        "field/views/help.js",
        "field/views/install.js",
        "field/views/link.js",
        "field/views/practice.js",
        "field/views/settings.js",
        "field/i18n/help-zh.js",
        "field/i18n/trouble-zh.js",
    ),
    "field/i18n/english.js": (
        "field/i18n/en.js",
        "field/i18n/fill-en.js",
        "field/i18n/fill-later-en.js",
        "field/i18n/capture-en.js",
        "field/i18n/later-en.js",
        "field/i18n/doors-en.js",
        "field/i18n/more-en.js",
        "field/i18n/missing-en.js",
        "field/i18n/help-en.js",
        "field/i18n/trouble-en.js",
        "field/i18n/steps-en.js",
    ),
}
#: A style sheet that a style sheet takes in; the codebase writes them at its top, of the same folder.
STYLE_IMPORT = re.compile(r"^@import '\./(?P<name>[\w-]+\.css)';$", re.MULTILINE)
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
#: What of the package of Leaflet the office's map needs. Its version is in its address, apart from our build: phones never fetch it.
LEAFLET_FILES = ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png")
LEAFLET_FOLDER = f"leaflet-{leaflet.VERSION}"


class StaticFiles:
    """The files of the folder `root`, their build and their addresses."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> list[str]:
        """Paths of the files below `root`, in order, with `/` between their parts; compressed copies apart."""
        paths = (path for path in self.root.rglob("*") if path.is_file() and path.suffix not in (".gz", ".br"))
        return sorted(path.relative_to(self.root).as_posix() for path in paths)

    @cached_property
    def build(self) -> str:
        """Twelve hex digits that change when any file changes, or the way it is packed."""
        if self.root.name.startswith("build-"):
            return self.root.name.removeprefix("build-")
        digest = hashlib.sha256()
        for code in (Path(__file__), Path(__file__).with_name("static_join.py")):
            digest.update(code.read_bytes())
        for name in self.files:
            digest.update(name.encode() + b"\0" + (self.root / name).read_bytes() + b"\0")
        return digest.hexdigest()[:12]

    def url(self, path: str) -> str:
        """Address of the file at `path` below `root`."""
        return f"/static/{self.build}/{path}"

    def packed(self, into: Path) -> "StaticFiles":
        """The files as they are served, in the folder `into/build-<build>`, which is made once."""
        target = into / f"build-{self.build}"
        if not target.exists():
            partial = into / f"{self.build}-{uuid4().hex}.part"
            self._write_packed(partial)
            try:
                partial.rename(target)
            except OSError:
                # Another worker was first.
                shutil.rmtree(partial)
        return StaticFiles(target)

    def _write_packed(self, folder: Path) -> None:
        modules = {name: (self.root / name).read_text("utf-8") for name in self.files if name.endswith(".js")}
        joined = join_modules(modules, BUNDLES if BUNDLES.keys() & modules.keys() else {})
        compressor = Compressor(quiet=True)
        others = [name for name in self.files if name not in modules]
        for name in [*joined, *others]:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = joined[name].encode() if name in joined else join_styles(self.root / name)
            path.write_bytes(shorten(content, path.suffix))
            if compressor.should_compress(name):
                list(compressor.compress(str(path)))


def join_styles(path: Path) -> bytes:
    """The file at `path`; if it is a style sheet, with those that it imports in their places."""
    if path.suffix != ".css":
        return path.read_bytes()
    text = STYLE_IMPORT.sub(lambda found: (path.parent / found["name"]).read_text("utf-8"), path.read_text("utf-8"))
    return text.encode()


def shorten(content: bytes, suffix: str) -> bytes:
    """`content` without comments and blanks, if it is JavaScript or CSS."""
    if minify is None or suffix not in MEDIA_TYPES:
        return content
    shortened: str = minify.string(MEDIA_TYPES[suffix], content.decode())
    return shortened.encode()


def pack_leaflet(into: Path) -> Path:
    """The files of Leaflet with compressed copies, in a folder of `into` that is made once."""
    target = into / LEAFLET_FOLDER
    if target.exists():
        return target
    partial = into / f"{uuid4().hex}.part"
    compressor = Compressor(quiet=True)
    for name in LEAFLET_FILES:
        path = partial / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(leaflet.BASE_DIR) / name, path)
        if compressor.should_compress(name):
            list(compressor.compress(str(path)))
    try:
        partial.rename(target)
    except OSError:
        # Another worker was first.
        shutil.rmtree(partial)
    return target


def init_app(app: Flask, root: Path, data_dir: Path) -> None:
    """Serve the files of `root` and of Leaflet from `app`; give templates `static_url(path)` and `leaflet_url(name)`."""
    static = StaticFiles(root).packed(data_dir / "static")
    app.extensions["collector_static"] = static
    app.jinja_env.globals["static_url"] = static.url
    white_noise = WhiteNoise(app.wsgi_app, max_age=ONE_YEAR_S, immutable_file_test=lambda _path, _url: True)
    white_noise.add_files(str(static.root), prefix=f"static/{static.build}")
    white_noise.add_files(str(pack_leaflet(data_dir / "static")), prefix=f"static/{LEAFLET_FOLDER}")
    app.jinja_env.globals["leaflet_url"] = lambda name: f"/static/{LEAFLET_FOLDER}/{name}"
    app.wsgi_app = white_noise  # type: ignore[method-assign]
