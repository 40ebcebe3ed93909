"""Spoiled requests at every public endpoint of a running server, and what came back."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.fuzz.mutations import spoil
from tests.fuzz.seeds import Seeds
from tests.fuzz.wire import Answered, Asked, Wire

#: An answer that takes longer is a fault.
LIMIT_S = 10.0
#: How many of a hundred requests go out as they should be, so that the server keeps on working beside.
RIGHT_PERCENT = 10
#: The only answer of 500 and more that the documents promise: the database or the disk takes nothing right now, or another server does
#: not do what was asked (501, `option_unsupported` and the OData options of docs/central-api.md).
DOCUMENTED = frozenset({501, 503})
#: How many examples of each fault are kept.
EXAMPLES = 5


@dataclass
class Result:
    """Counts of a run."""

    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    routes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    #: What must not be: kind of fault -> requests by their number.
    faults: dict[str, list[str]] = field(default_factory=dict)
    fault_counts: Counter[str] = field(default_factory=Counter)

    def note(self, number: int, asked: Asked, answered: Answered) -> None:
        """Count an answer, and keep what is wrong with it."""
        self.asked += 1
        self.statuses[answered.status] += 1
        self.routes[asked.route] += 1
        self.slowest_s = max(self.slowest_s, answered.seconds)
        if answered.seconds > LIMIT_S:
            self._fault("slow", number, asked, answered)
        if answered.status == 0:
            self._fault("unanswered", number, asked, answered)
        if answered.status >= 500 and answered.status not in DOCUMENTED:
            self._fault(str(answered.status), number, asked, answered)

    def __iadd__(self, other: "Result") -> "Result":
        self.asked += other.asked
        self.statuses += other.statuses
        self.routes += other.routes
        self.slowest_s = max(self.slowest_s, other.slowest_s)
        self.fault_counts += other.fault_counts
        for kind, examples in other.faults.items():
            self.faults[kind] = [*self.faults.get(kind, []), *examples][:EXAMPLES]
        return self

    def _fault(self, kind: str, number: int, asked: Asked, answered: Answered) -> None:
        self.fault_counts[kind] += 1
        examples = self.faults.setdefault(kind, [])
        if len(examples) < EXAMPLES:
            head = asked.as_bytes()
            examples.append(
                f"number {number}, {asked.route}, {answered.seconds:.1f} s: {head[:700]!r} -> {answered.body[:200]!r}"
            )


def request_of(seeds: Seeds, seed: int, number: int) -> Asked:
    """The request with that number: always the same, whatever came before it."""
    source = Random(f"{seed}:{number}")
    asked = seeds.take(source)
    return asked if source.randrange(100) < RIGHT_PERCENT else spoil(asked, source)


def run_bodies(port: int, seeds: Seeds, seed: int, numbers: range, threads: int = 6) -> Result:
    """Send the requests with these numbers over so many connections at once."""
    result, lock = Result(), threading.Lock()
    waiting = iter(numbers)

    def work() -> None:
        wire = Wire(port)
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                wire.close()
                return
            asked = request_of(seeds, seed, number)
            answered = wire.ask(asked)
            with lock:
                result.note(number, asked, answered)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return result
