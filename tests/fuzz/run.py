"""A run of both: what is measured around it, and what it has to hold."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.server import FragileServer
from tests.fuzz.bodies import Result, run_bodies
from tests.fuzz.seeds import Seeds
from tests.fuzz.target import faults_in, fuzzed_server, memory_mb
from tests.fuzz.workbooks import Books, run_workbooks

#: How much more the workers may hold at the end than after the warm-up, together, in MiB: two of them, each with eight threads whose
#: buffers have by then seen the largest bodies; with SQLite each thread's connection also fills its page cache of 16 MiB
#: (collector/store/session.py) as the database grows. With a page cache of 1 MiB, 4,000 pushes after the first 800 added 2 MiB.
GROWTH_MB = {"postgresql": 96, "sqlite": 96 + 2 * 8 * 16}
#: Part of the bodies that warms the server up, at least and at most so many.
WARM_UP = 0.1
WARM_UP_LEAST, WARM_UP_MOST = 300, 10_000
STEPS, MOST_AT_A_STEP = 20, 2_000


@dataclass
class Verdict:
    """What came of a run."""

    database_kind: str
    bodies: Result = field(default_factory=Result)
    workbooks: Books = field(default_factory=Books)
    warm_mb: float = 0.0
    end_mb: float = 0.0
    log_faults: list[str] = field(default_factory=list)
    verified: str = ""
    workers_lost: int = 0

    def complaints(self) -> list[str]:
        """What is wrong, a line each; none where all is well."""
        found = [f"{kind}: {example}" for kind, examples in self.bodies.faults.items() for example in examples]
        found += self.workbooks.faults
        found += [f"the server's log: {line}" for line in self.log_faults]
        if self.end_mb > self.warm_mb + GROWTH_MB[self.database_kind]:
            found.append(f"memory grew from {self.warm_mb:.0f} to {self.end_mb:.0f} MiB")
        if self.workers_lost:
            found.append(f"{self.workers_lost} workers died")
        if self.verified != "ok":
            found.append(f"collector verify: {self.verified}")
        return found

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {
            "bodies": self.bodies.asked,
            "endpoints": len(self.bodies.routes),
            "statuses": {str(status): count for status, count in sorted(self.bodies.statuses.items())},
            "faults": dict(self.bodies.fault_counts),
            "slowest_s": round(self.bodies.slowest_s, 2),
            "workbooks": self.workbooks.checked,
            "workbooks_accepted": self.workbooks.accepted,
            "workbooks_uploaded": self.workbooks.uploaded,
            "workbook_faults": len(self.workbooks.faults),
            "workbook_slowest_s": round(self.workbooks.slowest_s, 2),
            "memory_warm_mb": round(self.warm_mb),
            "memory_end_mb": round(self.end_mb),
            "verify": self.verified,
        }


def fuzz(
    database_kind: str,
    folder: Path,
    *,
    bodies: int,
    workbooks: int,
    seed: int,
    tell: Callable[[str], None] = lambda _line: None,
    is_enough: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Fuzz a server of its own over a new database. Where `is_enough` says so, what is left is left out, and all is looked at then."""
    verdict = Verdict(database_kind)
    with fuzzed_server(database_kind, folder) as (server, known):
        assert server.log is not None
        seeds, port = Seeds(server.app, known), int(server.environ["PORT"])
        workers = set(server.workers)
        warm = min(bodies, WARM_UP_MOST, max(WARM_UP_LEAST, int(bodies * WARM_UP)))
        verdict.bodies = run_bodies(port, seeds, seed, range(warm))
        verdict.warm_mb = memory_mb(server)
        tell(f"warm after {warm} bodies: {verdict.warm_mb:.0f} MiB")
        step = min(MOST_AT_A_STEP, max(1, (bodies - warm + STEPS - 1) // STEPS))
        for begin in range(warm, bodies, step):
            if is_enough():
                break
            verdict.bodies += run_bodies(port, seeds, seed, range(begin, min(begin + step, bodies)))
            tell(
                f"{verdict.bodies.asked} bodies, {memory_mb(server):.0f} MiB, faults {dict(verdict.bodies.fault_counts)}"
            )
        verdict.end_mb = memory_mb(server)
        verdict.workbooks = run_workbooks(server, folder / "workbooks", seed, workbooks, tell, is_enough)
        verdict.workers_lost = len(workers - set(server.workers))
        verdict.log_faults = faults_in(server.log)
        server.stop()
        verdict.verified = verify(server)
    return verdict


def verify(server: FragileServer) -> str:
    """What `collector verify` says of all that was stored: "ok", or its words."""
    try:
        server.run("verify")
    except AssertionError as failed:
        return str(failed)[-1500:]
    return "ok"
