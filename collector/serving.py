"""gunicorn's configuration: `gunicorn --config python:collector.serving wsgi:app`."""

import os

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


def post_fork(server: object, worker: object) -> None:
    """Let a new worker open its own connections: those of the parent must not be shared."""
    from wsgi import app

    app.extensions["collector_engine"].dispose(close=False)
