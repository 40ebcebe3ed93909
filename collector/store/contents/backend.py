"""What a place for files has to do, whichever it is: it knows paths and bytes, and neither what they are for nor that they are sealed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, NamedTuple, Protocol


class ContentsAway(OSError):
    """The place of files does not answer, or refuses. The message says what it said, and nothing of any content."""


class Stored(NamedTuple):
    """A file as it lies there."""

    path: str
    #: When it was put there.
    kept_at: datetime
    size_bytes: int


class Backend(Protocol):
    """A place for files. Paths have `/` between their parts. Each call raises OSError where the place does not do it."""

    def writing(self, path: str, *, is_durable: bool = True) -> AbstractContextManager[BinaryIO]:
        """A file to be written. When the block ends well it lies under `path`, whole and durable; otherwise nothing has changed.

        `is_durable`: False for what may be lost with the machine's power.
        """

    def open(self, path: str) -> BinaryIO:
        """The file under `path`, to be read anywhere in it. Raises FileNotFoundError."""

    def size(self, path: str) -> int | None:
        """Bytes of the file under `path` as it lies there; None where there is none."""

    def remove(self, path: str) -> None:
        """Take the file under `path` away; no error where there is none."""

    def remove_below(self, folder: str) -> None:
        """Take away everything under `folder`."""

    def walk(self, folder: str) -> Iterator[Stored]:
        """The files under `folder`, however deep."""

    def drop_leftovers(self, folder: str, before: datetime) -> None:
        """Take away what processes that died had left half written under `folder` by that moment."""
