"""What somebody brings for an import: files, those inside of zip archives too, each told apart by what is in it.

Nothing is unpacked to a path that an archive names: parts are read from where they lie, and looked for by their names.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import SEEK_END
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from collector.errors import CollectorError
from collector.spreadsheet import MAX_PACKING, PACKING_FREE_BYTES
from collector.store.contents import ContentsAway
from collector.zip_directory import has_large_directory

#: Parts of one archive, and bytes of all of them together as they say themselves. No part gives more bytes than it declares.
MAX_PARTS = 200_000
MAX_UNPACKED_BYTES = 8 * 1024 * 1024 * 1024
#: Bytes of an archive's directory: of that many parts, with names of 50 bytes.
MAX_DIRECTORY_BYTES = 20_000_000
ZIP_MAGIC = b"PK\x03\x04"
#: A part that every .xlsx has and no archive of files.
WORKBOOK_PART = "[Content_Types].xml"
#: General purpose bits 0 and 11 of an entry: it is encrypted; its name is UTF-8 (APPNOTE 4.4.4).
ENCRYPTED, UTF8_NAME = 0x1, 0x800
TABLE, WORKBOOK, XML, MEDIA = "table", "workbook", "xml", "media"
TABLE_ENDINGS = (".csv", ".tsv", ".txt")
#: Folder of the photos and recordings in an archive of ODK Central and Briefcase.
MEDIA_FOLDER = "media"


@dataclass(frozen=True)
class Part:
    """A file: its path in the archive (its name alone where it came by itself), its bytes, its kind, and how it is opened."""

    path: str
    size_bytes: int
    kind: str
    open: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        """The path's last part."""
        return PurePosixPath(self.path).name

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.path).stem

    @property
    def folder(self) -> str:
        """The path without its last part."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True)
class Chosen:
    """A file that somebody brings: its name, and how it is opened."""

    name: str
    open: Callable[[], BinaryIO]


@contextmanager
def open_contents(files: Sequence[Chosen]) -> Iterator[list[Part]]:
    """The parts of `files`, in their order. Archives stay open until the block ends.

    Raises CollectorError `import_archive_damaged`, `import_archive_too_large`.
    """
    with ExitStack() as opened:
        parts: list[Part] = []
        for chosen in files:
            file = opened.enter_context(chosen.open())
            size_bytes = file.seek(0, SEEK_END)
            archive = _open_archive(chosen.name, file)
            if archive is None:
                parts.append(_part(_plain_path(chosen.name), size_bytes, chosen.open))
            else:
                parts += _parts_of(chosen.name, opened.enter_context(archive))
        yield parts


def _open_archive(name: str, file: BinaryIO) -> zipfile.ZipFile | None:
    """The archive in `file`, which stays open as long as it; None where it is none, or a workbook."""
    file.seek(0)
    if file.read(4) != ZIP_MAGIC:
        return None
    if has_large_directory(file, MAX_DIRECTORY_BYTES):
        raise CollectorError("import_archive_too_large", name=name[:100])
    try:
        archive = zipfile.ZipFile(file)
    except ContentsAway:
        raise
    except Exception:
        # A damaged directory shows as BadZipFile, struct.error, UnicodeDecodeError and others.
        raise CollectorError("import_archive_damaged", name=name[:100]) from None
    if WORKBOOK_PART in archive.NameToInfo:
        archive.close()
        return None
    return archive


def _parts_of(name: str, archive: zipfile.ZipFile) -> list[Part]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
    too_packed = any(
        entry.file_size > PACKING_FREE_BYTES and entry.file_size > MAX_PACKING * max(entry.compress_size, 1)
        for entry in entries
    )
    if too_packed or len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise CollectorError("import_archive_too_large", name=name[:100])
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise CollectorError("import_archive_damaged", name=name[:100])
    return [_entry_part(name, archive, entry) for entry in entries]


def _entry_part(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Part:
    def open_entry() -> IO[bytes]:
        try:
            return archive.open(entry)
        except Exception:
            # BadZipFile, NotImplementedError (a rare packing) and others.
            raise CollectorError("import_archive_damaged", name=name[:100]) from None

    return _part(_entry_path(entry), entry.file_size, open_entry)


def _part(path: str, size_bytes: int, opener: Callable[[], IO[bytes]]) -> Part:
    return Part(path, size_bytes, _kind(path, opener), opener)


def _kind(path: str, opener: Callable[[], IO[bytes]]) -> str:
    """What a file is, by its first bytes; of texts that could be anything, by the name."""
    lower = path.lower()
    if MEDIA_FOLDER in lower.split("/")[:-1]:
        return MEDIA
    if not lower.endswith((*TABLE_ENDINGS, ".xml", ".xlsx", ".xlsm", ".zip")):
        return MEDIA
    try:
        with opener() as file:
            head = file.read(64)
    except Exception:
        # What cannot be unpacked is no table; whoever opens it as a photo says so.
        return MEDIA
    if head.startswith(ZIP_MAGIC):
        return WORKBOOK
    if lower.endswith(".xml") or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return XML
    return TABLE if lower.endswith(TABLE_ENDINGS) else MEDIA


def _is_litter(path: str) -> bool:
    """Whether a system put it into the archive, not its owner: `__MACOSX/`, `.DS_Store`, `Thumbs.db`."""
    parts = path.replace("\\", "/").split("/")
    return parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"


def _entry_path(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & UTF8_NAME:
        return _plain_path(entry.filename)
    # Without the flag the bytes were read as code page 437, while Windows in China writes its own code page.
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return _plain_path(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _plain_path(entry.filename)


def _plain_path(path: str) -> str:
    """A path as its names joined by slashes: none that is empty, and none that leads upwards."""
    names = path.replace("\\", "/").replace("\0", "").split("/")
    return "/".join(name for name in names if name not in ("", ".", ".."))
