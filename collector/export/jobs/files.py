"""Where the files of exports lie in the data folder: `exports/<job id>`, and what is being written in `exports/work/`."""

import hashlib
import os
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

BLOCK_BYTES = 1024 * 1024


def exports_folder() -> Path:
    """Folder of the files, which only the server's own account may enter."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def file_path(job_id: str) -> Path:
    """Where the finished file of a job lies."""
    return exports_folder() / job_id


def work_folder(job_id: str) -> Path:
    """A folder of this process alone for what a job writes on the way."""
    folder = exports_folder() / "work" / job_id / str(os.getpid())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def drop_work(job_id: str, pid: int | None = None) -> None:
    """Remove what a process left behind of a job; without `pid`: what any did."""
    folder = exports_folder() / "work" / job_id
    shutil.rmtree(folder / str(pid) if pid else folder, ignore_errors=True)
    # Others may still be at it.
    with suppress(OSError):
        folder.rmdir()


@dataclass(frozen=True)
class Found:
    """What lay there at a moment: finished files, and folders of what was being written; each has the name of its job."""

    files: tuple[Path, ...]
    folders: tuple[Path, ...]


def find_all() -> Found:
    """What lies there now."""
    work = exports_folder() / "work"
    files = tuple(path for path in exports_folder().iterdir() if path.is_file())
    return Found(files, tuple(work.iterdir()) if work.is_dir() else ())


def drop_strangers(found: Found, jobs: Collection[str], unfinished: Collection[str]) -> None:
    """Remove files that belong to none of `jobs`, and what was written on the way for those that are not `unfinished`.

    The files were found before anybody asked for the jobs: what has come since is nobody's affair here.
    """
    for path in found.files:
        if path.name not in jobs:
            path.unlink(missing_ok=True)
    for path in found.folders:
        if path.name not in unfinished:
            shutil.rmtree(path, ignore_errors=True)


def seal_file(path: Path) -> tuple[int, str]:
    """Make a finished file private and safe on the disk. Gives its size in bytes and its SHA-256, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
        os.fchmod(file.fileno(), 0o600)
        os.fsync(file.fileno())
    return path.stat().st_size, digest.hexdigest()
