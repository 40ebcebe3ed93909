"""Uploads between the steps of an import: there until applied, for a day at most."""

import io
import os
import time
from pathlib import Path

import pytest
from flask import Flask, current_app

from collector.errors import CollectorError
from collector.store.contents import Contents
from collector.store.contents.folder import Folder
from collector.uploads import (
    LIFETIME,
    drop_upload,
    keep_upload,
    keep_upload_stream,
    open_upload,
    read_upload,
)


def age(sha256: str) -> Path:
    """Make an upload older than uploads get; gives its file."""
    path: Path = current_app.config["SETTINGS"].data_dir / "uploads" / sha256[:2] / sha256
    before = time.time() - LIFETIME.total_seconds() - 60
    os.utime(path, (before, before))
    return path


def test_an_upload_is_there_until_it_is_dropped(app: Flask) -> None:
    with app.app_context():
        kept = keep_upload(b"doors")
        assert read_upload(kept) == b"doors"
        drop_upload(kept)
        with pytest.raises(CollectorError, match="upload_gone"):
            read_upload(kept)


def test_old_uploads_go_when_another_one_is_kept_or_read(app: Flask) -> None:
    """Lists of people do not wait for the next upload: looking at any of them is enough, and an old one is not given out."""
    with app.app_context():
        first = age(keep_upload(b"first"))
        fresh = keep_upload(b"fresh")
        assert not first.exists()
        second = keep_upload(b"second")
        path = age(second)
        assert read_upload(fresh) == b"fresh"
        assert not path.exists()
        third = keep_upload(b"third")
        age(third)
        with pytest.raises(CollectorError, match="upload_gone"):
            read_upload(third)


@pytest.mark.parametrize("name", ["", "x", "../../secret_key", "0" * 64, "A" * 64])
def test_only_uploads_are_read(app: Flask, name: str) -> None:
    with app.app_context(), pytest.raises(CollectorError, match="upload_gone"):
        read_upload(name)


def test_a_large_upload_is_kept_like_any_other(app: Flask) -> None:
    with app.app_context():
        kept = keep_upload_stream(io.BytesIO(b"tables" * 500_000))
        with open_upload(kept) as content:
            assert content.read() == b"tables" * 500_000
        assert kept == keep_upload(b"tables" * 500_000)
        age(kept)
        for gone in (kept, "../../etc/passwd", ""):
            with pytest.raises(CollectorError, match="upload_gone"):
                open_upload(gone)


def test_a_disk_that_takes_nothing_is_said_in_words(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here a file lies where the folder should be."""
    keys = app.extensions["collector_data_keys"]
    monkeypatch.setitem(app.extensions, "collector_contents", Contents(Folder(tmp_path), keys))
    (tmp_path / "uploads").write_bytes(b"")
    with app.app_context(), pytest.raises(CollectorError, match="unavailable"):
        keep_upload_stream(io.BytesIO(b"tables"))
