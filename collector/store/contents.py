"""The bytes of files beside workbooks: kept once in the data folder, whatever number of versions name them, under their SHA-256."""

import hashlib
import os
from pathlib import Path
from uuid import uuid4

from flask import current_app


def contents_folder() -> Path:
    """Folder of these files."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "form-files"
    return folder


def content_path(folder: Path, sha256: str) -> Path:
    """Where the content with that SHA-256 lies in the contents folder."""
    return folder / sha256[:2] / sha256


def keep_content(folder: Path, content: bytes) -> str:
    """Put `content` in its place, on the disk when this returns, and give its SHA-256. Raises OSError when the disk takes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = content_path(folder, sha256)
    if target.exists():
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whoever reads finds the whole file or none, and two who keep the same one do not meet.
    partial = target.with_name(f"{sha256}.{uuid4().hex}.part")
    try:
        with partial.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    for made in (target.parent, folder):
        descriptor = os.open(made, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return sha256
