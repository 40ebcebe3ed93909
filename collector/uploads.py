"""Files between the steps of an import: shown first, applied after somebody has looked. Kept under their SHA-256 for a day at most."""

import re
import time
from contextlib import suppress
from pathlib import Path

from flask import current_app

from collector.errors import CollectorError
from collector.store.contents import content_path, keep_content

#: Seconds for which an upload waits to be applied: lists of doors are personal data, and stay no longer than they must.
LIFETIME_S = 24 * 3600


def uploads_folder() -> Path:
    """Folder of uploads that wait."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "uploads"
    return folder


def keep_upload(content: bytes) -> str:
    """Keep an upload until it is applied; gives its SHA-256. Uploads that have waited for too long go."""
    _drop_old()
    return keep_content(uploads_folder(), content)


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
    for path in uploads_folder().glob("*/*"):
        # Another request may be dropping the same one.
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LIFETIME_S:
                path.unlink()
