"""The contents' contract, held by a folder and by a bucket of a real S3 server alike."""

import hashlib
import io
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, Response
from werkzeug.test import TestResponse

from collector.settings import load_settings
from collector.store.contents import (
    EXPORTS,
    FILES,
    FORM_FILES,
    UPLOADS,
    Contents,
    ContentsAway,
    WrongContent,
    open_contents,
)
from collector.store.contents.keeping import path_of
from collector.store.data_keys import DataKey, DataKeys
from collector.store.sealed_streams import CHUNK_BYTES, CannotOpenFile
from tests.s3 import BUCKET, S3Server

KEYS = DataKeys((DataKey(bytes(range(32))),))
PHOTO = b"\xff\xd8\xff photo " * 30_000


@dataclass(frozen=True)
class Kept:
    """Contents, and how a test gets at what lies there behind their back: by path, None for nothing."""

    contents: Contents
    read: Callable[[str], bytes]
    write: Callable[[str, bytes], object]
    paths: Callable[[], list[str]]


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Contents with nothing in them."""
    if request.param == "folder":
        return Kept(
            open_contents(load_settings({"DATA_DIR": str(tmp_path)}), KEYS),
            lambda path: (tmp_path / path).read_bytes(),
            lambda path, content: (tmp_path / path).write_bytes(content),
            lambda: [
                path.relative_to(tmp_path).as_posix()
                for kind in (FILES, FORM_FILES, UPLOADS, EXPORTS)
                for path in sorted((tmp_path / kind).rglob("*"))
                if path.is_file()
            ],
        )
    s3: S3Server = request.getfixturevalue("s3")
    prefix = uuid4().hex
    for name, value in s3.environ.items():
        monkeypatch.setenv(name, value)
    settings = load_settings({"DATA_DIR": str(tmp_path), "FILES_URL": s3.files_url(prefix)})
    return Kept(
        open_contents(settings, KEYS),
        lambda path: s3.read(f"{prefix}/{path}"),
        lambda path, content: s3.client().put_object(Bucket=BUCKET, Key=f"{prefix}/{path}", Body=content),
        lambda: s3.keys(prefix),
    )


@pytest.fixture
def contents(kept: Kept) -> Contents:
    return kept.contents


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read(contents: Contents, kind: str, name: str) -> bytes:
    with contents.open(kind, name) as content:
        return content.read()


def test_a_file_is_taken_over_and_given_back(contents: Contents, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(PHOTO)
    contents.keep(FILES, sha256(PHOTO), source)
    assert not source.exists()
    assert read(contents, FILES, sha256(PHOTO)) == PHOTO
    assert contents.has(FILES, sha256(PHOTO)) and contents.size(FILES, sha256(PHOTO)) == len(PHOTO)
    assert not contents.has(FORM_FILES, sha256(PHOTO))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 500_000])
def test_bytes_of_any_length_are_kept_under_their_sha256(contents: Contents, size: int) -> None:
    content = os.urandom(size)
    name = contents.keep_bytes(FORM_FILES, content)
    assert name == sha256(content) == contents.keep_bytes(FORM_FILES, content)
    assert read(contents, FORM_FILES, name) == content and contents.size(FORM_FILES, name) == size


def test_an_export_is_kept_under_the_id_of_its_job_and_replaced(contents: Contents, kept: Kept) -> None:
    job_id = str(uuid4())
    for content in (b"first", b"second"):
        contents.keep_stream(EXPORTS, job_id, io.BytesIO(content))
        assert read(contents, EXPORTS, job_id) == content
    assert kept.paths() == [f"exports/{job_id}"]
    assert [name for name, _kept_at in contents.names(EXPORTS)] == [job_id]


def test_a_file_of_many_megabytes(contents: Contents, tmp_path: Path) -> None:
    """Sent to a bucket in several parts."""
    block = os.urandom(1 << 20)
    with (tmp_path / "large").open("wb") as file:
        for number in range(40):
            file.write(block[number:] + block[:number])
    contents.keep(EXPORTS, "large", tmp_path / "large")
    with contents.open(EXPORTS, "large") as content:
        assert all(content.read(1 << 20) == block[number:] + block[:number] for number in range(40))
        assert content.read(1) == b""
        content.seek(30 * (1 << 20) + 7)
        assert content.read(100) == (block[30:] + block[:30])[7:107]


def test_bytes_that_are_not_what_the_name_promises_are_not_kept(contents: Contents, kept: Kept) -> None:
    with pytest.raises(WrongContent):
        contents.keep_stream(FILES, sha256(b"promised"), io.BytesIO(b"sent"))
    assert kept.paths() == []


def test_a_source_that_breaks_off_leaves_nothing(contents: Contents, kept: Kept) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        contents.keep_stream(EXPORTS, "broken", Broken())
    assert kept.paths() == []


def test_nothing_that_lies_there_shows_what_it_is(contents: Contents, kept: Kept) -> None:
    words = b"The household at number 7 has five members. " * 10
    contents.keep_bytes(FILES, words)
    contents.append("upload", 0, words)
    assert len(kept.paths()) == 2
    assert all(b"household" not in kept.read(path) for path in kept.paths())


def test_attachments_lie_where_they_always_did(contents: Contents, kept: Kept) -> None:
    name = contents.keep_bytes(FILES, b"x")
    assert kept.paths() == [f"files/{name[:2]}/{name}"]


def test_what_was_kept_before_it_was_sealed_is_read(contents: Contents, kept: Kept) -> None:
    contents.keep_bytes(FILES, b"plain")
    kept.write(path_of(FILES, sha256(b"plain")), b"plain")
    assert read(contents, FILES, sha256(b"plain")) == b"plain"
    assert contents.size(FILES, sha256(b"plain")) == 5


def test_damage_is_noticed(contents: Contents, kept: Kept) -> None:
    name = contents.keep_bytes(FILES, PHOTO)
    path = path_of(FILES, name)
    whole = kept.read(path)
    for damaged in (whole[:-1], whole[:-1] + b"\0", whole[:40]):
        kept.write(path, damaged)
        with pytest.raises(CannotOpenFile):
            read(contents, FILES, name)


def test_a_file_does_not_stand_in_for_another(contents: Contents, kept: Kept) -> None:
    for job_id in ("mine", "yours"):
        contents.keep_stream(EXPORTS, job_id, io.BytesIO(job_id.encode()))
    kept.write("exports/mine", kept.read("exports/yours"))
    with pytest.raises(CannotOpenFile):
        read(contents, EXPORTS, "mine")


@pytest.mark.parametrize("name", ["0" * 64, "", ".", "..", "../../secret_key", "a/b", "x" * 200, "é", "a\0b"])
def test_what_is_not_there_is_not_found(contents: Contents, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        contents.open(FILES, name)
    assert not contents.has(FILES, name) and contents.size(FILES, name) is None
    contents.remove(FILES, name)


def test_what_is_removed_is_gone(contents: Contents) -> None:
    name = contents.keep_bytes(UPLOADS, b"table")
    contents.remove(UPLOADS, name)
    assert not contents.has(UPLOADS, name)
    contents.remove(UPLOADS, name)


def test_names_and_when_they_were_kept(contents: Contents) -> None:
    assert list(contents.names(UPLOADS)) == []
    began_at = datetime.now(UTC) - timedelta(seconds=5)
    names = {contents.keep_bytes(UPLOADS, bytes([number])) for number in range(5)}
    contents.append("upload", 0, b"piece")
    contents.keep_bytes(FILES, b"file")
    found = dict(contents.names(UPLOADS))
    assert set(found) == names
    assert all(began_at < kept_at < datetime.now(UTC) + timedelta(seconds=5) for kept_at in found.values())
    assert [name for name, _kept_at in contents.names(FILES)] == [sha256(b"file")]


# Uploads in pieces


def joined(contents: Contents, upload_id: str, size: int) -> bytes:
    with contents.joined(upload_id, size) as content:
        return content.read()


def test_pieces_become_one(contents: Contents) -> None:
    for offset, piece in ((0, b"a" * 100_000), (100_000, b"b" * 5), (100_005, b"c")):
        contents.append("upload", offset, piece)
        assert joined(contents, "upload", offset + len(piece)).endswith(piece)
    assert joined(contents, "upload", 100_006) == b"a" * 100_000 + b"bbbbbc"
    assert {upload_id for upload_id, _kept_at in contents.piece_ids()} == {"upload"}
    contents.drop_pieces("upload")
    assert list(contents.piece_ids()) == [] and joined(contents, "upload", 5) == b""
    contents.drop_pieces("upload")


def test_pieces_that_came_again_in_other_lengths_are_one(contents: Contents) -> None:
    """A phone that hears nothing sends again, in smaller pieces; what it sent first may have arrived as well."""
    contents.append("upload", 0, b"abc")
    contents.append("upload", 3, b"defgh")
    contents.append("upload", 3, b"de")
    contents.append("upload", 5, b"fg")
    contents.append("upload", 7, b"hijk")
    contents.append("upload", 0, b"ab")
    for size in range(12):
        assert joined(contents, "upload", size) == b"abcdefghijk"[:size]


def test_a_piece_that_was_lost_ends_it(contents: Contents) -> None:
    contents.append("upload", 0, b"abc")
    contents.append("upload", 5, b"fg")
    assert joined(contents, "upload", 7) == b"abc"


def test_a_piece_that_was_cut_off_is_noticed(contents: Contents, kept: Kept) -> None:
    """As when the machine lost its power before it was on the disk."""
    contents.append("upload", 0, b"abc")
    [path] = kept.paths()
    for left in (0, 20, 40):
        kept.write(path, kept.read(path)[:left])
        with pytest.raises(CannotOpenFile):
            joined(contents, "upload", 3)


def test_what_was_left_half_written_goes_and_the_rest_stays(contents: Contents) -> None:
    name = contents.keep_bytes(FILES, PHOTO)
    contents.append("upload", 0, b"piece")
    contents.drop_leftovers(datetime.now(UTC) + timedelta(days=1))
    assert read(contents, FILES, name) == PHOTO and joined(contents, "upload", 5) == b"piece"


def test_it_answers(contents: Contents) -> None:
    contents.check()


# As an answer


@pytest.fixture
def get(contents: Contents) -> Callable[..., TestResponse]:
    """`get(**headers)`: ask for PHOTO, which is kept, over HTTP."""
    name = contents.keep_bytes(FILES, PHOTO)
    app = Flask(__name__)

    @app.get("/")
    def answer() -> Response:
        return contents.send(FILES, name, "image/jpeg", as_attachment=True, download_name="照片.jpg")

    return lambda **headers: app.test_client().get("/", headers=headers)


def test_it_is_sent_whole(get: Callable[..., TestResponse]) -> None:
    answer = get()
    assert (answer.status_code, answer.data) == (200, PHOTO)
    assert answer.headers["Content-Length"] == str(len(PHOTO))
    assert answer.headers["Accept-Ranges"] == "bytes" and answer.headers["Content-Type"] == "image/jpeg"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["ETag"] == f'"{sha256(PHOTO)}"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=65530-65545", 65530, 65546),
        ("bytes=200000-", 200_000, len(PHOTO)),
        ("bytes=-10", len(PHOTO) - 10, len(PHOTO)),
        (f"bytes=1000-{len(PHOTO) * 2}", 1000, len(PHOTO)),
    ],
)
def test_a_part_is_sent(get: Callable[..., TestResponse], asked: str, start: int, end: int) -> None:
    answer = get(Range=asked)
    assert (answer.status_code, answer.data) == (206, PHOTO[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(PHOTO)}"
    assert answer.headers["Content-Length"] == str(end - start)


def test_who_has_it_is_told_so(get: Callable[..., TestResponse]) -> None:
    tag = get().headers["ETag"]
    assert get(**{"If-None-Match": tag}).status_code == 304
    assert get(**{"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200
    assert get(Range=f"bytes={len(PHOTO)}-").status_code == 416


# What a folder has of its own


def test_files_are_the_servers_own(tmp_path: Path) -> None:
    contents = open_contents(load_settings({"DATA_DIR": str(tmp_path)}), KEYS)
    name = contents.keep_bytes(FILES, PHOTO)
    for path in (tmp_path / "files", tmp_path / "files" / name[:2], tmp_path / "files" / name[:2] / name):
        assert path.stat().st_mode & 0o077 == 0


def test_a_file_whose_writer_was_killed_is_cleared_away_after_its_time(tmp_path: Path) -> None:
    contents = open_contents(load_settings({"DATA_DIR": str(tmp_path)}), KEYS)
    name = contents.keep_bytes(FILES, PHOTO)
    left = tmp_path / "files" / "unfinished" / "left"
    left.write_bytes(b"half")
    assert [found for found, _kept_at in contents.names(FILES)] == [name] and list(contents.piece_ids()) == []
    contents.drop_leftovers(datetime.now(UTC) - timedelta(days=1))
    assert left.exists()
    contents.drop_leftovers(datetime.now(UTC) + timedelta(days=1))
    assert not left.exists() and contents.has(FILES, name)


def test_a_folder_that_goes_while_it_is_listed_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone ends its upload while `collector verify` looks."""
    contents = open_contents(load_settings({"DATA_DIR": str(tmp_path)}), KEYS)
    contents.append("one", 0, b"a")
    contents.append("two", 0, b"b")
    scandir = os.scandir

    def late(folder: Path | int) -> Any:
        if isinstance(folder, Path) and folder.name == "one":
            contents.drop_pieces("one")
        return scandir(folder)

    monkeypatch.setattr("collector.store.contents.folder.os.scandir", late)
    assert [upload_id for upload_id, _kept_at in contents.piece_ids()] == ["two"]


