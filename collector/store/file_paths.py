"""Where the bytes of attachments lie in the data folder."""

from pathlib import Path

from flask import current_app

from collector.store.files import File


def files_folder() -> Path:
    """Folder of attachments."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "files"
    return folder


def stored_path(sha256: str) -> Path:
    """Where the complete file with that SHA-256 lies."""
    return files_folder() / sha256[:2] / sha256


def partial_path(file: File) -> Path:
    """Where the bytes of an upload lie until all are there."""
    return files_folder() / "partial" / file.id
