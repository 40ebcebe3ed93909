"""Runs expression vectors in the server's host: `python tests/engine/vectors_host.py FILE.jsonl`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from collector.questionnaires.engine import Engine  # noqa: E402
from collector.questionnaires.zones import zone_table  # noqa: E402


def vector_engine() -> Engine:
    """Give an engine that can run vectors."""
    return Engine(extra=(HERE / "vectors.js", HERE / "vectors_host.js"))


def run_vector(engine: Engine, vector: dict[str, Any]) -> str | None:
    """Run a vector; None where it passes, else what came instead."""
    table = zone_table(vector.get("tz") or "UTC")
    outcome: str | None = engine.call(
        "hostRunVector", json.dumps(vector), float(round(time.time() * 1000)), json.dumps(table)
    )
    return outcome


def main(path: str) -> int:
    """Run a file, print a line for each failure and at last the counts."""
    engine, passed, failed = vector_engine(), 0, 0
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        vector = json.loads(line)
        outcome = run_vector(engine, vector)
        if outcome is None:
            passed += 1
        else:
            failed += 1
            print(f"{vector['id']}: {vector['expr']} gives {outcome}, not {json.dumps(vector['expect'])}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