def test_an_upload_begun_with_an_older_collector_goes_on(tmp_path: Path) -> None:
    """It kept each in one file."""
    (tmp_path / "files" / "partial").mkdir(parents=True)
    (tmp_path / "files" / "partial" / "upload").write_bytes(b"abc")
    for _start in range(2):
        contents = open_contents(load_settings({"DATA_DIR": str(tmp_path)}), KEYS)
    contents.append("upload", 3, b"de")
    assert joined(contents, "upload", 5) == b"abcde"


# What a bucket has of its own


@pytest.fixture
def own_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[S3Server, Contents]]:
    """A store that the test may stop, and contents in it."""
    from tests.s3 import running_s3
    from tests.servers import free_port

    with running_s3(tmp_path / "s3", free_port()) as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        settings = load_settings({"DATA_DIR": str(tmp_path), "FILES_URL": server.files_url("district")})
        yield server, open_contents(settings, KEYS)


def test_a_store_that_is_away_is_told_and_loses_nothing(own_s3: tuple[S3Server, Contents]) -> None:
    server, contents = own_s3
    name = contents.keep_bytes(FILES, PHOTO)
    server.stop()
    for call in (
        contents.check,
        lambda: contents.has(FILES, name),
        lambda: contents.open(FILES, name),
        lambda: contents.keep_bytes(FILES, b"new"),
        lambda: contents.append("upload", 0, b"new"),
        lambda: contents.remove(FILES, name),
        lambda: list(contents.names(FILES)),
    ):
        with pytest.raises(ContentsAway, match="does not answer"):
            call()
    server.start()
    assert read(contents, FILES, name) == PHOTO
    assert [found for found, _kept_at in contents.names(FILES)] == [name]


