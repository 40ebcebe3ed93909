"""The log: a line an event on the error stream, as JSON for programs or as text for people. `docs/running.md` lists the fields.

No line says who asked, from where, for what address or with what answers: of a request only the endpoint, the method, the status, the
duration and the request's id are named, of an error its kind and its places. What libraries say is let through from warnings on.
"""

import json
import logging
import os
import re
import socket
import sys
import traceback
from datetime import UTC, datetime
from logging.config import dictConfig
from secrets import token_hex
from time import monotonic
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from collector.metrics import method_of
from collector.settings import Settings

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
#: What an id of a proxy has to look like to be taken over: nothing that could hold a sentence or break a line.
PROXY_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
#: Milliseconds after which a request is a slow one.
SLOW_MS = 1000
#: What a line may say besides the fields of every line; given as `extra`.
FIELDS = ("endpoint", "method", "status", "ms", "kind", "work_id")
#: Beginnings of gunicorn's messages that hold addresses of people or requests, and what is said instead.
TOLD_INSTEAD = {
    "Invalid request from ip": "a request that could not be read was refused",
    "Error handling request": "a request was broken off by an error",
}


class Work:
    """What this process is at, where that is no request: the id that its lines share."""

    id = ""


def begin_work() -> str:
    """Give this process an id for the piece of work that it was made for."""
    Work.id = token_hex(8)
    return Work.id


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is known of where a line belongs to."""
    found: dict[str, Any] = {}
    if has_request_context():
        found["request_id"] = g.get("request_id", "")
        found |= {"endpoint": request.endpoint or "none", "method": method_of(request.method)}
    elif Work.id:
        found["work_id"] = Work.id
    return found | {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}


def message_of(record: logging.LogRecord) -> str:
    """The sentence of a line, in one line."""
    if record.name.startswith("gunicorn"):
        for beginning, instead in TOLD_INSTEAD.items():
            if str(record.msg).startswith(beginning):
                return instead
    return " ".join(record.getMessage().split())


def places_of(record: logging.LogRecord) -> dict[str, Any]:
    """The kind of an error and the places that it went through. Its message may hold answers, and is left out."""
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    kind, _error, trace = record.exc_info
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
    return {"error": kind.__name__, "places": places[-12:]}


class JsonFormatter(logging.Formatter):
    """A JSON object a line."""

    host = socket.gethostname()

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": message_of(record),
            "logger": record.name,
            "host": self.host,
            "pid": record.process,
        }
        return json.dumps(line | fields_of(record) | places_of(record), ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """The same for people who watch a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        moment = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        more = " ".join(f"{name}={value}" for name, value in (fields_of(record) | places_of(record)).items())
        return f"{moment} {record.levelname.lower()}: {message_of(record)}{f' ({more})' if more else ''}"


def config(environ: Any = os.environ) -> dict[str, Any]:
    """The configuration of logging (logging.config.dictConfig).

    Without LOG_FORMAT: text where a person watches a terminal, else JSON, because under systemd, in a container and wherever else lines are
    kept, programs read them first.
    """
    wanted = environ.get("LOG_FORMAT") or ("text" if sys.stderr.isatty() else "json")
    level = (environ.get("LOG_LEVEL") or "warning").upper()
    # On debug, gunicorn would write down every address that is asked for.
    servers = "INFO" if level == "DEBUG" else level
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": TextFormatter if wanted == "text" else JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "collector": {"level": level},
            "gunicorn.error": {"level": servers, "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def set_up() -> None:
    """Let every process that is started from here write its log like that."""
    dictConfig(config())


def init_app(app: Flask, settings: Settings) -> None:
    """Give each request of `app` an id, and tell of it when it is over."""

    def begin() -> None:
        g.begun_at = monotonic()
        given = request.headers.get(HEADER, "")
        # Anybody can send one; only a proxy of ours is believed to.
        is_ours = bool(settings.trusted_proxies) and PROXY_ID.fullmatch(given)
        g.request_id = given if is_ours else token_hex(8)

    def tell(response: Response) -> Response:
        response.headers[HEADER] = g.get("request_id", "")
        ms = round((monotonic() - g.begun_at) * 1000) if "begun_at" in g else 0
        is_slow = ms > SLOW_MS
        level = logging.WARNING if is_slow else logging.INFO
        event = "a slow request" if is_slow else "a request"
        log.log(level, event, extra={"status": response.status_code, "ms": ms})
        return response

    app.before_request(begin)
    app.after_request(tell)
