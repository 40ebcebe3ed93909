"""Request bodies of the phone's API, plain or gzip, within their limit; and answers, gzip where the phone takes it."""

import gzip
import io
import json
import zlib
from typing import Any

from flask import Response, request

from collector.errors import CollectorError
from collector.intake.documents import is_deeper
from collector.settings import MAX_BODY_BYTES

#: Lists and objects inside each other in a body; documents are texts in it and count for themselves.
MAX_BODY_DEPTH = 400
#: Bytes of an answer from which it is worth packing.
PACK_FROM_BYTES = 1024


def read_json() -> Any:
    """The JSON value of the request's body. Raises CollectorError `body_too_large`, `body_not_gzip` or `body_not_json`."""
    body = request.get_data(cache=False)
    if request.headers.get("Content-Encoding", "").lower() == "gzip":
        body = unpack(body)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise CollectorError("body_not_json") from None
    # What could just be read might not be written again further down the stack.
    if is_deeper(value, MAX_BODY_DEPTH):
        raise CollectorError("body_not_json")
    return value


def unpack(body: bytes) -> bytes:
    """Unpack gzip, stopping at the limit however much more would come."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            unpacked = packed.read(MAX_BODY_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise CollectorError("body_not_gzip") from None
    if len(unpacked) > MAX_BODY_BYTES:
        raise CollectorError("body_too_large", limit_bytes=MAX_BODY_BYTES)
    return unpacked


def json_answer(value: Any, status: int = 200) -> Response:
    """`value` as a JSON answer."""
    try:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # Half a character, in an id that a receipt gives back as it came: it can only be written as an escape.
        body = json.dumps(value, separators=(",", ":")).encode()
    return packed_answer(body, status)


def packed_answer(body: bytes, status: int = 200) -> Response:
    """JSON bytes as an answer, gzip if that is worth it and the phone takes it."""
    response = Response(body, status, mimetype="application/json")
    response.headers["Vary"] = "Accept-Encoding"
    if len(body) >= PACK_FROM_BYTES and request.accept_encodings.quality("gzip"):
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
