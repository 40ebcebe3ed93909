"""Whether the installation in a SQLite database moves to another one, or has moved: nothing may be written into it any more then.

Beside the database lies a file, `NAME.moved`. Whoever moves it holds a lock on that file (flock(2)), so that an interrupted move holds
nobody up; once it has moved, the file says where to.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

#: How often the lock is asked for, and seconds between two tries.
LOCK_TRIES, LOCK_PAUSE_S = 20, 0.1


class MovedError(SQLAlchemyError):
    """Nothing can be written here: the installation has moved (`is_over`), or moves just now."""

    def __init__(self, place: str = "") -> None:
        said = (
            f"This installation has moved to {place}. Set DATABASE_URL to it."
            if place
            else "This installation moves just now."
        )
        super().__init__(said)
        self.is_over = bool(place)


def marker_path(engine: Engine) -> Path | None:
    """The file that says so; None for a database that no command moves."""
    name = engine.url.database
    return Path(f"{name}.moved") if engine.dialect.name == "sqlite" and name else None


def refuse_moved(engine: Engine) -> None:
    """Raise MovedError where the database is not to be written into. Costs next to nothing where it never moved."""
    path = marker_path(engine)
    if path is None or not path.exists():
        return
    with path.open() as marker:
        try:
            fcntl.flock(marker, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MovedError from None
        if place := marker.read().strip():
            raise MovedError(place)


@dataclass(frozen=True)
class Hold:
    """The one that may read and nobody write: its connection to the database, and the file beside that."""

    connection: Connection
    path: Path

    def tell_moved(self, place: str) -> None:
        """Say where it has moved to, on the disk when this returns. `place`: without a password."""
        with self.path.open("w") as file:
            file.write(f"{place}\n")
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


@contextmanager
def holding_writers(engine: Engine) -> Iterator[Hold]:
    """Let nobody write while the block runs: whoever comes is refused at once, whoever is at it is waited for.

    Raises MovedError if it has moved already or somebody else moves it, OperationalError if a writer does not end.
    """
    path = marker_path(engine)
    assert path is not None, "only SQLite is moved"
    with path.open("a+") as marker:
        _lock(marker)
        marker.seek(0)
        if place := marker.read().strip():
            raise MovedError(place)
        with engine.connect() as plain:
            connection = plain.execution_options(is_hold=True)
            with connection.begin() as transaction:
                yield Hold(connection, path)
                transaction.rollback()


def _lock(marker: IO[str]) -> None:
    """Lock the file. Raises MovedError where another one holds it; those who only look do so for a moment."""
    for _ in range(LOCK_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(LOCK_PAUSE_S)
    raise MovedError
