"""Storing the bytes of attachments, piece by piece, and telling what they are."""

import errno
import io
import json
import logging
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Any, BinaryIO, cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.adoption import adopt_file
from collector.intake.arrivals import record_file
from collector.intake.attachments import update_response
from collector.intake.locks import lock_names
from collector.store import DeletedResponse, File, Response, Revision, utc_now
from collector.store.contents import FILES, ContentsAway, WrongContent, contents
from collector.store.sealed_streams import CannotOpenFile

log = logging.getLogger(__name__)

#: Bytes at a file's beginning that show what it is.
HEAD_BYTES = 16


def begin_file(session: Session, wanted: dict[str, Any], device_id: str | None) -> File:
    """Give the upload for a response's file; the same one again for the same response, name and SHA-256.

    Shape of `wanted`: `response_id`, `name`, `sha256`, `size_bytes`, `claimed_type`. Raises CollectorError `response_deleted` where
    nobody wants the file any more.
    """
    if session.get(DeletedResponse, wanted["response_id"]) is not None or is_erased_file(session, wanted):
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


def is_erased_file(session: Session, wanted: dict[str, Any]) -> bool:
    """Tell whether a file answers what was erased of its response: no revision names it any more."""
    query = select(Response.erased).where(Response.id == wanted["response_id"])
    if not session.scalar(query):
        return False
    documents = session.scalars(select(Revision.document).where(Revision.response_id == wanted["response_id"]))
    return all(file["name"] != wanted["name"] for text in documents for file in json.loads(text).get("files") or ())


def keep_ahead(session: Session, file_id: str, offset_bytes: int, content: bytes) -> bool:
    """Keep bytes before the database is locked, so that nobody waits for the disk or a distant store meanwhile.

    Gives whether they are kept; where they are not, `append_bytes` says why. Raises CollectorError `unavailable`.
    """
    file = session.get(File, file_id)
    if file is None or file.completed_at is not None or offset_bytes != file.offset_bytes:
        return False
    end = offset_bytes + len(content)
    try:
        if end < file.size_bytes:
            contents().append(file.id, offset_bytes, content)
        elif end == file.size_bytes:
            whole = Follow(contents().joined(file.id, offset_bytes), content)
            contents().keep_stream(FILES, file.sha256, cast(BinaryIO, whole))
    except (WrongContent, CannotOpenFile):
        return False
    except OSError as error:
        raise cannot_keep(error) from None
    return end <= file.size_bytes


def append_bytes(session: Session, file_id: str, offset_bytes: int, content: bytes, *, is_kept: bool = False) -> File:
    """Add `content` at `offset_bytes`. Completes the file with the last byte, and it is on the disk then.

    `is_kept`: what `keep_ahead` gave for it.

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
        if offset_bytes + len(content) == file.size_bytes:
            whole = Follow(contents().joined(file.id, offset_bytes), content)
            complete_file(session, file, whole, is_kept=is_kept)
        else:
            if not is_kept:
                contents().append(file.id, offset_bytes, content)
            file.offset_bytes += len(content)
    except OSError as error:
        raise cannot_keep(error) from None
    session.flush()
    return file


def store_whole(session: Session, file: File, content: IO[bytes]) -> None:
    """Complete a file whose bytes are all at hand, whatever of it came before.

    Raises CollectorError `unavailable` when the disk takes nothing, and `upload_checksum_differs` when they are not what was promised.
    """
    content.seek(0)
    try:
        complete_file(session, file, Follow(content, b""))
    except OSError as error:
        raise cannot_keep(error) from None
    if file.completed_at is None:
        raise CollectorError("upload_checksum_differs")


def cannot_keep(error: OSError) -> CollectorError:
    """What to say when the place of files takes nothing: the phone keeps the file and tries again later."""
    reason = errno.errorcode.get(error.errno or 0, "unknown")
    log.error("attachments cannot be written: %s", error.strerror if isinstance(error, ContentsAway) else reason)
    return CollectorError("unavailable")


class Follow:
    """Reads `first` to its end and then `last`; `head` is what came at the beginning."""

    def __init__(self, first: IO[bytes], last: bytes) -> None:
        self.parts = [first, io.BytesIO(last)]
        self.head = b""

    def read(self, size_bytes: int) -> bytes:
        """The next bytes."""
        found = self.parts[0].read(size_bytes)
        if len(found) < size_bytes:
            found += self.parts[1].read(size_bytes - len(found))
        self.head = self.head or found[:HEAD_BYTES]
        return found


def complete_file(session: Session, file: File, whole: Follow, *, is_kept: bool = False) -> None:
    """Put the bytes, if they are those that were promised, in their place, and tell the response; else the file begins again at 0.

    `is_kept`: they were there a moment ago, and the caller takes the pieces away once this is committed.
    """
    # Whoever erases these very bytes with another response must not do so between their arrival and the commit.
    lock_names(session, [file.sha256])
    has_pieces = file.offset_bytes > 0
    try:
        head = read_head(file.sha256) if is_kept else None
        if head is None:
            contents().keep_stream(FILES, file.sha256, cast(BinaryIO, whole))
            head = whole.head
    except (WrongContent, CannotOpenFile):
        # The phone sent something else, or a piece was lost or damaged here.
        file.offset_bytes = 0
        contents().drop_pieces(file.id)
        return
    file.offset_bytes = file.size_bytes
    file.detected_type = detect_type(head)
    file.completed_at = utc_now()
    session.flush()
    record_file(session, file)
    # Its lock is held before anybody asks which responses adopt the file, so that none is accepted unseen meanwhile.
    update_response(session, file.response_id)
    for response_id in adopt_file(session, file):
        update_response(session, response_id)
    if has_pieces and not is_kept:
        drop_pieces(file.id)


def drop_pieces(file_id: str) -> None:
    """Take away the pieces of a file that is whole. Those that cannot be taken away now go with all that nobody needs (leftovers.py)."""
    with suppress(OSError):
        contents().drop_pieces(file_id)


def read_head(sha256: str) -> bytes | None:
    """The first bytes of a file that is kept; None where it is not there any more, since another response of the same file was erased."""
    try:
        with contents().open(FILES, sha256) as content:
            return content.read(HEAD_BYTES)
    except FileNotFoundError:
        return None


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
