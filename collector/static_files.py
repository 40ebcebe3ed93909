"""Static files under an address that names their content, so that they may be cached for ever.

The build is a hash over everything in `static/`. The files are served under `/static/<build>/`; modules import each other by relative
address and so stay within one build. Compressed copies are made once per build, in the data folder.
"""

import hashlib
import shutil
from functools import cached_property
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

ONE_YEAR_S = 365 * 24 * 3600


class StaticFiles:
    """The files of `root`, their build and their addresses."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> list[str]:
        """Paths below `static/`, in order, with `/` between their parts."""
        paths = (path for path in self.root.rglob("*") if path.is_file() and not path.name.startswith("."))
        return sorted(path.relative_to(self.root).as_posix() for path in paths)

    @cached_property
    def build(self) -> str:
        """Twelve hex digits that change when any static file changes."""
        digest = hashlib.sha256()
        for name in self.files:
            digest.update(name.encode() + b"\0" + (self.root / name).read_bytes() + b"\0")
        return digest.hexdigest()[:12]

    def url(self, path: str) -> str:
        """Address of the file at `path` below `static/`."""
        return f"/static/{self.build}/{path}"

    def pack(self, into: Path) -> Path:
        """Copy the files to `into/<build>`, with gzip and Brotli copies beside them; once per build. Gives that folder."""
        target = into / self.build
        if target.exists():
            return target
        partial = into / f"{self.build}.{id(self)}.part"
        shutil.copytree(self.root, partial)
        compressor = Compressor(quiet=True)
        for name in self.files:
            if compressor.should_compress(name):
                list(compressor.compress(str(partial / name)))
        try:
            partial.rename(target)
        except OSError:
            # Another worker was first.
            shutil.rmtree(partial)
        return target


def init_app(app: Flask, root: Path, data_dir: Path) -> None:
    """Serve the files of `root` from `app`, and give templates `static_url(path)`."""
    static = StaticFiles(root)
    app.extensions["collector_static"] = static
    app.jinja_env.globals["static_url"] = static.url
    white_noise = WhiteNoise(app.wsgi_app, max_age=ONE_YEAR_S, immutable_file_test=lambda _path, _url: True)
    white_noise.add_files(str(static.pack(data_dir / "static")), prefix=f"static/{static.build}")
    app.wsgi_app = white_noise  # type: ignore[method-assign]
