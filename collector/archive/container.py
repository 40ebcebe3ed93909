"""The one file that a backup is: a ZIP, or the same sealed with a passphrase.

Shape: `tables/NAME.jsonl`, `contents/KIND/NAME` (each sealed with a data key, collector/store/sealed_streams.py), `keys.json` only where
the whole is sealed, and `manifest.json` as the last one. Sealed: `HEADER`, a salt of 16 bytes, and the ZIP as a sealed stream whose key
scrypt (RFC 7914) makes of passphrase and salt.
"""

import io
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from collector.archive.faults import ArchiveFault
from collector.store.data_keys import KEY_BYTES, CannotOpen, DataKey, DataKeys
from collector.store.sealed_streams import open_sealed, seal_stream

HEADER = b"Collector backup, sealed 1\n"
SALT_BYTES = 16
#: Cost of trying one passphrase: 128 MiB of memory and some tenths of a second (OWASP's advice for scrypt).
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1
CONTEXT = "backup"
MANIFEST, KEYS = "manifest.json", "keys.json"
#: Rows deflate well even at the quickest level; what is sealed does not deflate at all.
TABLE_LEVEL = 1


def table_member(name: str) -> str:
    """Where the rows of a table lie in the ZIP."""
    return f"tables/{name}.jsonl"


def content_member(kind: str, name: str) -> str:
    """Where a file's content lies in the ZIP."""
    return f"contents/{kind}/{name}"


def key_of_passphrase(passphrase: str, salt: bytes) -> DataKey:
    """The key that a passphrase makes."""
    scrypt = Scrypt(salt=salt, length=KEY_BYTES, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)
    return DataKey(scrypt.derive(passphrase.encode()))


@contextmanager
def writing_zip(target: BinaryIO, passphrase: str | None) -> Iterator[ZipFile]:
    """A ZIP that is written into `target`, which need not be seekable; sealed if there is a `passphrase`."""
    if passphrase is None:
        with ZipFile(target, "w", ZIP_STORED) as archive:
            yield archive
        return
    salt = os.urandom(SALT_BYTES)
    target.write(HEADER + salt)
    with _sealing(target, key_of_passphrase(passphrase, salt)) as plain, ZipFile(plain, "w", ZIP_STORED) as archive:
        yield archive


@contextmanager
def _sealing(target: BinaryIO, key: DataKey) -> Iterator[BinaryIO]:
    """Something to write into; what is written there lands sealed in `target`. Nothing of it touches the disk in the open."""
    reading_end, writing_end = os.pipe()
    errors: list[BaseException] = []

    def seal() -> None:
        with os.fdopen(reading_end, "rb") as plain:
            try:
                seal_stream(plain, target, key, CONTEXT)
            except BaseException as error:  # told to the thread that writes
                errors.append(error)

    thread = threading.Thread(target=seal, name="sealing")
    thread.start()
    try:
        with os.fdopen(writing_end, "wb") as plain:
            yield plain
    except BrokenPipeError:
        # The other end tells why.
        if not errors:
            thread.join()
        if not errors:
            raise
    finally:
        thread.join()
        if errors:
            raise errors[0]


@contextmanager
def adding(archive: ZipFile, name: str, *, is_deflated: bool = False) -> Iterator[BinaryIO]:
    """A member of the ZIP to write into, of any length."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED if is_deflated else ZIP_STORED
    info._compresslevel = TABLE_LEVEL  # type: ignore[attr-defined]
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        yield cast(BinaryIO, member)


def add_json(archive: ZipFile, name: str, value: dict[str, Any]) -> None:
    """Add `value` as JSON for people to read, too."""
    with adding(archive, name, is_deflated=True) as member:
        member.write(json.dumps(value, ensure_ascii=False, indent=1).encode())


@contextmanager
def reading_zip(path: Path, passphrase: str | None) -> Iterator[ZipFile]:
    """The ZIP that lies in a backup. Raises ArchiveFault for what is no backup, was cut off, or has another passphrase."""
    with path.open("rb") as raw:
        content: BinaryIO = raw
        if raw.read(len(HEADER)) == HEADER:
            content = _open_with(raw, passphrase)
        raw_zip = _open_zip(content)
        with raw_zip as archive:
            yield archive


def is_sealed_backup(path: Path) -> bool:
    """Whether a passphrase is needed to read the backup."""
    with path.open("rb") as raw:
        return raw.read(len(HEADER)) == HEADER


def _open_with(raw: BinaryIO, passphrase: str | None) -> BinaryIO:
    if passphrase is None:
        raise ArchiveFault("This backup is encrypted. Give its passphrase.")
    salt = raw.read(SALT_BYTES)
    key = key_of_passphrase(passphrase, salt)
    behind = cast(BinaryIO, io.BufferedReader(Behind(raw, len(HEADER) + SALT_BYTES), 128 * 1024))
    head = behind.read(4 + len(key.id))
    behind.seek(0)
    if len(head) == 4 + len(key.id) and head[4:] != key.id:
        raise ArchiveFault("The passphrase is not the one of this backup.")
    try:
        content = open_sealed(behind, DataKeys((key,)), CONTEXT)
        if content is behind:
            raise CannotOpen("what follows is not sealed")
        # Both ends, since whoever reads the ZIP takes an error of reading for the end of the file.
        for place, whence in ((-1, io.SEEK_END), (0, io.SEEK_SET)):
            content.seek(place, whence)
            content.read(1)
    except (CannotOpen, OSError, ValueError):
        raise ArchiveFault("The backup is damaged, or was cut off. Take another one.") from None
    return content


def _open_zip(content: BinaryIO) -> ZipFile:
    try:
        archive = ZipFile(content)
    except BadZipFile:
        raise ArchiveFault("This is no backup of Collector, or one that was cut off. Take another one.") from None
    if MANIFEST not in archive.namelist():
        raise ArchiveFault(
            "This is no backup of Collector: it has no manifest. Choose a file that `collector backup` made."
        )
    return archive


class Behind(io.RawIOBase):
    """A file from one place on, as a file of its own."""

    def __init__(self, raw: BinaryIO, start: int) -> None:
        self._raw, self._start = raw, start
        raw.seek(start)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from where it begins."""
        place = offset + self._start if whence == io.SEEK_SET else offset
        return self._raw.seek(place, whence) - self._start

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._raw.tell() - self._start

    def readinto(self, target: Any) -> int:
        """Fill `target` with what is there."""
        found = self._raw.read(len(target))
        target[: len(found)] = found
        return len(found)
