"""What a forked process settles with its kernel (Linux, prctl(2)); elsewhere it has no name, and may outlive its parent."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15


def set_name(name: bytes) -> None:
    """Let `ps` show this process by `name`, at most 15 characters."""
    _prctl(PR_SET_NAME, name)


def end_with(parent: int, how: signal.Signals) -> None:
    """Have this process sent `how` when the thread of `parent` that forked it ends; leave at once where that has happened already."""
    _prctl(PR_SET_PDEATHSIG, int(how))
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, value: int | bytes) -> None:
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(option, value)
