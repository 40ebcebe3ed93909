"""The files of exports: finished ones among the contents, under the id of their job, and what is being written in `exports/work/`."""

import hashlib
import os
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from collector.store.contents import EXPORTS, contents

BLOCK_BYTES = 1024 * 1024


def works_folder() -> Path:
    """Folder, on the machine that makes a file, of what is written on the way. Only the server's own account may enter it."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "exports" / "work"
    for made in (folder.parent, folder):
        made.mkdir(mode=0o700, exist_ok=True)
    return folder


def work_folder(job_id: str) -> Path:
    """A folder of this process alone for what a job writes on the way."""
    folder = works_folder() / job_id / str(os.getpid())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def drop_work(job_id: str, pid: int | None = None) -> None:
    """Remove what a process left behind of a job; without `pid`: what any did."""
    folder = works_folder() / job_id
    shutil.rmtree(folder / str(pid) if pid else folder, ignore_errors=True)
    # Others may still be at it.
    with suppress(OSError):
        folder.rmdir()


@dataclass(frozen=True)
class Found:
    """What lay there at a moment: finished files, and folders of what was being written; each has the name of its job."""

    files: tuple[str, ...]
    folders: tuple[Path, ...]


def find_all() -> Found:
    """What lies there now."""
    files = tuple(name for name, _kept_at in contents().names(EXPORTS))
    return Found(files, tuple(works_folder().iterdir()))


def drop_strangers(found: Found, jobs: Collection[str], unfinished: Collection[str]) -> None:
    """Remove files that belong to none of `jobs`, and what was written on the way for those that are not `unfinished`.

    The files were found before anybody asked for the jobs: what has come since is nobody's affair here.
    """
    for name in found.files:
        if name not in jobs:
            contents().remove(EXPORTS, name)
    for path in found.folders:
        if path.name not in unfinished:
            shutil.rmtree(path, ignore_errors=True)


def measure_file(path: Path) -> tuple[int, str]:
    """The size of a finished file in bytes and its SHA-256, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return path.stat().st_size, digest.hexdigest()
