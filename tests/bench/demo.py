"""How long the demo takes, and what a worker's memory is after it."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.result import Result
from tests.bench.usage import family
from tests.servers import running_server


def measure_demo() -> Iterator[Result]:
    """The demo against a running server, on each database."""
    for database_kind in ("sqlite", "postgresql"):
        with (
            tempfile.TemporaryDirectory() as folder,
            running_server(database_kind, Path(folder)) as server,
        ):
            began = time.monotonic()
            server.run("demo", "--url", server.url)
            yield Result("demo_s", round(time.monotonic() - began, 1), "s", 1, database_kind)
            assert server.process is not None
            # With the process in which its engine runs.
            workers = children(server.process.pid)
            memory = max(sum(resident_mb(one) for one in family(worker)) for worker in workers)
            yield Result("worker_memory_mb", round(memory, 1), "MB", 1, database_kind)


def children(pid: int) -> list[int]:
    """Ids of the child processes: gunicorn's workers."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident_mb(pid: int) -> float:
    """Resident memory of a process, in millions of bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"no VmRSS of {pid}")
