"""Zip files that are the same bytes for the same content: fixed dates and rights, and the order in which they are written."""

from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

#: Tables shrink to a tenth at the fastest level already; the others take several times as long for little.
LEVEL = 1


def new_zip(path: Path) -> ZipFile:
    """An empty zip file at `path`, to be closed by whoever asks. Grows beyond 4 GB where it must (ZIP64)."""
    return ZipFile(path, "w", ZIP_DEFLATED, compresslevel=LEVEL)


def packed(archive: ZipFile, name: str) -> IO[bytes]:
    """A new entry for less than 2 GB that is deflated while it is written: what Excel and the oldest of programs open."""
    return archive.open(name, "w")


def packed_large(archive: ZipFile, name: str) -> IO[bytes]:
    """A new entry of any size that is deflated while it is written."""
    return archive.open(name, "w", force_zip64=True)


def stored(archive: ZipFile, name: str, size_bytes: int | None = None) -> IO[bytes]:
    """A new entry that stands as it is, for what is compressed already. `size_bytes`: None for one of any size."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_STORED
    entry.file_size = size_bytes or 0
    return archive.open(entry, "w", force_zip64=size_bytes is None)
