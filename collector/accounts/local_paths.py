"""Where a form may send its sender back to: an address of this server, never somewhere else."""

import re

#: A path that browsers cannot read as another host: one slash, then neither a second slash nor a backslash.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def local_path(target: str | None, otherwise: str) -> str:
    """Give `target` if it is a path on this server, else `otherwise`."""
    return target if target and LOCAL_PATH.fullmatch(target) else otherwise
