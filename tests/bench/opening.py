"""How long it takes from a questionnaire's address to its first question: cold, warm, without a signal, on a slow network."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from tests.bench import forms
from tests.bench.phone import BenchPhone, bench_phone, publish
from tests.bench.result import Result
from tests.servers import running_server

NAMES = (
    *(f"open_{size}_{how}{slow}_ms" for size in ("small", "big") for how in ("cold", "warm") for slow in ("", "_6x")),
    *(f"heap_{size}{slow}_mb" for size in ("small", "big") for slow in ("", "_6x")),
    "open_small_offline_ms",
    "open_big_offline_ms",
    "open_1000_offline_4x_ms",
    "open_slow_network_ms",
)
RUNS = 9
SLOW_RUNS = 7
WARM_UPS = 4


def measure_opening() -> Iterator[Result]:
    """Medians, in milliseconds from navigation until the first question is painted and can be answered.

    Cold: an enrolled phone that holds nothing else; client, communities and questionnaire come from the server. Warm: all of it is kept.
    """
    with tempfile.TemporaryDirectory() as folder, running_server("sqlite", Path(folder)) as server:
        ids = {"small": publish(server, forms.small(), "small"), "big": publish(server, forms.big(), "big")}
        thousand = publish(server, forms.big(sections=40), "thousand")
        with bench_phone(server) as phone:
            for times, suffix in ((1, ""), (6, "_6x")):
                phone.slow_down(times)
                for size, form_id in ids.items():
                    yield result(
                        f"open_{size}_cold{suffix}_ms", RUNS, lambda form_id=form_id: open_cold(phone, form_id)
                    )
                    phone.settle()
                    yield result(f"open_{size}_warm{suffix}_ms", RUNS, lambda form_id=form_id: phone.open(form_id))
                    yield Result(f"heap_{size}{suffix}_mb", round(phone.heap_mb(), 1), "MB", 1)
            phone.slow_down(1)
            phone.context.set_offline(True)
            for size, form_id in ids.items():
                yield result(f"open_{size}_offline_ms", RUNS, lambda form_id=form_id: phone.open(form_id))
            phone.slow_down(4)
            yield result("open_1000_offline_4x_ms", SLOW_RUNS, lambda: phone.open(thousand))
            phone.slow_down(1)
            phone.context.set_offline(False)
            yield result("open_slow_network_ms", SLOW_RUNS, lambda: open_slowly(phone, ids["small"]))


def result(name: str, runs: int, measure: Callable[[], float]) -> Result:
    """The median of `runs` measurements after some that do not count: the server's workers and the browser have begun to work then."""
    for _ in range(WARM_UPS):
        measure()
    return Result(name, round(median(measure() for _ in range(runs)), 1), "ms", runs)


def open_cold(phone: BenchPhone, form_id: str) -> float:
    """Open a form on a phone that holds nothing."""
    phone.forget()
    return phone.open(form_id)


def open_slowly(phone: BenchPhone, form_id: str) -> float:
    """The same on a slow network."""
    phone.forget()
    phone.slow_network()
    try:
        return phone.open(form_id)
    finally:
        phone.full_network()
