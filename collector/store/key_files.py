"""Files of keys in the data folder: made once, whole, for their owner's eyes."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4


def keep_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of `path`, made on first use and readable by its owner only; on the disk when this returns.

    Written whole under another name and linked then: of several processes that start together one makes the key, and none of them
    reads half of it.
    """
    if path.exists():
        return path.read_bytes()
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
