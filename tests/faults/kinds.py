"""What can go wrong with a request on its way, and who decides when it does. Pure but for a plan's own random numbers."""

import random
import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Request:
    """One HTTP request, whole."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, '' for none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def is_push(self) -> bool:
        """Whether it brings responses."""
        return self.path == "/sync/v1/push"

    @property
    def is_packed(self) -> bool:
        """Whether its body is gzip."""
        return self.header("content-encoding").lower() == "gzip"

    @property
    def is_piece(self) -> bool:
        """Whether it brings bytes of a file."""
        return self.method == "PATCH"


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. `at`: where, as a share of the bytes; `share`: of the longest pause."""

    kind: str
    at: float = 0.5
    share: float = 1.0


def always(_request: Request) -> bool:
    """For kinds that any request can meet."""
    return True


#: Which requests each kind can meet. What TCP and TLS check is not among them: a byte is changed only where the protocol has a checksum
#: of its own (gzip's CRC, tus's Upload-Checksum), and nothing is changed in an answer but its length.
KINDS: dict[str, Callable[[Request], bool]] = {
    "refuse": always,
    "cut_request": always,
    "cut_reply": always,
    "half_open": always,
    "slow_server": always,
    "late_request": always,
    "http_502_html": always,
    "http_503_html": always,
    "portal_200_html": always,
    "portal_302": always,
    "portal_200_json": always,
    "duplicate": always,
    "replay": always,
    "reorder": always,
    "trickle": always,
    "short_reply": lambda request: not request.is_piece and request.method != "HEAD",
    "corrupt_byte": lambda request: bool(request.body) and (request.is_packed or request.is_piece),
    "truncated_gzip": lambda request: request.is_packed,
    "crossed_answer": lambda request: request.is_push,
    "lost_patch_reply": lambda request: request.is_piece,
    "lost_push_reply": lambda request: request.is_push,
}


class Plan(Protocol):
    """Decides which request meets which fault."""

    def draw(self, request: Request) -> Fault | None:
        """The fault of this request, or None."""


class Healthy:
    """Nothing goes wrong."""

    def draw(self, request: Request) -> Fault | None:
        """None."""
        return None


@dataclass
class SeededPlan:
    """Faults at random, the same ones for the same seed and the same order of requests. `rate`: share of requests that meet one.

    `of_app`: that share for the app's own files, by which a phone starts and updates. `only`: the kinds to choose from; all of them by default.
    """

    seed: int
    rate: float
    of_app: float = 0.0
    only: Collection[str] = tuple(KINDS)
    _random: random.Random = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def draw(self, request: Request) -> Fault | None:
        """A fault, or None."""
        rate = self.rate if request.path.startswith("/sync/") else self.of_app
        with self._lock:
            if self._random.random() >= rate:
                return None
            kinds = [name for name in self.only if KINDS[name](request)]
            if not kinds:
                return None
            return Fault(self._random.choice(kinds), self._random.random(), self._random.random())


class QueuedPlan:
    """The faults that a test asked for, each for the next request that can meet it."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()

    def add(self, fault: Fault) -> None:
        """Let the next request that can meet it meet `fault`."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget those that no request met."""
        self._waiting.clear()

    def draw(self, request: Request) -> Fault | None:
        """The first waiting fault, if this request can meet it."""
        if not request.path.startswith("/sync/") or not self._waiting or not KINDS[self._waiting[0].kind](request):
            return None
        return self._waiting.popleft()
