"""How many long answers a process gives at a time: each holds a thread until its reader has all of it, and others need threads as well."""

from collections.abc import Iterable, Iterator
from threading import Lock

from flask import Flask, Response, make_response, request

from collector import metrics
from collector.edge import answer_error
from collector.errors import CollectorError

#: Long answers of one process at a time, of its threads (collector/serving.py).
MOST = 5
#: Bytes of a file from which on an answer is a long one, more than any photo or list has; what is made while it is sent always is.
LONG_BYTES = 64 * 1024 * 1024
#: Seconds after which somebody may ask again.
AGAIN_S = 30


class Places:
    """Room for so many at a time."""

    def __init__(self, number: int) -> None:
        self.free = number
        self.lock = Lock()

    def take(self) -> "Place | None":
        """A place; None where all are taken."""
        with self.lock:
            if self.free == 0:
                return None
            self.free -= 1
        metrics.count_stream(1)
        return Place(self)


class Place:
    """One that is taken until it is given back, however often that is said."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.is_taken = True

    def give_back(self) -> None:
        """Let somebody else have it."""
        with self.places.lock:
            was_taken, self.is_taken = self.is_taken, False
            self.places.free += was_taken
        if was_taken:
            metrics.count_stream(-1)

    def held(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces; with the last of them, or once nobody wants more, the place is given back."""
        try:
            yield from pieces
        finally:
            self.give_back()


def init_app(app: Flask) -> None:
    """Keep count of the long answers of `app` in this process."""
    places = Places(MOST)

    def limit(response: Response) -> Response:
        if request.method == "HEAD" or not is_long(response):
            return response
        place = places.take()
        if place is None:
            response.close()
            refused = make_response(answer_error(CollectorError("downloads_too_many")))
            refused.headers["Retry-After"] = str(AGAIN_S)
            return refused
        if not response.direct_passthrough:
            response.response = place.held(response.iter_encoded())
        response.call_on_close(place.give_back)
        return response

    app.after_request(limit)


def is_long(response: Response) -> bool:
    """Whether an answer may take its reader long."""
    if not response.is_streamed:
        return False
    return not response.direct_passthrough or (response.content_length or 0) >= LONG_BYTES
