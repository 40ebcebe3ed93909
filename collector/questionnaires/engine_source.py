"""The engine's files (`static/engine/`) as one script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

ENGINE_FOLDER = Path(__file__).resolve().parents[2] / "static" / "engine"
HOST_FILE = Path(__file__).with_name("engine_host.js")
#: What the host calls; everything these import is joined before them.
ENTRY_FILES = ("functions/rare.js", "check.js", "expressions.js")

_IMPORT = re.compile(r"^import\s[^'\"]*['\"]([^'\"]+)['\"];?[^\S\n]*$", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|class|const|let)\b)", re.MULTILINE)


def engine_files(entries: Sequence[str] = ENTRY_FILES, folder: Path = ENGINE_FOLDER) -> list[Path]:
    """Give the engine's files in import order: each after all that it imports."""
    ordered: list[Path] = []
    seen: set[Path] = set()

    def visit(path: Path) -> None:
        if path in seen:
            return
        seen.add(path)
        for name in _IMPORT.findall(path.read_text(encoding="utf-8")):
            visit((path.parent / name).resolve())
        ordered.append(path)

    for entry in entries:
        visit((folder / entry).resolve())
    return ordered


@lru_cache(maxsize=4)
def engine_source(extra: tuple[Path, ...] = ()) -> str:
    """Give the engine as one script: the binding of V8 loads no modules, so import and export words are taken out."""
    parts = [path.read_text(encoding="utf-8") for path in (*engine_files(), HOST_FILE, *extra)]
    return "'use strict';\n" + "\n".join(_EXPORT.sub("", _IMPORT.sub("", part)) for part in parts)
