"""What every answer shares at the edge: security headers, and errors as JSON for phones or a page for people."""

import logging
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, NoMoreData  # type: ignore[import-untyped]
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import IntegerConverter

from collector import metrics
from collector.errors import ERRORS, CollectorError
from collector.held_forms import held_page
from collector.openrosa import answers as openrosa
from collector.store.contents import ContentsAway
from collector.store.moved import MovedError
from collector.store.session import read_near_instead

log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    ]
)

#: What every answer carries, but where a route says otherwise.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
    # No other site opens a page of ours and keeps a hand on it, or embeds what it has no business with.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: For a year, browsers ask for this name, and for those below it, by HTTPS only. Where PUBLIC_URL says that it has HTTPS.
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

#: How much of a refused body is still read, and for how long, so that its sender gets to see the answer.
DRAIN_BYTES = 512 * 1024 * 1024
DRAIN_SECONDS = 20
BLOCK_BYTES = 64 * 1024

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

#: Where programs ask, who read errors as JSON.
JSON_PATHS = ("/sync/", "/api/")

#: Where ODK Collect asks, which reads errors as XML of OpenRosa.
OPENROSA_PATH = "/openrosa/"

#: Which catalogue code a plain HTTP error gets.
CODE_OF_STATUS = {
    400: "request_malformed",
    404: "not_found",
    403: "not_allowed",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type",
}


class DatabaseInteger(IntegerConverter):
    """A number in an address that fits a database's integer; there is nothing at the address of a larger one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": 2**31 - 1} | kwargs)


def init_app(app: Flask) -> None:
    """Register headers and error handlers on `app`."""
    app.url_map.converters["int"] = DatabaseInteger
    app.before_request(refuse_nul)
    app.after_request(add_security_headers)
    app.after_request(say_how_long)
    app.after_request(guard_stream)
    app.register_error_handler(CollectorError, answer_error)
    app.register_error_handler(CSRFError, lambda _error: answer_error(CollectorError("form_expired")))
    app.register_error_handler(HTTPException, answer_http_error)
    for broken_body in (InvalidChunkSize, ChunkMissingTerminator, NoMoreData):
        app.register_error_handler(broken_body, lambda _error: answer_error(CollectorError("request_malformed")))
    app.register_error_handler(OperationalError, answer_database_error)
    app.register_error_handler(NoConnection, answer_no_connection)
    app.register_error_handler(MovedError, answer_moved)
    app.register_error_handler(ContentsAway, answer_files_away)
    app.register_error_handler(Exception, answer_unexpected_error)


def refuse_nul() -> None:
    """Refuse the character NUL in an address or a form: no person types it, and PostgreSQL holds no text with it."""
    if "\0" in request.path:
        raise CollectorError("not_found")
    fields = [*request.args.values()]
    # The phone's API reads its bodies itself, whatever type a client gives them: parsing them here would use them up. So does OpenRosa,
    # which first asks who sends.
    if request.mimetype in FORM_TYPES and not request.path.startswith(("/sync/", OPENROSA_PATH)):
        fields += [value for values in request.form.listvalues() for value in values]
    if any("\0" in value for value in fields):
        raise CollectorError("request_malformed")


def add_security_headers(response: Response) -> Response:
    """Add the headers that every answer carries. A page may name in `g.image_origin` one other server whose pictures it shows."""
    policy = CONTENT_SECURITY_POLICY
    if "image_origin" in g:
        policy = policy.replace("img-src 'self'", f"img-src 'self' {g.image_origin}")
    wanted = HEADERS | {"Content-Security-Policy": policy}
    if current_app.config["SETTINGS"].is_secure:
        wanted["Strict-Transport-Security"] = STRICT_TRANSPORT
    # Looked through once: `setdefault` does it for each of them, twice.
    there = {name.lower() for name, _value in response.headers}
    for name, value in wanted.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    # Office pages, pulls and files hold personal data: nothing is kept by caches unless a route says otherwise. Flask says of files
    # only that they have to be asked for again.
    if "Content-Disposition" in response.headers and response.headers.get("Cache-Control") == "no-cache":
        del response.headers["Cache-Control"]
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def say_how_long(response: Response) -> Response:
    """Say in its header how long somebody has to wait who tried too often, or found no room (RFC 9110, section 10.2.3).

    `g.retry_after_s` is set by who found that out (collector/accounts/tries.py, collector/sync/pushes.py).
    """
    if response.status_code in (429, 503) and "retry_after_s" in g:
        response.headers.setdefault("Retry-After", str(g.retry_after_s))
    return response


def wants_json() -> bool:
    """Whether this request speaks JSON: an API of phones or programs, or a caller that asks for it."""
    return request.path.startswith(JSON_PATHS) or request.accept_mimetypes.best == "application/json"


def answer_error(error: CollectorError) -> tuple[Any, int]:
    """Give `error` in the form that the caller understands."""
    metrics.count_error(error.code)
    if request.path.startswith((OPENROSA_PATH, *JSON_PATHS)):
        # Its clients, and proxies, send all of a body before they look at the answer; of a connection that is reset, a proxy makes 502.
        drain_body()
    if request.path.startswith(OPENROSA_PATH):
        return openrosa.error_answer(error), error.status
    if wants_json():
        return jsonify(error.body()), error.status
    page = held_page(error) or render_template("office/error.html", error=error)
    return page, error.status


def answer_http_error(error: HTTPException) -> Any:
    """Give an HTTP error of Flask's in our shape; redirects pass through."""
    status = error.code or 500
    if status < 400:
        return error
    code = CODE_OF_STATUS.get(status, "internal" if status >= 500 else "not_found")
    if code == "body_too_large":
        drain_body()
    details = {"limit_bytes": request.max_content_length} if code == "body_too_large" else {}
    answer, _ = answer_error(CollectorError(code, **details))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer = make_response(answer)
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer, status if code == "not_found" and status != 404 else ERRORS[code].status


