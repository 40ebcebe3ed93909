"""Static files under an address that names their content, so that they may be cached for ever.

The build is a hash over everything in `static/`. The files are served under `/static/<build>/`; modules import each other by relative
address and so stay within one build. What is served is a packed copy, made once per build in the data folder: modules joined
(static_join.py), comments and blanks taken out, gzip and Brotli beside each file. docs/decisions/0003 says why.
"""

import hashlib
import shutil
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from collector.static_join import join_modules

try:
    import minify
except ImportError:
    # It has no build for every machine. Without it all works the same and is about a third larger.
    minify = None

ONE_YEAR_S = 365 * 24 * 3600
#: Modules that take in all they import: what the first page needs, and what filling in a questionnaire needs beyond it.
ENTRIES = ("field/application.js", "field/views/fill.js")
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}


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
        joined = join_modules(modules, [entry for entry in ENTRIES if entry in modules])
        compressor = Compressor(quiet=True)
        for name in self.files:
            if name in modules and name not in joined:
                continue
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = joined[name].encode() if name in joined else (self.root / name).read_bytes()
            path.write_bytes(shorten(content, path.suffix))
            if compressor.should_compress(name):
                list(compressor.compress(str(path)))


def shorten(content: bytes, suffix: str) -> bytes:
    """`content` without comments and blanks, if it is JavaScript or CSS."""
    if minify is None or suffix not in MEDIA_TYPES:
        return content
    shortened: str = minify.string(MEDIA_TYPES[suffix], content.decode())
    return shortened.encode()


def init_app(app: Flask, root: Path, data_dir: Path) -> None:
    """Serve the files of `root` from `app`, and give templates `static_url(path)`."""
    static = StaticFiles(root).packed(data_dir / "static")
    app.extensions["collector_static"] = static
    app.jinja_env.globals["static_url"] = static.url
    white_noise = WhiteNoise(app.wsgi_app, max_age=ONE_YEAR_S, immutable_file_test=lambda _path, _url: True)
    white_noise.add_files(str(static.root), prefix=f"static/{static.build}")
    app.wsgi_app = white_noise  # type: ignore[method-assign]
