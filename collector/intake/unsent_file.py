"""Reading a file of unsent responses that a phone saved (docs/sync-protocol.md, Unsent file): record by record, in little memory."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import ijson  # type: ignore[import-untyped]
from flask_babel import lazy_gettext as _l

BLOCK_BYTES = 1024 * 1024
#: Bytes that the parser gets at a time. It begins a text anew with each: with small pieces, photos take it minutes.
PIECE_BYTES = 16 * 1024 * 1024
#: Bytes without a quotation mark that no such file has: a file in base64, and some room.
MAX_TEXT_BYTES = 64 * 1024 * 1024
#: What deeper values say is of no interest; they are passed over.
MAX_DEPTH = 6

#: Where something in a file stands: keys and numbers from 0, such as `("parts", 0, "responses", 2)`.
Path = tuple[str | int, ...]

#: Why a whole file is not taken in, and what to do.
FAULTS: dict[str, Any] = {
    "not_json": _l(
        "This is no file of unsent responses, or it was changed: it is not JSON. Save it again on the phone."
    ),
    "not_unsent": _l("This is no file of unsent responses. Choose one that a phone saved, “collector-unsent-….json”."),
    "version_unknown": _l("A newer Collector made this file. Update the server, then import it again."),
    "key_differs": _l(
        "This file was sealed for another Collector (key %(key_id)s; this one's is %(own_id)s). Import it there, or restore that "
        "server's sealing key here."
    ),
}


class FileFault(Exception):
    """A file that cannot be taken in at all: a code of FAULTS, and what its sentence names."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    @property
    def message(self) -> str:
        """The sentence for people, in the present language."""
        return str(FAULTS[self.code]) % self.details


class CutShort(Exception):
    """The JSON ends, or stops being JSON, before it is complete."""


@dataclass
class Head:
    """What a file says before its records. `authors` and `keys` by the number of the part, from 0; a key is base64."""

    version: int = 0
    key_id: str = ""
    authors: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """One response or file as it stands there. `part` and `number` from 0; `content` is a text or a file's parts, None for other things."""

    kind: str
    part: int
    number: int
    content: Any


def hash_stream(stream: IO[bytes]) -> str:
    """SHA-256 of all of `stream`, hex. Leaves it at its beginning."""
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(BLOCK_BYTES):
        digest.update(block)
    stream.seek(0)
    return digest.hexdigest()


def read_head(stream: IO[bytes]) -> Head:
    """Read all but the records. Of a file that was cut short, what there is. Raises FileFault."""
    head, is_unsent, is_whole = Head(), False, True
    stream.seek(0)
    try:
        for path, value in read_values(stream):
            match path:
                case ("collector",):
                    is_unsent = value == "unsent"
                case ("version",) if isinstance(value, int):
                    head.version = value
                case ("key_id",) if isinstance(value, str):
                    head.key_id = value
                case ("parts", int(part), "author") if isinstance(value, str):
                    head.authors[part] = value
                case ("parts", int(part), "key") if isinstance(value, str):
                    head.keys[part] = value
    except CutShort:
        is_whole = False
    if not is_unsent:
        raise FileFault("not_unsent" if is_whole else "not_json")
    if head.version not in (1, 2):
        raise FileFault("version_unknown" if is_whole or head.version else "not_json")
    return head


def read_records(stream: IO[bytes], version: int) -> Iterator[Record]:
    """The responses and files, in the order in which they stand there; in version 1 all are in part 0. Raises CutShort at the end."""
    parts: dict[str, Any] = {}
    part = 0
    stream.seek(0)
    for path, value in read_values(stream):
        if version == 2:
            if len(path) < 4 or path[0] != "parts" or not isinstance(path[1], int):
                continue
            part, path = path[1], path[2:]
        match path:
            case ("responses", int(number)):
                yield Record("response", part, number, value if isinstance(value, str) else None)
            case ("files", int(_number), str(name)):
                parts[name] = value
            case ("files", int(number)):
                yield Record("file", part, number, parts if value is END else None)
                parts = {}


class BoundedTexts:
    """A stream that raises CutShort before a text in it fills the memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.length = 0

    def read(self, size: int) -> bytes:
        """As a stream's; counts what came since the last quotation mark."""
        piece = self.stream.read(size)
        last = piece.rfind(b'"')
        self.length = self.length + len(piece) if last < 0 else len(piece) - last
        if self.length > MAX_TEXT_BYTES:
            raise CutShort
        return piece


#: Stands for the end of an object or list in what `read_values` gives.
END = object()


def read_values(stream: IO[bytes]) -> Iterator[tuple[Path, Any]]:
    """Every text, number, true, false and null with its path, and END with the path of each object or list that ends.

    Raises CutShort.
    """
    path: list[Any] = []
    depth = 0
    try:
        for kind, value in ijson.basic_parse(BoundedTexts(stream), buf_size=PIECE_BYTES):
            if kind == "map_key":
                if depth <= MAX_DEPTH:
                    path[-1] = value
                continue
            if kind in ("end_map", "end_array"):
                if depth <= MAX_DEPTH:
                    path.pop()
                    yield tuple(path), END
                depth -= 1
                continue
            if depth <= MAX_DEPTH and path and isinstance(path[-1], int):
                path[-1] += 1
            if kind in ("start_map", "start_array"):
                depth += 1
                if depth <= MAX_DEPTH:
                    path.append("" if kind == "start_map" else -1)
            elif depth <= MAX_DEPTH:
                yield tuple(path), value
    except (ijson.JSONError, ValueError):
        # ValueError: a number of more digits than Python reads, or what is no UTF-8.
        raise CutShort from None
