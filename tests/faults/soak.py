"""`make soak`: thousands of responses under faults, and what became of them. The last line is for machines."""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from tests.databases import POSTGRESQL_URL
from tests.faults.oracle import Verdict
from tests.faults.phone import Phone, TrustingPhone
from tests.faults.protocol_run import Outcome, run_protocol

LEAST_KINDS = 12
#: Responses of one seed; a run has as many seeds as it takes.
OF_ONE_SEED = 2500


def main() -> int:
    """Run what was asked for; 0 where nothing was lost, doubled or stuck."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--responses", type=int, default=20_000, help="through the protocol machine")
    parser.add_argument("--phones", type=int, default=8, help="of the protocol machine, at once")
    parser.add_argument("--browser-responses", type=int, default=300, help="through real Chromium phones")
    parser.add_argument("--browsers", type=int, default=4, help="Chromium phones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db", default="both", choices=["sqlite", "postgresql", "both"])
    parser.add_argument(
        "--break-receipt-rule", action="store_true", help="let phones drop on any 200: the harness has to notice"
    )
    wanted = parser.parse_args()
    kinds = databases(wanted.db)
    verdict, counts = Verdict(), Counter[str]()
    for number, size in enumerate(portions(wanted.responses)):
        database = kinds[number % len(kinds)]
        phone = TrustingPhone if wanted.break_receipt_rule else Phone
        with tempfile.TemporaryDirectory(prefix="collector-soak-") as folder:
            outcome = run_protocol(wanted.seed + number, size, wanted.phones, database, Path(folder), phone)
        tell(f"protocol, seed {wanted.seed + number}, {database}", outcome)
        verdict += outcome.verdict
        counts += outcome.counts
    if wanted.browser_responses:
        from tests.faults.browser_run import run_browsers

        with tempfile.TemporaryDirectory(prefix="collector-soak-") as folder:
            outcome = run_browsers(
                wanted.seed,
                wanted.browser_responses,
                wanted.browsers,
                kinds[0],
                Path(folder),
                is_trusting=wanted.break_receipt_rule,
            )
        tell(f"Chromium, seed {wanted.seed}, {kinds[0]}", outcome)
        verdict += outcome.verdict
        counts += outcome.counts
    print(json.dumps(summary(verdict, counts)))
    return 0 if verdict.is_clean and len(counts) >= LEAST_KINDS else 1


def databases(wanted: str) -> list[str]:
    """The databases to use in turn: both where PostgreSQL is to be had."""
    if wanted != "both":
        return [wanted]
    engine = create_engine(POSTGRESQL_URL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError:
        print("no PostgreSQL here: SQLite only", file=sys.stderr)
        return ["sqlite"]
    finally:
        engine.dispose()
    return ["sqlite", "postgresql"]


def portions(responses: int) -> list[int]:
    """`responses` cut into portions of one seed each."""
    whole, rest = divmod(responses, OF_ONE_SEED)
    return [OF_ONE_SEED] * whole + [rest] * (rest > 0)


def tell(what: str, outcome: Outcome) -> None:
    """Say how a run went, for people."""
    verdict = outcome.verdict
    print(
        f"{what}: {verdict.responses} responses, {verdict.files} files, {outcome.requests} requests, "
        f"{sum(outcome.counts.values())} faults, {outcome.seconds:.0f} s",
        flush=True,
    )
    for name in ("lost", "doubled", "stuck"):
        found = getattr(verdict, name)
        for sentence in found[:10]:
            print(f"  {name}: {sentence}", flush=True)
        if len(found) > 10:
            print(f"  {name}: and {len(found) - 10} more", flush=True)


def summary(verdict: Verdict, counts: Counter[str]) -> dict[str, object]:
    """The last line."""
    return {
        "responses": verdict.responses,
        "faults": dict(sorted(counts.items())),
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "stuck": len(verdict.stuck),
    }


if __name__ == "__main__":
    raise SystemExit(main())