def test_a_store_that_refuses_is_told(own_s3: tuple[S3Server, Contents], monkeypatch: pytest.MonkeyPatch) -> None:
    server, contents = own_s3
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(ContentsAway, match="says"):
        contents.keep_bytes(FILES, b"new")
    with pytest.raises(ContentsAway):
        contents.check()
    assert server.keys("district") == []


def test_a_store_that_hangs_holds_up_only_some_of_those_who_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other threads of a server go on taking answers."""
    from collector.store.contents.bucket import AT_ONCE

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "some")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "thing")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"s3://bucket/district?endpoint=http://127.0.0.1:{silent.getsockname()[1]}"
        contents = open_contents(load_settings({"DATA_DIR": str(tmp_path), "FILES_URL": address}), KEYS)
        said: Queue[str] = Queue()

        def ask() -> None:
            try:
                contents.has(FILES, "0" * 64)
            except ContentsAway as error:
                said.put(str(error))

        threads = [Thread(target=ask, daemon=True) for _ in range(2 * AT_ONCE)]
        for thread in threads:
            thread.start()
        first = [said.get(timeout=60) for _ in range(AT_ONCE)]
        assert all("enough wait" in text for text in first)
        assert sum(thread.is_alive() for thread in threads) >= AT_ONCE
    for thread in threads:
        thread.join(120)
    assert all("does not answer" in said.get(timeout=60) for _ in range(AT_ONCE))
    with pytest.raises(ContentsAway, match="does not answer"):
        contents.check()


def test_a_file_that_is_sealed_anew_while_somebody_reads_it_is_read_to_its_end(contents: Contents) -> None:
    """`collector keys reseal`, or a phone that sends the same photo, while a backup copies it."""
    content = bytes(range(256)) * 4096
    name = contents.keep_bytes(FILES, content)
    with contents.open(FILES, name) as reader:
        begun = reader.read(1000)
        # A store tells times in whole seconds.
        time.sleep(1.1)
        contents.keep_stream(FILES, name, io.BytesIO(content))
        assert begun + reader.read() == content


def test_a_part_is_fetched_without_the_rest(s3: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from collector.store.contents.bucket import FIRST_WINDOW_BYTES, Bucket, Window

    for name, value in s3.environ.items():
        monkeypatch.setenv(name, value)
    prefix = uuid4().hex
    contents = open_contents(load_settings({"DATA_DIR": str(tmp_path), "FILES_URL": s3.files_url(prefix)}), KEYS)
    contents.keep_stream(EXPORTS, "large", io.BytesIO(bytes(8 << 20)))
    fetched = 0
    fetch = Bucket.fetch

    def counted(self: Bucket, path: str, start: int, size_bytes: int) -> Window:
        nonlocal fetched
        found = fetch(self, path, start, size_bytes)
        fetched += len(found[0])
        return found

    monkeypatch.setattr(Bucket, "fetch", counted)
    with contents.open(EXPORTS, "large") as content:
        content.seek(5 << 20)
        assert content.read(100) == bytes(100)
    assert fetched <= 3 * FIRST_WINDOW_BYTES
