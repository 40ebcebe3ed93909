"""Files between the steps of an import: shown first, applied after somebody has looked. Kept under their SHA-256 for a day at most."""

import errno
import hashlib
import logging
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

from flask import current_app

from collector.errors import CollectorError
from collector.store.contents import content_path, keep_content

log = logging.getLogger(__name__)

#: Seconds for which an upload waits to be applied: lists of doors are personal data, and stay no longer than they must.
LIFETIME_S = 24 * 3600
BLOCK_BYTES = 1024 * 1024


def uploads_folder() -> Path:
    """Folder of uploads that wait."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "uploads"
    return folder


def keep_upload(content: bytes) -> str:
    """Keep an upload until it is applied; gives its SHA-256. Uploads that have waited for too long go."""
    _drop_old()
    return keep_content(uploads_folder(), content)


def keep_upload_stream(stream: IO[bytes]) -> str:
    """Keep a large upload, some at a time; gives its SHA-256. Raises CollectorError `unavailable` where the disk takes nothing."""
    _drop_old()
    folder = uploads_folder()
    digest = hashlib.sha256()
    partial = folder / f"{uuid4().hex}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as file:
            while block := stream.read(BLOCK_BYTES):
                digest.update(block)
                file.write(block)
        target = content_path(folder, digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(target)
    except OSError as error:
        log.error("an upload cannot be kept: %s", errno.errorcode.get(error.errno or 0, "unknown"))
        raise CollectorError("unavailable") from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return digest.hexdigest()


def upload_path(sha256: str) -> Path:
    """Where an upload that waits lies. Raises CollectorError `upload_gone`, as read_upload does."""
    _drop_old()
    path = content_path(uploads_folder(), sha256)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not path.exists():
        raise CollectorError("upload_gone")
    return path


def read_upload(sha256: str) -> bytes:
    """The content of an upload that waits. Raises CollectorError `upload_gone`, also when it was applied or has waited for too long."""
    _drop_old()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise CollectorError("upload_gone")
    try:
        return content_path(uploads_folder(), sha256).read_bytes()
    except FileNotFoundError:
        raise CollectorError("upload_gone") from None


def drop_upload(sha256: str) -> None:
    """Forget an upload that was applied."""
    content_path(uploads_folder(), sha256).unlink(missing_ok=True)


def _drop_old() -> None:
    for path in (*uploads_folder().glob("*/*"), *uploads_folder().glob("*.part")):
        # Another request may be dropping the same one.
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LIFETIME_S:
                path.unlink()
