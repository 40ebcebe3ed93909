"""How many responses a real server stores, and what that costs: gunicorn with two workers, on both databases, durable as in production.

`BENCH_SECONDS`: how long each load lasts, 15 by default; `BENCH_DB=sqlite` or `postgresql`: only that one; `BENCH_PUSHED` and
`BENCH_STORED`: how many responses for the growth of memory, and for the cost with many stored.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter, sleep

from flask import Flask
from sqlalchemy import func, select

from collector.accounts.operations import create_user, enrol_device, issue_enrolment
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.settings import PROJECT_ROOT
from collector.store import Place, Response
from collector.store.people import VOLUNTEER
from collector.store.session import dispose, reading, writing
from tests.bench.desk_seed import seed
from tests.bench.exports import sign_in
from tests.bench.load_phones import Done, Load
from tests.bench.push_form import push_form
from tests.bench.result import Result
from tests.bench.usage import cpu_seconds, family, postgresql, pss_mb
from tests.servers import Server, running_server

DATABASES = ("sqlite", "postgresql")
PHONES, BATCHES = (1, 8, 32), {"single": 1, "batch50": 50}
#: Figures of one load, and their units.
FIGURES = {
    "per_s": "responses/s",
    "p50_ms": "ms",
    "p95_ms": "ms",
    "p99_ms": "ms",
    "cpu_ms": "ms/response",
    "database_cpu_ms": "ms/response",
    "phones_cpu_percent": "%",
    "memory_mb": "MB",
}
PUSH_NAMES = tuple(f"push_{kind}_{phones}_{figure}" for kind in BATCHES for phones in PHONES for figure in FIGURES)
MEMORY_NAMES = ("push_memory_growth_mb", "push_memory_mb")
COST_NAMES = ("push_cost_at_1000", "push_cost_at_1000000")
STORM_NAMES = (
    "storm_2000",
    "storm_2000_failed",
    "storm_2000_slowest_s",
    "storm_2000_workers_lost",
    "storm_2000_board_ms",
    "storm_2000_board_worst_ms",
    "storm_2000_responses_page_ms",
    "storm_2000_responses_page_worst_ms",
)
PAGES = {"board": "/office/board", "responses_page": "/office/responses"}
STORM_PHONES, STORM_RESPONSES, STORM_S = 2_000, 20, 60


@dataclass
class Bench:
    """A running server with the questionnaire of the load, and what its phones need to push to it."""

    server: Server
    app: Flask
    kind: str
    load: Load

    @property
    def workers(self) -> list[int]:
        """Process ids of the server and all its workers."""
        assert self.server.process is not None
        return family(self.server.process.pid)

    def push(self, phones: int, **wanted: float) -> Done:
        """Let so many phones push; the other fields of `Load` as `wanted`."""
        self.load.seed += 1
        load = Load(**asdict(self.load) | {"tokens": self.load.tokens[:phones]} | wanted)
        command = [sys.executable, "-m", "tests.bench.load_phones"]
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, input=json.dumps(asdict(load)), stdout=subprocess.PIPE, text=True, check=True
        )
        return Done(**json.loads(done.stdout))

    def stored(self) -> int:
        """Responses that are in the database."""
        with self.app.app_context():
            return reading().scalar(select(func.count()).select_from(Response)) or 0


@contextmanager
def bench(kind: str, phones: int) -> Iterator[Bench]:
    """A server over a new database with `phones` enrolled phones."""
    with tempfile.TemporaryDirectory() as folder, running_server(kind, Path(folder), WORKERS="2") as server:
        app = server.app
        content = push_form()
        compiled = compile_workbook(content, "push.xlsx")
        with app.app_context(), writing() as session:
            version = add_draft(session, compiled, Workbook("push.xlsx", content, {}), by=None)
            publish_version(session, version, by=None)
            volunteer = create_user(session, name="Bench", role=VOLUNTEER)
            tokens = []
            for _ in range(phones):
                _, link = issue_enrolment(session, volunteer, by=None)
                tokens.append(enrol_device(session, link, "Bench phone")[1])
            places = list(session.scalars(select(Place.code).where(Place.level == 2)))
            load = Load(int(server.environ["PORT"]), tokens, version.model_hash, places, volunteer.id, 1)
        yield Bench(server, app, kind, load)
        dispose(app)


def databases() -> tuple[str, ...]:
    """The databases that are wanted."""
    return (os.environ["BENCH_DB"],) if os.environ.get("BENCH_DB") else DATABASES


def measure_pushes() -> Iterator[Result]:
    """Single responses, and batches of 50, from 1, 8 and 32 phones."""
    seconds = float(os.environ.get("BENCH_SECONDS") or 15)
    for kind in databases():
        with bench(kind, max(PHONES)) as running:
            for name, batch in BATCHES.items():
                # What is loaded and remembered on first use does not count.
                running.push(8, batch=batch, pushes=16 * 8 // min(batch, 8))
                for phones in PHONES:
                    yield from measure_load(running, f"push_{name}_{phones}", phones, batch, seconds)


def measure_load(running: Bench, name: str, phones: int, batch: int, seconds: float) -> Iterator[Result]:
    """The figures of one load."""
    before = running.stored()
    server, database = cpu_seconds(running.workers), cpu_seconds(postgresql())
    done = running.push(phones, batch=batch, seconds=seconds, pushes=1_000_000)
    server, database = cpu_seconds(running.workers) - server, cpu_seconds(postgresql()) - database
    assert (done.failed, running.stored() - before) == (0, done.stored), (name, done.failed, done.stored)
    times = sorted(done.seconds)
    figures = {
        "per_s": done.stored / done.wall_s,
        **{f"p{share}_ms": times[min(len(times) - 1, len(times) * share // 100)] * 1000 for share in (50, 95, 99)},
        "cpu_ms": server / done.stored * 1000,
        "database_cpu_ms": (database if running.kind == "postgresql" else 0) / done.stored * 1000,
        "phones_cpu_percent": 100 * done.cpu_s / done.wall_s,
        "memory_mb": pss_mb(running.workers),
    }
    for figure, unit in FIGURES.items():
        yield Result(f"{name}_{figure}", round(figures[figure], 2), unit, done.stored, running.kind)


def measure_memory() -> Iterator[Result]:
    """By how much the server's memory grows while 200,000 responses come in, after the first 20,000."""
    number = int(os.environ.get("BENCH_PUSHED") or 200_000)
    for kind in databases():
        with bench(kind, 8) as running:
            running.push(8, batch=50, pushes=number // 10 // 50)
            before = pss_mb(running.workers)
            done = running.push(8, batch=50, pushes=number // 50)
            after = pss_mb(running.workers)
            yield Result("push_memory_growth_mb", round(after - before, 1), "MB", done.stored, kind)
            yield Result("push_memory_mb", round(after, 1), "MB", done.stored, kind)


def measure_cost() -> Iterator[Result]:
    """CPU time of server and database for a response, with 1,000 stored and with 1,000,000."""
    many = int(os.environ.get("BENCH_STORED") or 1_000_000)
    for kind in databases():
        for name, number in zip(COST_NAMES, (1_000, many), strict=True):
            with bench(kind, 8) as running:
                seed(running.app.extensions["collector_engine"], number)
                running.push(8, batch=1, pushes=400)
                server, database = cpu_seconds(running.workers), cpu_seconds(postgresql())
                done = running.push(8, batch=1, pushes=4_000)
                spent = cpu_seconds(running.workers) - server
                spent += cpu_seconds(postgresql()) - database if kind == "postgresql" else 0
                yield Result(name, round(spent / done.stored * 1000, 2), "ms/response", number, kind)


def measure_storm() -> Iterator[Result]:
    """2,000 phones come back within the same minute with 20 responses each, while somebody looks at the office's pages."""
    for kind in databases():
        with bench(kind, STORM_PHONES) as running:
            running.push(8, batch=20, pushes=80)
            before, workers = running.stored(), running.workers
            with looking(running) as times:
                done = running.push(STORM_PHONES, batch=STORM_RESPONSES, spread_s=STORM_S)
            stored = running.stored() - before
            lost = len(set(workers) - set(running.workers))
            yield Result("storm_2000", stored, "responses stored", STORM_PHONES, kind)
            yield Result("storm_2000_failed", done.failed, "tries", STORM_PHONES, kind)
            yield Result("storm_2000_slowest_s", round(max(done.seconds), 1), "s", STORM_PHONES, kind)
            yield Result("storm_2000_workers_lost", lost, "workers", STORM_PHONES, kind)
            for page, taken in times.items():
                yield Result(f"storm_2000_{page}_ms", round(median(taken) * 1000, 1), "ms", len(taken), kind)
                yield Result(f"storm_2000_{page}_worst_ms", round(max(taken) * 1000, 1), "ms", len(taken), kind)


@contextmanager
def looking(running: Bench) -> Iterator[dict[str, list[float]]]:
    """Somebody opens the pages of the office in turn, twice a second, and it is noted how long each takes, in seconds."""
    browser, is_over = sign_in(running.server), Event()
    times: dict[str, list[float]] = {page: [] for page in PAGES}

    def look() -> None:
        while not is_over.is_set():
            for page, address in PAGES.items():
                began = perf_counter()
                answer = browser.get(f"{running.server.url}{address}", timeout=60)
                times[page].append(perf_counter() - began)
                assert answer.status_code == 200, (address, answer.status_code)
                sleep(0.5)

    thread = Thread(target=look)
    thread.start()
    try:
        yield times
    finally:
        is_over.set()
        thread.join()
