"""gunicorn's configuration: `gunicorn --config python:collector.serving wsgi:app`."""

import ctypes
import gc
import logging
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from collector import logs, metrics

log = logging.getLogger(__name__)

#: tcp(7): milliseconds for which what was sent may wait for its reader, and the kernel then gives the connection up.
TCP_USER_TIMEOUT, STALLED_MS = 18, 60_000
#: glibc's number for the most heaps that threads may have (mallopt(3), M_ARENA_MAX).
M_ARENA_MAX = -8

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WORKERS") or 2)
worker_class = "gthread"
# Pushes wait for their turn in some (collector/sync/pushes.py), long answers for their readers (collector/streams.py); a dozen are left.
threads = 40
# The app is made once and shared by the workers until they write, which saves memory; each opens its own database connections.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 15
# Addresses hold ids, not answers; there is no access log in any case, since it would say who was where and when.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL") or "warning"
# The server's own lines look like all others (LOG_FORMAT).
logconfig_dict = logs.config()
# Before anything is counted: the workers count together.
metrics.share()
metrics.slot.take()


def keep_memory_together() -> None:
    """Let a worker's threads share two heaps: with one each, what a large push needed once stays with every thread.

    Where the C library is not glibc, there is nothing to set.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 2)


keep_memory_together()


class Guard(Thread):
    """Begins a process beside the workers, and again should it be killed, until the server ends.

    A thread of the server's own process: a child is told of the end of the very thread that began it (prctl(2), PR_SET_PDEATHSIG).
    """

    def __init__(self, begin: Callable[[], int]) -> None:
        super().__init__(name="guard", daemon=True)
        self.begin = begin
        self.pids: list[int] = []
        self.is_over = Event()

    def run(self) -> None:
        """Look after it about once a second."""
        from collector.background import has_ended

        self.pids = [self.begin()]
        while not self.is_over.wait(1.0):
            if has_ended(self.pids[0]):
                log.error("the process that keeps the background work died and is begun again")
                self.pids = [self.begin()]

    def end(self) -> None:
        """End the process, and begin no other."""
        from collector.background import GRACE_S, stop

        self.is_over.set()
        self.join()
        stop(self.pids, 3 * GRACE_S)


#: Who looks after the background work (collector/background.py), while there is any.
guards: list[Guard] = []


def when_ready(server: Any) -> None:
    """Begin the background work, from the app as it is loaded, so that it costs little memory."""
    from collector.background import KEEPER, fork, keep_running
    from wsgi import app

    def keep() -> None:
        # A port that is listened on by somebody who never answers would keep the next server from it.
        for listener in server.LISTENERS:
            listener.close()
        keep_running(app)

    for listener in server.LISTENERS:
        # Connections have it from the port that they came in by. Ports of other kinds have no such setting.
        with suppress(OSError):
            listener.sock.setsockopt(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, STALLED_MS)

    # What is loaded is never collected: looking through it would copy the memory that processes share.
    gc.freeze()
    if sys.platform == "linux":
        guards.append(Guard(lambda: fork(app, KEEPER, keep)))
        guards[-1].start()


def on_exit(_server: object) -> None:
    """End the background work; what it was at is given back, and taken up when the server runs again."""
    for guard in guards:
        guard.end()
    guards.clear()
    metrics.unshare()


def post_fork(server: object, worker: object) -> None:
    """Let a new worker open its own connections: those of the parent must not be shared."""
    from collector.store.session import dispose
    from wsgi import app

    metrics.slot.take()
    app.extensions["collector_worker"] = worker

    dispose(app, close=False)