def drain_body() -> None:
    """Read what is left of a refused body and drop it: with unread bytes the connection would be reset, and the answer lost."""
    if not request.environ.get("wsgi.input_terminated"):
        # A server that marks no end, as none that people use, would have us wait for more.
        return
    stream, until, left = request.environ["wsgi.input"], monotonic() + DRAIN_SECONDS, DRAIN_BYTES
    try:
        while left > 0 and monotonic() < until and (block := stream.read(BLOCK_BYTES)):
            left -= len(block)
    except OSError:
        log.info("the sender of a refused body went away")


def answer_database_error(error: OperationalError) -> Any:
    """A database that is locked, full or away: the caller may try again. The statement is not logged, since it holds answers."""
    if request.method in ("GET", "HEAD") and read_near_instead():
        return ask_again()
    log.error("database unavailable: %s", error.orig.__class__.__name__ if error.orig else "unknown")
    return answer_error(CollectorError("unavailable"))


def answer_no_connection(_error: NoConnection) -> Any:
    """All connections of this process to the database were in use for long: the caller may try again."""
    log.error("no connection to the database is free")
    return answer_error(CollectorError("unavailable"))


def answer_files_away(error: ContentsAway) -> Any:
    """The store of files does not answer, or refuses: the caller may try again."""
    log.error("%s", error.strerror)
    return answer_error(CollectorError("unavailable"))


def ask_again() -> Any:
    """The answer to a request whose long reads failed on the replica, read from the primary."""
    try:
        return current_app.dispatch_request()
    except Exception as error:
        return current_app.handle_user_exception(error)


def answer_moved(error: MovedError) -> tuple[Any, int]:
    """Nothing is taken here any more, or not while it moves: the caller may try again."""
    return answer_error(CollectorError("moved" if error.is_over else "unavailable"))


def answer_unexpected_error(error: Exception) -> tuple[Any, int]:
    """A fault of ours. The trace is logged by place only, since messages of errors may hold answers."""
    log_fault(error, f"{metrics.method_of(request.method)} {request.endpoint}")
    return answer_error(CollectorError("internal"))


def log_fault(error: Exception, asked: str) -> None:
    """Log what went wrong, and where, without its message."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"
    log.error("unexpected %s at %s on %s", type(error).__name__, where, asked)


class BrokenOffError(Exception):
    """An answer ended in the middle: the server closes the connection, so that nobody takes it for whole."""


def guard_stream(response: Response) -> Response:
    """Keep the messages of errors out of the log also where an answer is made while it is sent: the server would log them whole."""
    if response.is_streamed and not response.direct_passthrough:
        response.response = guarded(response.response, f"{request.method} {request.endpoint}")
    return response


def guarded(content: Iterable[Any], asked: str) -> Iterator[Any]:
    """The same pieces. Raises BrokenOffError in place of any other error."""
    try:
        yield from content
    except Exception as error:
        log_fault(error, asked)
        raise BrokenOffError from None
