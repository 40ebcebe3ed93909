"""How long the server's check of one finished response takes, in V8 and its process."""

import time
from collections.abc import Iterator
from statistics import median

from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.engine import Engine
from tests.bench.forms import big, small
from tests.bench.result import Result
from tests.engine.walks import NOW_MS, ZONE, walk_answers, walk_engine

ROUNDS = 15


def measure_engine() -> Iterator[Result]:
    """The check of a response to the small and to the big form, filled in at random, by an engine that knows the form."""
    for name, content in (("server_check_30q_ms", small()), ("server_check_500q_ms", big())):
        model = compile_workbook(content, "form.xlsx").model_json
        assert model is not None
        answers = walk_answers(walk_engine(), model, 1)
        engine = Engine()
        times = []
        for _ in range(ROUNDS + 1):
            began = time.perf_counter()
            flags = engine.check(name, model, answers, now_ms=NOW_MS, tz=ZONE).flags
            times.append((time.perf_counter() - began) * 1000)
            assert flags == []
        # The first one reads the model.
        yield Result(name, round(median(times[1:]), 2), "ms", ROUNDS)
