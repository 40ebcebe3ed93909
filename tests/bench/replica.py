"""What reading from a streaming replica costs and gives: the board from it and from the primary, the choice between both, and the lag.

`BENCH_REPLICA` says how many responses there are, 50,000 by default. Both servers are on this machine and share its processors: the figures
say what a replica costs, not how much of the primary's time it saves.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from statistics import median
from time import perf_counter, sleep

from sqlalchemy import Engine, text

from collector import create_app
from collector.settings import load_settings
from collector.store.replica import Replica
from collector.store.session import dispose
from tests.bench.desk import PAGES, fill, measure
from tests.bench.result import Result
from tests.replicas import streaming_pair

NAMES = (
    "board_near_ms",
    "board_far_ms",
    "replica_choice_ms",
    "replica_choice_writing_ms",
    "replica_choice_writing_p99_ms",
    "replica_passed_over_writing",
)
RESPONSES, CHOICES = 50_000, 300


def measure_replica() -> Iterator[Result]:
    """All of them."""
    with streaming_pair() as pair, tempfile.TemporaryDirectory() as folder:
        urls = {"DATA_DIR": folder, "DATABASE_URL": pair.primary.url}
        near = create_app(load_settings(urls))
        client = fill(near, int(os.environ.get("BENCH_REPLICA") or RESPONSES))
        cookie = client.get_cookie("session")
        assert cookie is not None
        yield figure("board_near_ms", median(measure(client, PAGES["board_ms"])), 20)
        far = create_app(load_settings(urls | {"DATABASE_READ_URL": pair.replica.url}))
        client = far.test_client()
        client.set_cookie("session", cookie.value)
        replica: Replica = far.extensions["collector_replica"]
        yield figure("board_far_ms", median(measure(client, PAGES["board_ms"])), 20)
        yield figure("replica_choice_ms", median(choices(replica)), CHOICES)
        writer = Writer(replica.primary)
        writer.start()
        replica.counts = dict.fromkeys(replica.counts, 0)
        times = sorted(choices(replica))
        writer.is_over.set()
        writer.join()
        yield figure("replica_choice_writing_ms", median(times), CHOICES)
        yield figure("replica_choice_writing_p99_ms", times[round(0.99 * (CHOICES - 1))], CHOICES)
        passed_over = sum(number for state, number in replica.counts.items() if state != "used")
        yield Result("replica_passed_over_writing", passed_over, "reads", CHOICES, "postgresql")
        dispose(near)
        dispose(far)


class Writer(threading.Thread):
    """Somebody who writes as fast as one connection can, a kilobyte a transaction."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(daemon=True)
        self.engine, self.is_over = engine, threading.Event()

    def run(self) -> None:
        """One transaction after the other."""
        with self.engine.connect() as connection:
            connection.execute(text("CREATE TABLE written (what text)"))
            connection.commit()
            while not self.is_over.is_set():
                connection.execute(text("INSERT INTO written VALUES (repeat(md5(random()::text), 32))"))
                connection.commit()


def choices(replica: Replica) -> list[float]:
    """Milliseconds until it is known which of both to read from."""
    times = []
    for _ in range(CHOICES):
        began = perf_counter()
        replica.engine_for(5.0)
        times.append((perf_counter() - began) * 1000)
        sleep(0.005)
    return times


def figure(name: str, value: float, n: int) -> Result:
    """A figure in milliseconds."""
    return Result(name, round(value, 2), "ms", n, "postgresql")
