"""Each count of a nonce is taken once, by whichever worker: somebody who listens gains nothing by sending a request again.

What was used is kept as empty files in the data folder, which all workers share, for as long as a nonce counts (RFC 7616, section 5.5).
"""

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path

from collector.errors import CollectorError
from collector.openrosa.challenges import NONCE_SECONDS


def use_once(folder: Path, nonce: str, count: str, made_at: datetime) -> bool:
    """Note that `count` of `nonce` is used; tells whether it was new. Raises CollectorError `unavailable` where the disk takes nothing."""
    period = int(made_at.timestamp()) // NONCE_SECONDS
    name = hashlib.sha256(f"{nonce} {count}".encode()).hexdigest()
    try:
        kept = folder / str(period)
        kept.mkdir(parents=True, exist_ok=True)
        os.close(os.open(kept / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    except OSError:
        raise CollectorError("unavailable") from None
    _forget_before(folder, period - 1)
    return True


def _forget_before(folder: Path, period: int) -> None:
    """Take away what belongs to nonces that count no longer."""
    for kept in folder.iterdir():
        if kept.name.isdigit() and int(kept.name) < period:
            shutil.rmtree(kept, ignore_errors=True)
