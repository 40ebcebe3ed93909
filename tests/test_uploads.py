"""Uploads between the steps of an import: there until applied, for a day at most."""

import os
import time
from pathlib import Path

import pytest
from flask import Flask

from collector.errors import CollectorError
from collector.uploads import LIFETIME_S, drop_upload, keep_upload, read_upload, uploads_folder


def age(sha256: str) -> Path:
    """Make an upload older than uploads get; gives its file."""
    path = uploads_folder() / sha256[:2] / sha256
    before = time.time() - LIFETIME_S - 60
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
