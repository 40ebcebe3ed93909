"""gunicorn's configuration: `gunicorn --config python:collector.serving wsgi:app`."""

import ctypes
import os

#: glibc's number for the most heaps that threads may have (mallopt(3), M_ARENA_MAX).
M_ARENA_MAX = -8

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WORKERS") or 2)
worker_class = "gthread"
threads = 8
# The app is made once and shared by the workers until they write, which saves memory; each opens its own database connections.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 15
# Addresses hold ids, not answers; there is no access log in any case, since it would say who was where and when.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL") or "warning"


def keep_memory_together() -> None:
    """Let a worker's threads share two heaps: with one each, what a large push needed once stays with every thread.

    Where the C library is not glibc, there is nothing to set.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 2)


keep_memory_together()


def post_fork(server: object, worker: object) -> None:
    """Let a new worker open its own connections: those of the parent must not be shared."""
    from wsgi import app

    app.extensions["collector_engine"].dispose(close=False)
