"""A folder of backups, each under its time, so that one line of cron is enough."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

#: Whole backups, those that lack something, and drafts of runs that were killed.
WHOLE = re.compile(r"collector-\d{8}-\d{6}Z\.backup")
FAULTY = re.compile(r"collector-\d{8}-\d{6}Z\.faulty\.backup")
DRAFT = re.compile(r"\.collector-\d{8}-\d{6}Z\.backup\.\d+\.part")
#: Seconds after which nobody works on a draft any more.
DRAFT_LIFETIME_S = 2 * 24 * 3600


def choose_name(folder: Path, now: datetime) -> Path:
    """Where the backup of this moment goes in `folder`."""
    return folder / f"collector-{now.astimezone(UTC):%Y%m%d-%H%M%S}Z.backup"


def prune(folder: Path, keep: int, *, is_whole: bool) -> None:
    """Drop the oldest backups of `folder` beyond `keep`, of those that are like the one just made: whole, or lacking something.

    So a run that lacked something never drops a whole one.
    """
    pattern = WHOLE if is_whole else FAULTY
    made = sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))
    for path in made[:-keep]:
        path.unlink(missing_ok=True)
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if DRAFT.fullmatch(path.name) and time.time() - path.stat().st_mtime > DRAFT_LIFETIME_S:
                path.unlink()
