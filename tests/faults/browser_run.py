"""Real Chromium phones through the proxy, while they, the server and the network are hurt: one run for one seed."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.faults.chromium import ChromiumPhone
from tests.faults.kinds import Plan, SeededPlan
from tests.faults.ledger import Ledger
from tests.faults.oracle import Verdict, judge, read_stored
from tests.faults.protocol_run import HEALTHY_SECONDS, Outcome, Wounds
from tests.faults.proxy import Proxy
from tests.faults.server import FragileServer, copy_project, fragile_server

#: Shares of requests that meet a fault on their way: the phone's calls, and the app's own files.
RATE = 0.35
OF_APP = 0.02
#: Another build of the same client.
NEW_BUILD = {"static/field/clock.js": ("export ", "// Another build.\nexport ")}
#: The receipt rule broken on purpose: an answer without this document's receipt counts as one. For the harness's own proof only.
BROKEN_RULE = {
    "static/field/sync/receipts.js": (
        "return own && ARRIVED.has(own.status) ? own : null",
        "return own ?? { id: entry.id, hash: entry.hash, status: 'stored', missing_files: [] }",
    )
}
#: How long a run may take to get its responses filled in, seconds a response.
SLOWEST_SECONDS = 6


def run_browsers(
    seed: int,
    responses: int,
    phones: int,
    database_kind: str,
    folder: Path,
    *,
    plan: Plan | None = None,
    is_trusting: bool = False,
) -> Outcome:
    """`responses` filled in on `phones` Chromium phones under faults; then all heals, and the verdict.

    `plan`: what goes wrong on the way, by default anything. `is_trusting`: with the receipt rule broken.
    """
    began = time.monotonic()
    rng = random.Random(seed)
    changes = BROKEN_RULE if is_trusting else {}
    data = folder / "data"
    data.mkdir()
    first, second = (
        copy_project(folder / name, changes | more) for name, more in (("first", {}), ("second", NEW_BUILD))
    )
    ledger = Ledger()
    with fragile_server(database_kind, data, root=first) as server, sync_playwright() as playwright:
        proxy = Proxy(int(server.environ["PORT"]), patience=5.0).start()
        crowd = [
            ChromiumPhone(
                playwright, folder / f"profile{number}", f"phone{number}", f"http://localhost:{proxy.port}", ledger, rng
            )
            for number in range(phones)
        ]
        try:
            for phone in crowd:
                phone.enrol(server.enrolment_link(phone.name))
            proxy.plan = plan or SeededPlan(seed, RATE, OF_APP)
            counts = hurt(server, crowd, ledger, rng, responses, second)
            proxy.heal()
            held = {content_hash for phone in crowd for content_hash in phone.send_until_empty(HEALTHY_SECONDS)}
            verdict = judge(server, ledger, held, set())
            verdict += judge_markers(server, ledger, {marker for phone in crowd for marker in phone.markers})
        finally:
            for phone in crowd:
                phone.close()
        for phone in crowd:
            counts += phone.counts
        del counts["missed"]
        counts += proxy.counts
        proxy.stop()
        return Outcome(verdict, counts, proxy.requests, time.monotonic() - began)


def hurt(
    server: FragileServer, crowd: list[ChromiumPhone], ledger: Ledger, rng: random.Random, responses: int, second: Path
) -> Counter[str]:
    """Let the phones fill in until `responses` are finished, with one thing after another going wrong. Gives the wounds of the server."""
    is_over = threading.Event()
    # While responses wait, the server comes back with another build of the app.
    wounds = Wounds(server, rng, is_over, [second, server.root])
    wounds.start()
    until = time.monotonic() + 60 + SLOWEST_SECONDS * responses
    full: list[ChromiumPhone] = []
    deck = shuffled(crowd, rng)
    while len(ledger.entries) < responses and time.monotonic() < until:
        for phone in crowd:
            if rng.random() < 0.5:
                phone.fill_some(rng.choice([1, 1, 2, 5]))
        crowd[0].page.wait_for_timeout(rng.uniform(100, 600))
        while full:
            full.pop().fill_storage(is_full=False)
        phone, number = deck.pop()
        try:
            events(phone, full)[number]()
        except Error:
            # The phone was in the middle of something else that goes wrong.
            phone.counts["missed"] += 1
        if not deck:
            deck = shuffled(crowd, rng)
    is_over.set()
    wounds.join()
    while full:
        full.pop().fill_storage(is_full=False)
    return wounds.counts


def shuffled(crowd: list[ChromiumPhone], rng: random.Random) -> list[tuple[ChromiumPhone, int]]:
    """Every event of every phone, in some order."""
    deck = [(phone, number) for phone in crowd for number in range(len(events(phone, [])))]
    rng.shuffle(deck)
    return deck


def events(phone: ChromiumPhone, full: list[ChromiumPhone]) -> list[Callable[[], object]]:
    """What may happen to a phone; the signal comes and goes more often than the rest."""

    def fill_storage() -> None:
        phone.fill_storage(is_full=True)
        full.append(phone)

    return [
        phone.toggle_network,
        phone.toggle_network,
        phone.toggle_network,
        phone.kill_tab,
        phone.kill_browser,
        phone.turn_clock,
        phone.open_second_tab,
        phone.take_update,
        fill_storage,
    ]


def judge_markers(server: FragileServer, ledger: Ledger, markers: set[str]) -> Verdict:
    """Each response was typed with a word of its own: no word may be at the server twice, whatever id it came under.

    A browser that is killed between finishing and telling leaves a response that the ledger does not know; it may be there once.
    """
    verdict = Verdict()
    seen: Counter[str] = Counter()
    for text in read_stored(server).texts.values():
        seen[json.loads(text)["answers"].get("who", "")] += 1
    for marker, times in seen.items():
        if marker not in markers:
            verdict.doubled.append(f"nobody typed what one response holds ({len(marker)} letters)")
        elif times > 1:
            verdict.doubled.append(f"{marker} is there {times} times")
    return verdict
