"""Contents by their kind and name, sealed on their way to wherever they are kept and opened on their way back."""

import errno
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from flask import Flask, Response, current_app, request, send_file
from werkzeug.wsgi import FileWrapper

from collector.settings import Settings
from collector.store.contents.backend import Backend
from collector.store.contents.bucket_address import read_address
from collector.store.contents.folder import Folder, divide_older_uploads
from collector.store.data_keys import DataKeys
from collector.store.sealed_streams import CannotOpenFile, open_sealed, seal_stream

#: Kinds: attachments of responses, files beside workbooks, uploads between two steps, each under the SHA-256 of its bytes, hex;
#: finished files of exports under the id of their job.
FILES, FORM_FILES, UPLOADS, EXPORTS = "files", "form-files", "uploads", "exports"
BY_HASH = frozenset({FILES, FORM_FILES, UPLOADS})
#: Folder of attachments that have not arrived whole: below it, one for each upload with its pieces, called by offset and length.
PIECES = f"{FILES}/partial"
NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
#: Bytes that are sent at a time.
BLOCK_BYTES = 64 * 1024


class WrongContent(ValueError):
    """The bytes are not those that the name promises."""


class Contents:
    """What an installation keeps in files. What it raises is OSError where the place does not do it, wherever that is."""

    def __init__(self, backend: Backend, keys: DataKeys) -> None:
        self.backend = backend
        self.keys = keys

    def keep(self, kind: str, name: str, source: Path) -> None:
        """Take the file at `source` over: it lies here when this returns, durable, and there no more."""
        with source.open("rb") as plain:
            self.keep_stream(kind, name, plain)
        source.unlink()

    def keep_bytes(self, kind: str, content: bytes) -> str:
        """Keep `content` under its SHA-256, which is given. What is here already is not written again."""
        name = hashlib.sha256(content).hexdigest()
        if not self.has(kind, name):
            self.keep_stream(kind, name, io.BytesIO(content))
        return name

    def keep_stream(self, kind: str, name: str, plain: BinaryIO) -> None:
        """Keep what is left of `plain`, durable when this returns.

        Raises WrongContent where the name is no SHA-256 of it, as it has to be in all kinds but exports: nothing is kept then.
        """
        path = path_of(kind, name)
        hashed = Hashed(plain)
        with self.backend.writing(path) as target:
            seal_stream(cast(BinaryIO, hashed), target, self.keys.keys[0], path)
            if kind in BY_HASH and hashed.digest.hexdigest() != name:
                raise WrongContent("the bytes are not what their SHA-256 says")

    def open(self, kind: str, name: str) -> BinaryIO:
        """The content, for reading anywhere in it. Raises FileNotFoundError, and CannotOpenFile for one that is damaged."""
        return self._open(path_of(kind, name))

    def has(self, kind: str, name: str) -> bool:
        """Tell whether it is here."""
        try:
            return self.backend.size(path_of(kind, name)) is not None
        except FileNotFoundError:
            return False

    def size(self, kind: str, name: str) -> int | None:
        """Bytes of the content; None where it is not here."""
        try:
            with closing(self.open(kind, name)) as content:
                return content.seek(0, io.SEEK_END)
        except FileNotFoundError:
            return None

    def remove(self, kind: str, name: str) -> None:
        """Take it away; no error where it is gone."""
        with suppress(FileNotFoundError):
            self.backend.remove(path_of(kind, name))

    def names(self, kind: str) -> Iterator[tuple[str, datetime]]:
        """Name of each content of a kind, and when it was kept."""
        for path, kept_at, _size in self.backend.walk(kind):
            name = path.rpartition("/")[2]
            if NAME.fullmatch(name) and path == path_of(kind, name):
                yield name, kept_at

    def send(self, kind: str, name: str, mimetype: str, **options: Any) -> Response:
        """The content as an answer to the current request, or the part of it that is asked for. `options`: those of `send_file`.

        Raises FileNotFoundError. Nothing is read that is not sent, but for what a chunk holds besides.
        """
        content = self.open(kind, name)
        size_bytes = content.seek(0, io.SEEK_END)
        content.seek(0)
        etag = options.pop("etag", name)
        answer = send_file(content, mimetype, conditional=False, etag=etag, **options)
        # gunicorn's wrapper of files cannot be gone forward in: it would read all before the part that is asked for.
        answer.response = FileWrapper(content, BLOCK_BYTES)
        answer.content_length = size_bytes
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=size_bytes)
        return answer

    def append(self, upload_id: str, offset_bytes: int, piece: bytes) -> None:
        """Keep a piece of an upload. Should the machine lose it with its power, the whole shows it, and is sent anew."""
        path = f"{PIECES}/{checked(upload_id)}/{offset_bytes:012}-{len(piece)}"
        with self.backend.writing(path, is_durable=False) as target:
            seal_stream(io.BytesIO(piece), target, self.keys.keys[0], path)

    def joined(self, upload_id: str, size_bytes: int) -> BinaryIO:
        """The first `size_bytes` of an upload, or what of them is here in one row, for reading once from the beginning."""
        return cast(BinaryIO, io.BufferedReader(Joined(self, upload_id, size_bytes), BLOCK_BYTES))

    def pieces(self, upload_id: str) -> "list[Piece]":
        """The pieces of an upload that are here."""
        found = []
        for path, _kept_at, _size in self.backend.walk(f"{PIECES}/{checked(upload_id)}"):
            start, _, size_bytes = path.rpartition("/")[2].partition("-")
            if start.isdecimal() and size_bytes.isdecimal():
                found.append(Piece(path, int(start), int(start) + int(size_bytes)))
        return found

    def open_piece(self, piece: "Piece") -> BinaryIO:
        """A piece. Raises FileNotFoundError, and CannotOpenFile for one that is damaged."""
        return self._open(piece.path)

    def drop_pieces(self, upload_id: str) -> None:
        """Take the pieces of an upload away; no error where they are gone."""
        self.backend.remove_below(f"{PIECES}/{checked(upload_id)}")

    def piece_ids(self) -> Iterator[tuple[str, datetime]]:
        """The upload of each piece that is here, and when it was kept."""
        for path, kept_at, _size in self.backend.walk(PIECES):
            yield path.removeprefix(f"{PIECES}/").partition("/")[0], kept_at

    def drop_leftovers(self, before: datetime) -> None:
        """Take away what processes that died had left half written by that moment."""
        for kind in (FILES, FORM_FILES, UPLOADS, EXPORTS):
            self.backend.drop_leftovers(kind, before)

    def check(self) -> None:
        """Ask whether the place answers. Raises OSError where it does not."""
        self.backend.size(path_of(FILES, "0" * 64))

    def _open(self, path: str) -> BinaryIO:
        return open_sealed(self.backend.open(path), self.keys, path)


