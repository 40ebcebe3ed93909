"""The near end of the process in which V8 runs the form engine (engine_process.py), and the lock that threads take it by."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections import deque
from pathlib import Path

from collector.questionnaires.engine_process import ASK, SAID, receive

log = logging.getLogger(__name__)

_PROCESS = Path(__file__).with_name("engine_process.py")
#: All that the process learns of our environment: where its libraries are. Passwords are in the rest.
PASSED_ON = ("LD_LIBRARY_PATH", "PATH", "SYSTEMROOT")
#: How much longer than its CPU time a script may take by the wall clock, on a machine that has much else to do.
PATIENCE = 10
#: Seconds after which a process that was left is killed; it ends by itself when the pipe is closed.
LEAVE_S = 1.0


class ScriptError(Exception):
    """A script that threw. `kind`: the name of the error, such as `TypeError`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class ProcessDied(Exception):
    """The process ended while it ran a script. `is_late`: since the script took longer than it may."""

    def __init__(self, is_late: bool) -> None:
        super().__init__()
        self.is_late = is_late


class EngineProcess:
    """One such process. It ends with this object, with our process, or when it is killed.

    Not to be used by two threads at once; a process that was forked from ours has to `forget` it.
    """

    def __init__(self) -> None:
        """Raises OSError where the system begins no process."""
        self._near, far = socket.socketpair()
        with far:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_PROCESS)],
                stdin=far.fileno(),
                # When it is out of memory V8 prints where it was, which may name what was answered.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                cwd="/",
            )
        self._finalizer = weakref.finalize(self, _leave, self._near, self._process)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Tell whether it died meanwhile."""
        return self._process.poll() is not None

    def run(self, script: str, seconds: float) -> str:
        """Run a script and give the string that it gives.

        Raises: ScriptError, ProcessDied where it took more than `seconds` of CPU or ended the process otherwise; the process is gone then.
        """
        body = script.encode()
        is_late = False
        try:
            self._near.settimeout(seconds * PATIENCE)
            self._near.sendall(ASK.pack(seconds, len(body)) + body)
            has_failed, size = SAID.unpack(receive(self._near, SAID.size))
            said = receive(self._near, size).decode()
        except TimeoutError:
            is_late = True
        except (OSError, EOFError):
            pass
        except BaseException:
            # What it says to this script would be taken for the answer to the next.
            self._bury(is_late)
            raise
        else:
            if has_failed:
                raise ScriptError(said)
            return said
        raise ProcessDied(self._bury(is_late))

    def end(self) -> None:
        """End it."""
        self._finalizer()

    def forget(self) -> None:
        """Let go of it in a forked process, whose child it is not: while any process holds our end of the pipe, it does not end with us."""
        self._finalizer.detach()
        self._near.close()
        self._process.returncode = 0

    def _bury(self, is_late: bool) -> bool:
        """Take note of its end. Gives whether its time was over."""
        self._process.kill()
        status = self._process.wait()
        self._finalizer.detach()
        self._near.close()
        is_late = is_late or status == -signal.SIGPROF
        log.warning("the form engine's process ended (%s)", "its time was over" if is_late else f"status {status}")
        return is_late


def _leave(near: socket.socket, process: subprocess.Popen[bytes]) -> None:
    near.close()
    try:
        process.wait(LEAVE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class FairLock:
    """A lock that threads get in the order in which they came: who lets go and asks again waits behind the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        # Whoever lets go hands it on.
        mine.acquire()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
