"""Files in a folder of this machine, or of one that several machines have mounted."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from collector.store.contents.backend import Stored

#: Folder, beside those of a kind's files, of what is still being written.
UNFINISHED = "unfinished"


class Folder:
    """The backend that keeps files below `root`, each for the server's own account only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def writing(self, path: str, *, is_durable: bool = True) -> Iterator[BinaryIO]:
        """Elsewhere until it is whole: who reads finds all of it or none, and two who write the same do not meet."""
        target = self.root / path
        make_folder(target.parent, is_durable=is_durable)
        unfinished = self.root / path.partition("/")[0] / UNFINISHED / f"{target.name}.{uuid4().hex}"
        make_folder(unfinished.parent, is_durable=False)
        try:
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                yield file
                if is_durable:
                    file.flush()
                    os.fsync(file.fileno())
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        if is_durable:
            sync_folder(target.parent)

    def open(self, path: str) -> BinaryIO:
        """The file itself."""
        return (self.root / path).open("rb")

    def size(self, path: str) -> int | None:
        """Its size by the file system."""
        try:
            return (self.root / path).stat().st_size
        except FileNotFoundError:
            return None

    def remove(self, path: str) -> None:
        """Unlink it."""
        (self.root / path).unlink(missing_ok=True)

    def remove_below(self, folder: str) -> None:
        """The folder itself goes too."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.root / folder)

    def walk(self, folder: str) -> Iterator[Stored]:
        """In the order of their names."""
        return self._walk(self.root / folder)

    def drop_leftovers(self, folder: str, before: datetime) -> None:
        """Files that are not in their place yet."""
        for found in self._walk(self.root / folder / UNFINISHED):
            if found.kept_at < before:
                self.remove(found.path)

    def _walk(self, folder: Path) -> Iterator[Stored]:
        for entry in entries_of(folder):
            if entry.is_dir():
                if entry.name != UNFINISHED:
                    yield from self._walk(folder / entry.name)
                continue
            # Others may be taking it away.
            with suppress(FileNotFoundError):
                facts = entry.stat()
                kept_at = datetime.fromtimestamp(facts.st_mtime, UTC)
                yield Stored((folder / entry.name).relative_to(self.root).as_posix(), kept_at, facts.st_size)


def entries_of(folder: Path) -> list[os.DirEntry[str]]:
    """What lies in a folder, by name; nothing in one that is not there, or that somebody took away a moment ago."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def make_folder(folder: Path, *, is_durable: bool) -> None:
    """Make a folder and those above it where they are not there yet; wait for the disk where they have to last."""
    if folder.is_dir():
        return
    make_folder(folder.parent, is_durable=is_durable)
    folder.mkdir(mode=0o700, exist_ok=True)
    if is_durable:
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def divide_older_uploads(folder: Path) -> None:
    """Turn uploads that an older Collector kept in one file each into ones of one piece, so that they go on."""
    for path in list(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file():
            # Another process may be at it as well.
            with suppress(FileNotFoundError, FileExistsError):
                aside = path.replace(path.with_name(f"{path.name}.divided"))
                path.mkdir(mode=0o700)
                aside.replace(path / f"{0:012}-{aside.stat().st_size}")
