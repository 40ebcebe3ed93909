"""Files between the steps of an import: shown first, applied after somebody has looked. Kept under their SHA-256 for a day at most."""

import hashlib
import logging
from datetime import timedelta
from typing import IO, BinaryIO, cast

from collector.disk import require_room
from collector.errors import CollectorError
from collector.store import utc_now
from collector.store.contents import UPLOADS, contents

log = logging.getLogger(__name__)

#: For how long an upload waits to be applied: lists of doors are personal data, and stay no longer than they must.
LIFETIME = timedelta(days=1)
BLOCK_BYTES = 1024 * 1024


def keep_upload(content: bytes) -> str:
    """Keep an upload until it is applied; gives its SHA-256. Uploads that have waited for too long go. Raises as `require_room`."""
    require_room(len(content))
    drop_old()
    return contents().keep_bytes(UPLOADS, content)


def keep_upload_stream(stream: IO[bytes]) -> str:
    """Keep a large upload, some at a time; gives its SHA-256. Raises CollectorError `unavailable` where the disk takes nothing."""
    require_room()
    digest = hashlib.sha256()
    while block := stream.read(BLOCK_BYTES):
        digest.update(block)
    stream.seek(0)
    try:
        drop_old()
        contents().keep_stream(UPLOADS, digest.hexdigest(), cast(BinaryIO, stream))
    except OSError as error:
        log.error("an upload cannot be kept: %s", error.strerror)
        raise CollectorError("unavailable") from None
    return digest.hexdigest()


def open_upload(sha256: str) -> BinaryIO:
    """An upload that waits. Raises CollectorError `upload_gone`, also when it was applied or has waited for too long."""
    drop_old()
    try:
        return contents().open(UPLOADS, sha256)
    except FileNotFoundError:
        raise CollectorError("upload_gone") from None


def read_upload(sha256: str) -> bytes:
    """The content of an upload that waits. Raises CollectorError `upload_gone`, as open_upload does."""
    with open_upload(sha256) as content:
        return content.read()


def drop_upload(sha256: str) -> None:
    """Forget an upload that was applied."""
    contents().remove(UPLOADS, sha256)


def drop_old() -> None:
    """Forget uploads that have waited for too long."""
    until = utc_now() - LIFETIME
    for sha256, kept_at in contents().names(UPLOADS):
        if kept_at < until:
            drop_upload(sha256)
