"""How much room is left where the data lies, and the rule that follows from it: answers are taken to the last, files are not.

An answer has a few thousand bytes, a photo a thousand times as many. Below MIN_FREE_MB new files are refused for now, so that what is
left holds the answers of weeks.
"""

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy.engine import make_url

from collector.errors import CollectorError
from collector.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Room:
    """Bytes where the data lies: those that are free for us, all there are, and how many have to stay free."""

    free_bytes: int
    total_bytes: int
    least_bytes: int

    @property
    def is_low(self) -> bool:
        """Whether files have to wait."""
        return self.free_bytes < self.least_bytes


def folders(settings: Settings) -> list[Path]:
    """Where data lies on this machine: the data folder, and SQLite's; none where all is in PostgreSQL and an object store."""
    found = [] if settings.files_url and not settings.database_url.startswith("sqlite") else [settings.data_dir]
    name = make_url(settings.database_url).database
    if settings.database_url.startswith("sqlite") and name:
        found.append(Path(name).parent)
    return found


def measure(settings: Settings) -> Room:
    """The room there is, at the place that has least; what no data lies in is never low."""
    places = folders(settings)
    free_bytes, total_bytes = min(_usage(place) for place in places or [settings.data_dir])
    return Room(free_bytes, total_bytes, settings.min_free_bytes if places else 0)


def _usage(place: Path) -> tuple[int, int]:
    """Bytes that are free at a place, and all there are; none where it is gone."""
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return 0, 0
    return usage.free, usage.total


class Told:
    """Whether the log says already that files wait, in this process."""

    is_low = False


def require_room(size_bytes: int = 0) -> None:
    """Raise CollectorError `disk_nearly_full` where there is no room for files, or would be none after one of `size_bytes`."""
    room = measure(current_app.config["SETTINGS"])
    if room.is_low and not Told.is_low:
        log.error("the disk is nearly full: files are refused until there is room, answers are taken")
    if Told.is_low and not room.is_low:
        log.warning("there is room on the disk again: files are taken")
    Told.is_low = room.is_low
    if room.free_bytes - size_bytes < room.least_bytes:
        raise CollectorError("disk_nearly_full")


def is_writable(folder: Path) -> bool:
    """Whether a file can be written in `folder` now, and is on the disk then."""
    probe = folder / f".room-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(b"room" * 1024)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True
