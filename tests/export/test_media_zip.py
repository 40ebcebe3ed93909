"""The zip file of photos and recordings, read back with zipfile and csv."""

import csv
import hashlib
import io
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.export.writers import media_zip
from collector.export.writers.media_names import MediaNames, question_of, row_key
from collector.export.writers.media_zip import MediaFile, write_media
from tests.export.sheets import ignore


def photo(
    folder: Path, response_id: str, path: str, name: str = "1700.jpg", content: bytes = b"\xff\xd8\xff"
) -> MediaFile:
    source = folder / hashlib.sha256(content).hexdigest()
    source.write_bytes(content)
    return MediaFile(response_id, path, name, source.name, len(content), partial(open_file, source))


def open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def read(path: Path) -> tuple[dict[str, bytes], list[dict[str, str]]]:
    """Content by name, and the list."""
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        content = {name: archive.read(name) for name in archive.namelist()}
    text = content.pop("files.csv").decode("utf-8-sig")
    return content, list(csv.DictReader(io.StringIO(text, newline="")))


def test_files_are_named_by_response_and_question_and_listed(tmp_path: Path) -> None:
    files = [
        photo(tmp_path, "r1", "/data/front", content=b"one"),
        photo(tmp_path, "r1", "/data/hh/members[2]/photo", "1701.PNG", b"two"),
        MediaFile("r2", "/data/front", "1702.jpg", "a" * 64, 123),
    ]
    write_media(files, tmp_path / "out.zip", ignore)
    content, rows = read(tmp_path / "out.zip")
    assert content == {"r1/front.jpg": b"one", "r1/hh.members-2.photo.png": b"two"}
    assert rows[1] == {
        "file": "r1/hh.members-2.photo.png",
        "response_id": "r1",
        "key": "r1/hh/members[2]",
        "question": "hh/members/photo",
        "name": "1701.PNG",
        "sha256": hashlib.sha256(b"two").hexdigest(),
        "size_bytes": "3",
        "state": "arrived",
    }
    assert rows[2] == {
        "file": "",
        "response_id": "r2",
        "key": "r2",
        "question": "front",
        "name": "1702.jpg",
        "sha256": "a" * 64,
        "size_bytes": "123",
        "state": "missing",
    }


def test_a_file_whose_bytes_are_gone_is_listed_as_missing(tmp_path: Path) -> None:
    write_media(
        [MediaFile("r1", "/data/p", "1.jpg", source=partial(open_file, tmp_path / "gone"))],
        tmp_path / "out.zip",
        ignore,
    )
    content, [row] = read(tmp_path / "out.zip")
    assert content == {}
    assert (row["state"], row["file"], row["size_bytes"]) == ("missing", "", "")


def test_photos_are_copied_as_they_are(tmp_path: Path) -> None:
    whole = b"x" * 3_000_000
    write_media([photo(tmp_path, "r1", "/data/p", content=whole)], tmp_path / "out.zip", ignore)
    with ZipFile(tmp_path / "out.zip") as archive:
        entry = archive.getinfo("r1/p.jpg")
        assert entry.compress_type == ZIP_STORED
        assert entry.extra == b""
        assert archive.read(entry) == whole


def test_files_that_need_zip64_open_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zipfile.ZIP64_LIMIT", 1000)
    monkeypatch.setattr("zipfile.ZIP_FILECOUNT_LIMIT", 5)
    files = [photo(tmp_path, f"r{number}", "/data/p", content=bytes([number]) * 900) for number in range(20)]
    write_media([*files, photo(tmp_path, "r20", "/data/p", content=b"y" * 5000)], tmp_path / "out.zip", ignore)
    monkeypatch.undo()
    content, _ = read(tmp_path / "out.zip")
    assert content["r20/p.jpg"] == b"y" * 5000
    assert len(content) == 21


def test_the_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    """None is asked for before the one ahead of it is in the zip file."""
    seen: list[int] = []

    def files() -> Iterator[MediaFile]:
        for number in range(5):
            assert len(seen) == number
            yield photo(tmp_path, f"r{number}", "/data/p")

    write_media(files(), tmp_path / "out.zip", seen.append)
    assert seen == [1] * 5


def test_the_same_files_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [photo(tmp_path, "r1", "/data/p"), MediaFile("r1", "/data/q", "2.jpg")]
    write_media(files, tmp_path / "one.zip", ignore)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    write_media(files, tmp_path / "two.zip", ignore)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_no_files_are_a_zip_with_an_empty_list(tmp_path: Path) -> None:
    write_media([], tmp_path / "out.zip", ignore)
    assert read(tmp_path / "out.zip") == ({}, [])
    with ZipFile(tmp_path / "out.zip") as archive:
        assert archive.read("files.csv").decode("utf-8-sig") == ",".join(media_zip.COLUMNS) + "\r\n"


def test_names_differ_and_can_be_unpacked_on_windows() -> None:
    names = MediaNames("r1")
    assert names.add("/data/photo", "1.jpg") == "r1/photo.jpg"
    assert names.add("/data/PHOTO", "2.jpg") == "r1/PHOTO-2.jpg"
    assert names.add("/data/photo-2", "3.jpg") == "r1/photo-2-2.jpg"
    assert names.add("/data/con", "4.jpg") == "r1/_con.jpg"
    assert names.add("/data/aux.x", "4.jpg") == "r1/_aux.x.jpg"
    assert names.add("/data/照片", "5.jpg") == "r1/照片.jpg"
    assert names.add("", "6") == "r1/file"


@given(st.lists(st.tuples(st.text(max_size=200), st.text(max_size=20)), max_size=10))
def test_names_are_legal_whatever_the_question_is_called(files: list[tuple[str, str]]) -> None:
    names = MediaNames("r1")
    made = [names.add(f"/data/{path}", name) for path, name in files]
    assert len({name.lower() for name in made}) == len(files)
    for name in made:
        folder, _, rest = name.partition("/")
        assert folder == "r1"
        assert rest and not set(rest) & set('<>:"/\\|?*')
        assert len(rest) <= 100
        assert rest[-1] not in ". "


def test_a_row_is_named_as_in_the_tables() -> None:
    assert row_key("r1", "/data/a/b[2]/c[10]/d/photo") == "r1/a/b[2]/c[10]"
    assert question_of("/data/a/b[2]/c[10]/d/photo") == "a/b/c/d/photo"
