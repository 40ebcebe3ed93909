"""`make bench ONLY=name,…`: runs the measurements and prints one JSON object a line."""

import json
import sys
from collections.abc import Callable, Iterator

from tests.bench import answering, desk, exports, lighthouse, lists, load, opening, replica, walks
from tests.bench.client import measure_client
from tests.bench.demo import measure_demo
from tests.bench.engine import measure_engine
from tests.bench.result import Result

#: Each measurement with the names of what it measures.
MEASUREMENTS: dict[tuple[str, ...], Callable[[], Iterator[Result]]] = {
    ("first_form_bytes", "client_total_bytes"): measure_client,
    ("demo_s", "worker_memory_mb"): measure_demo,
    opening.NAMES: opening.measure_opening,
    answering.NAMES: answering.measure_answering,
    lists.NAMES: lists.measure_lists,
    ("server_check_30q_ms", "server_check_500q_ms"): measure_engine,
    desk.NAMES: desk.measure_desk,
    exports.NAMES: exports.measure_exports,
    walks.NAMES: walks.measure_walks,
    lighthouse.NAMES: lighthouse.measure_lighthouse,
    load.PUSH_NAMES: load.measure_pushes,
    load.MEMORY_NAMES: load.measure_memory,
    load.COST_NAMES: load.measure_cost,
    load.STORM_NAMES: load.measure_storm,
    replica.NAMES: replica.measure_replica,
}

#: Names for what is mostly wanted together.
GROUPS = {
    "exports": exports.NAMES,
    "walks": walks.NAMES,
    "lighthouse": lighthouse.NAMES,
    "pushes": load.PUSH_NAMES,
    "storm": load.STORM_NAMES,
}


def main(only: set[str]) -> None:
    """Run the measurements named in `only`, or all."""
    only = {name for given in only for name in GROUPS.get(given, (given,))}
    known = {name for names in MEASUREMENTS for name in names}
    if only - known:
        sys.exit(f"no such measurement: {', '.join(sorted(only - known))}; there are: {', '.join(sorted(known))}")
    for names, measure in MEASUREMENTS.items():
        if not only or only & set(names):
            for result in measure():
                if not only or result.bench in only:
                    print(json.dumps(result.as_json()), flush=True)


main({name for name in ",".join(sys.argv[1:]).split(",") if name})
