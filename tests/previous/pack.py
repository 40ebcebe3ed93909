"""Packs what an earlier release's phone sends with: `python -m tests.previous.pack COMMIT RELEASE` writes `RELEASE.tar.gz` beside this file.

The code is kept as that release had it, unread by lint and types: it is what lies on the phones.
"""

import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

from collector.settings import PROJECT_ROOT

#: What a round of sending and pulling begins with; a release that knew no lists had no visits.
ENTRIES = ("sync/round.js", "sync/pull.js", "sync/visits.js")
IMPORTED = re.compile(r"(?:from |import\()'(\.[^']+)'")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def read(commit: str, path: str) -> str | None:
    """A file of `static/field/` as it was, None where there was none."""
    shown = subprocess.run(
        ["git", "show", f"{commit}:static/field/{path}"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout if shown.returncode == 0 else None


def modules(commit: str) -> dict[str, str]:
    """The entries and whatever they import, by path below `static/field/`."""
    found: dict[str, str] = {}
    left = list(ENTRIES)
    while left:
        path = left.pop()
        text = None if path in found else read(commit, path)
        if text is not None:
            found[path] = text
            left += [resolve(path, name) for name in IMPORTED.findall(COMMENT.sub("", text))]
    return found


def resolve(importer: str, name: str) -> str:
    """The path that `name` stands for in `importer`."""
    parts: list[str] = []
    for part in (PurePosixPath(importer).parent / name).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def pack(commit: str, release: str) -> Path:
    """Write the archive; the same commit gives the same bytes but for the moment in gzip's header."""
    target = Path(__file__).with_name(f"{release}.tar.gz")
    with tarfile.open(target, "w:gz") as archive:
        for path, text in sorted(modules(commit).items()):
            content = text.encode()
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target


if __name__ == "__main__":
    print(pack(*sys.argv[1:]))
