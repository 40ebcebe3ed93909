"""`make fuzz`: spoiled bodies at every public endpoint and spoiled workbooks. The last line is for machines; 1 where something is wrong."""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path
from threading import Event

from tests.fuzz.run import fuzz


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--bodies", type=int, default=200_000)
    parser.add_argument("--workbooks", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db", default="sqlite", choices=["sqlite", "postgresql"])
    wanted = parser.parse_args()
    stopped = Event()
    # Whoever has seen enough still gets the verdict on what ran, and no server is left behind.
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: stopped.set())
    with tempfile.TemporaryDirectory(prefix="collector-fuzz-") as folder:
        verdict = fuzz(
            wanted.db,
            Path(folder),
            bodies=wanted.bodies,
            workbooks=wanted.workbooks,
            seed=wanted.seed,
            tell=tell,
            is_enough=stopped.is_set,
        )
    for line in verdict.complaints():
        tell(line)
    print(json.dumps(verdict.as_dict(), ensure_ascii=False))
    return 1 if verdict.complaints() else 0


def tell(line: str) -> None:
    """Say how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
