"""What is counted while Collector runs, for `/metrics` (Prometheus). Labels have few values: no names, answers, ids or places.

gunicorn's processes count in files of one folder (`share`), so that whichever of them is
asked gives the sums. Each process has a slot, held by a lock that the kernel takes back when the process ends: the next one goes on in
the same files, so that counts survive a killed worker, and there are never more files than there were processes at a time. Any other
process, a test for one, counts in its own memory.
"""

import fcntl
import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import ClassVar, ParamSpec

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, values
from prometheus_client.mmap_dict import MmapedDict

Params = ParamSpec("Params")

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "collector-metrics-"
#: Bounds of the durations of requests, seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: Bounds of the documents of a push, at most 50.
PUSH_BUCKETS = (1, 2, 5, 10, 20, 50)
#: Methods that are counted by their name; all others are "other", since anybody may make one up.
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


def share() -> Path:
    """Let this process and all that it forks count in a new folder, in memory where there is such a place. Gives the folder.

    Not in the data folder: on a full disk, whoever writes to a mapped file is killed. What servers that were killed left goes.
    """
    memory = Path("/dev/shm")  # noqa: S108 (the folder in it is made for this server alone)
    place = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    for old in place.glob(f"{PREFIX}*"):
        if old.stat().st_uid == os.getuid() and (lock := _lock(old / "server.lock")) is not None:
            shutil.rmtree(old, ignore_errors=True)
            os.close(lock)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    # Held by this process and what it forks, and so free once none of them is left.
    _lock(folder / "server.lock")
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: slot.name)  # type: ignore[no-untyped-call]
    Counts.current = Counts()
    return folder


def _lock(path: Path) -> int | None:
    """Take the lock of a file; gives its descriptor, None where somebody else holds it, or it cannot be made."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


class Slot:
    """Which files this process counts in."""

    def __init__(self) -> None:
        self.name = "main"
        self.lock: int | None = None

    def take(self) -> None:
        """Take the first slot that nobody holds; for each process to do once it was forked. Does nothing outside of a server."""
        folder = os.environ.get(FOLDER)
        if not folder:
            return
        if self.lock is not None:
            # The parent's, which holds it by itself.
            os.close(self.lock)
        number = 0
        while (lock := _lock(Path(folder) / f"slot{number}.lock")) is None:
            number += 1
        self.lock, self.name = lock, f"slot{number}"
        for path in Path(folder).glob(f"*_{self.name}.db"):
            # What was open is not, with its process.
            if path.name.startswith("gauge_") or not _is_whole(path):
                path.unlink()


def _is_whole(path: Path) -> bool:
    """Whether the counts in a file can be read: its process may have been killed while it wrote."""
    try:
        for _ in MmapedDict.read_all_values_from_file(str(path)):  # type: ignore[no-untyped-call]
            pass
    except (RuntimeError, ValueError, OSError, struct.error):
        return False
    return True


slot = Slot()
# Processes that count together have no moments of creation to tell either.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Counts:
    """All that is counted, in files or in this process's memory."""

    current: ClassVar["Counts"]

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(f"collector_{name}", meaning, labels, registry=registry)

        self.requests = counter("requests", "Requests answered.", "endpoint", "method", "status")
        self.durations = Histogram(
            "collector_request_duration_seconds",
            "Time until an answer was ready to be sent.",
            ("endpoint",),
            buckets=BUCKETS,
            registry=registry,
        )
        self.errors = counter("errors", "Refusals and faults by code.", "code")
        self.receipts = counter("receipts", "Response documents that came in, by what became of them.", "status")
        self.pushed = Histogram(
            "collector_push_documents", "Response documents in one push.", buckets=PUSH_BUCKETS, registry=registry
        )
        self.file_bytes = counter("file_received_bytes", "Bytes of attachments that came in.")
        self.sign_ins = counter("sign_ins_refused", "Wrong passwords, codes and tokens.", "kind")
        self.streams = Gauge(
            "collector_long_answers_open", "Long answers being sent.", registry=registry, multiprocess_mode="livesum"
        )
        self.pieces = counter("background_pieces", "Pieces of background work that ended.", "kind", "outcome")
        self.deliveries = counter("webhook_deliveries", "Messages to webhooks that were tried.", "outcome")
        self.exported = counter("export_responses", "Responses written into files of exports.")
        self.exports = counter("exports", "Files of exports.", "outcome")


Counts.current = Counts()

#: Codes of errors that are a refused sign-in, and of what kind.
REFUSALS = {
    "device_unknown": "phone",
    "device_revoked": "phone",
    "token_unknown": "token",
    "credentials_wrong": "login",
    "client_unknown": "collect",
    "too_many_tries": "too_many",
    "too_many_guesses": "too_many",
}


def _quietly(count: Callable[Params, None]) -> Callable[Params, None]:
    """A count that cannot be kept, where no file can grow any more, is let go: no request fails for it."""

    @wraps(count)
    def counted(*args: Params.args, **kwargs: Params.kwargs) -> None:
        with suppress(OSError):
            count(*args, **kwargs)

    return counted


def method_of(method: str) -> str:
    """A method as it may be named: itself, or "other" for one that somebody made up."""
    return method if method in METHODS else "other"


@_quietly
def count_request(endpoint: str | None, method: str, status: int, seconds: float) -> None:
    """Count a request that was answered. `endpoint`: None where there is nothing at its address."""
    named = endpoint or "none"
    Counts.current.requests.labels(named, method_of(method), str(status)).inc()
    Counts.current.durations.labels(named).observe(seconds)


@_quietly
def count_error(code: str) -> None:
    """Count a refusal or a fault by its code (collector/errors.py)."""
    Counts.current.errors.labels(code).inc()
    if code in REFUSALS:
        count_refused_sign_in(REFUSALS[code])


@_quietly
def count_refused_sign_in(kind: str) -> None:
    """Count a wrong password, code or token: "office", "second_step", or a kind of REFUSALS."""
    Counts.current.sign_ins.labels(kind).inc()


@_quietly
def count_receipts(receipts: Sequence[Mapping[str, object]]) -> None:
    """Count what a push, or a submission, brought."""
    for receipt in receipts:
        Counts.current.receipts.labels(str(receipt["status"])).inc()
    Counts.current.pushed.observe(len(receipts))


@_quietly
def count_file_bytes(number: int) -> None:
    """Count bytes of attachments that are on the disk."""
    Counts.current.file_bytes.inc(number)


@_quietly
def count_stream(number: int) -> None:
    """One long answer more (1), or one less (-1), is being sent."""
    Counts.current.streams.inc(number)


@_quietly
def count_piece(kind: str, outcome: str) -> None:
    """Count a piece of background work: "done", or "died"."""
    Counts.current.pieces.labels(kind, outcome).inc()


@_quietly
def count_delivery(outcome: str) -> None:
    """Count a try to tell a webhook: "taken" or "failed"."""
    Counts.current.deliveries.labels(outcome).inc()


@_quietly
def count_export(outcome: str, responses: int = 0) -> None:
    """Count a file of an export, "ready" or the code of the error, and the responses in it."""
    Counts.current.exports.labels(outcome).inc()
    Counts.current.exported.inc(responses)


def unshare() -> None:
    """Remove the folder that the server's processes counted in, when it ends."""
    folder = os.environ.pop(FOLDER, "")
    if folder:
        with suppress(OSError):
            shutil.rmtree(folder)
