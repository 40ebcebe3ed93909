"""Storing the bytes of attachments, piece by piece, and telling what they are."""

import errno
import hashlib
import logging
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.adoption import adopt_file
from collector.intake.arrivals import record_file
from collector.intake.attachments import update_response
from collector.intake.locks import lock_names
from collector.store import DeletedResponse, File, utc_now
from collector.store.file_paths import partial_path, stored_path

log = logging.getLogger(__name__)

#: Bytes that are read at a time when a whole file is hashed.
BLOCK_BYTES = 1024 * 1024


def begin_file(session: Session, wanted: dict[str, Any], device_id: str | None) -> File:
    """Give the upload for a response's file; the same one again for the same response, name and SHA-256.

    Shape of `wanted`: `response_id`, `name`, `sha256`, `size_bytes`, `claimed_type`. Raises CollectorError `response_deleted` where
    nobody wants the file any more.
    """
    if session.get(DeletedResponse, wanted["response_id"]) is not None:
        raise CollectorError("response_deleted")
    same = select(File).filter_by(response_id=wanted["response_id"], name=wanted["name"], sha256=wanted["sha256"])
    file = session.scalar(same)
    if file is None:
        file = File(id=secrets.token_urlsafe(32), offset_bytes=0, device_id=device_id, **wanted)
        try:
            with session.begin_nested():
                session.add(file)
        except IntegrityError:
            file = session.scalars(same).one()
    if file.completed_at is None and file.size_bytes != wanted["size_bytes"]:
        # Whoever began it named another length; with that its SHA-256 could never be reached.
        file.size_bytes, file.offset_bytes = wanted["size_bytes"], 0
    return file


def append_bytes(session: Session, file_id: str, offset_bytes: int, content: bytes) -> File:
    """Add `content` at `offset_bytes`. On the disk when it returns. Completes the file with the last byte.

    Raises CollectorError `upload_unknown`, `upload_offset_differs`, `unavailable` when the disk takes nothing, and
    `upload_checksum_differs` when the whole file is not what was promised: it then begins again at 0, which the caller has to commit.
    """
    file = session.get(File, file_id, with_for_update=True)
    if file is None:
        raise CollectorError("upload_unknown")
    if file.completed_at is not None or offset_bytes != file.offset_bytes:
        raise CollectorError("upload_offset_differs", offset=file.offset_bytes)
    if offset_bytes + len(content) > file.size_bytes:
        raise CollectorError("file_too_large", limit_bytes=file.size_bytes)
    try:
        write_at(partial_path(file), offset_bytes, content)
        file.offset_bytes += len(content)
        if file.offset_bytes == file.size_bytes:
            complete_file(session, file)
    except OSError as error:
        # A full or read-only disk: the phone keeps the file and tries again later.
        log.error("attachments cannot be written: %s", errno.errorcode.get(error.errno or 0, "unknown"))
        raise CollectorError("unavailable") from None
    session.flush()
    return file


def write_at(path: Path, offset_bytes: int, content: bytes) -> None:
    """Write `content` into the file at `path` and wait until it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as target:
        target.seek(offset_bytes)
        target.write(content)
        target.truncate()
        target.flush()
        os.fsync(target.fileno())


def complete_file(session: Session, file: File) -> None:
    """Check the bytes that are all there against their promised SHA-256, put them in their place and tell the response."""
    partial = partial_path(file)
    if hash_file(partial) != file.sha256:
        file.offset_bytes = 0
        return
    with partial.open("rb") as content:
        file.detected_type = detect_type(content.read(16))
    # Whoever erases these very bytes with another response must not do so between their arrival and the commit.
    lock_names(session, [file.sha256])
    target = stored_path(file.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    file.completed_at = utc_now()
    session.flush()
    record_file(session, file)
    # Its lock is held before anybody asks which responses adopt the file, so that none is accepted unseen meanwhile.
    update_response(session, file.response_id)
    for response_id in adopt_file(session, file):
        update_response(session, response_id)


def hash_file(path: Path) -> str:
    """SHA-256 of the file at `path`, hex; of nothing if there is none, as for a file of 0 bytes."""
    digest = hashlib.sha256()
    if path.exists():
        with path.open("rb") as content:
            while block := content.read(BLOCK_BYTES):
                digest.update(block)
    return digest.hexdigest()


def detect_type(head: bytes) -> str:
    """The media type that the first 16 bytes of a file show; `application/octet-stream` when it is none of the known ones."""
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] in RIFF_TYPES:
        return RIFF_TYPES[head[8:12]]
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    return "application/octet-stream"


#: First bytes of the kinds of file that phones make.
SIGNATURES: Iterable[tuple[bytes, str]] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
RIFF_TYPES = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
