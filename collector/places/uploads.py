"""Files between the steps of an import: shown first, applied after somebody has looked. Kept under their SHA-256 for a day at most."""

import re
import time
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
    folder = uploads_folder()
    for path in folder.glob("*/*"):
        if time.time() - path.stat().st_mtime > LIFETIME_S:
            path.unlink(missing_ok=True)
    return keep_content(folder, content)


def read_upload(sha256: str) -> bytes:
    """The content of an upload that waits. Raises CollectorError `upload_gone`."""
    path = content_path(uploads_folder(), sha256)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not path.is_file():
        raise CollectorError("upload_gone")
    return path.read_bytes()


def drop_upload(sha256: str) -> None:
    """Forget an upload that was applied."""
    content_path(uploads_folder(), sha256).unlink(missing_ok=True)