class Piece(NamedTuple):
    """A piece of an upload: where it lies, and from which byte of the whole to which it goes."""

    path: str
    start: int
    end: int


class Hashed:
    """Reads from `plain`, and hashes what was read."""

    def __init__(self, plain: BinaryIO) -> None:
        self.plain = plain
        self.digest = hashlib.sha256()

    def read(self, size_bytes: int) -> bytes:
        """The next bytes."""
        found = self.plain.read(size_bytes)
        self.digest.update(found)
        return found


class Joined(io.RawIOBase):
    """Reads the pieces of an upload in one row, as far as they go without a gap and at most `size_bytes`.

    Pieces may overlap: one that came again, since its sender heard nothing of it, may have had another length.
    """

    def __init__(self, contents: Contents, upload_id: str, size_bytes: int) -> None:
        self._contents = contents
        self._upload_id = upload_id
        self._pieces: list[Piece] | None = None
        self._size_bytes = size_bytes
        self._position = 0
        self._end = 0
        self._piece: BinaryIO | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, target: Any) -> int:
        """Fill `target` with what is there of one piece; 0 at the end."""
        if self._position == self._end and not self._next_piece():
            return 0
        assert self._piece is not None
        found = self._piece.read(min(len(target), self._end - self._position))
        if not found:
            raise CannotOpenFile("a piece of an upload is shorter than it was")
        target[: len(found)] = found
        self._position += len(found)
        return len(found)

    def close(self) -> None:
        """Close the piece that is open."""
        if self._piece is not None:
            self._piece.close()
        super().close()

    def _next_piece(self) -> bool:
        """Open the piece that leads furthest on from here; False where there is none."""
        if self._piece is not None:
            self._piece.close()
            self._piece = None
        if self._position >= self._size_bytes:
            return False
        if self._pieces is None:
            self._pieces = self._contents.pieces(self._upload_id)
        ahead = [piece for piece in self._pieces if piece.start <= self._position < piece.end]
        if not ahead:
            return False
        furthest = max(ahead, key=lambda piece: piece.end)
        self._piece = self._contents.open_piece(furthest)
        self._piece.seek(self._position - furthest.start)
        self._end = min(furthest.end, self._size_bytes)
        return True


def path_of(kind: str, name: str) -> str:
    """Where a content lies. Raises FileNotFoundError for what is no name: there is nothing."""
    checked(name)
    return f"{kind}/{name[:2]}/{name}" if kind in BY_HASH else f"{kind}/{name}"


def checked(name: str) -> str:
    """`name`, if it can be one: nothing in it leads elsewhere. Raises FileNotFoundError."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(errno.ENOENT, "nothing can have this name")
    return name


def open_contents(settings: Settings, keys: DataKeys) -> Contents:
    """The contents of the installation with these settings. Raises ValueError where FILES_URL cannot be read."""
    if not settings.files_url:
        divide_older_uploads(settings.data_dir / PIECES)
        return Contents(Folder(settings.data_dir), keys)
    address = read_address(settings.files_url)
    # The client takes 20 MB of memory, and is not needed where files lie in a folder.
    from collector.store.contents.bucket import Bucket

    return Contents(Bucket(address, settings.data_dir), keys)


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its contents, once it has its data keys. Raises ValueError as `open_contents` does."""
    app.extensions["collector_contents"] = open_contents(settings, app.extensions["collector_data_keys"])


def contents() -> Contents:
    """The contents of the current app."""
    found: Contents = current_app.extensions["collector_contents"]
    return found
