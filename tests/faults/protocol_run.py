"""Many Python phones at once through the proxy, while the server is hurt: one run for one seed."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.faults.kinds import SeededPlan
from tests.faults.ledger import Ledger
from tests.faults.oracle import Verdict, judge
from tests.faults.phone import Phone, enrol_phone
from tests.faults.proxy import Proxy
from tests.faults.server import FORM_ID, FragileServer, fragile_server

#: Share of requests that meet a fault on their way.
RATE = 0.25
#: Rounds that a phone still makes under faults once it has nothing more to fill in.
LAST_ROUNDS = 40
#: Seconds between one wound of the server and the next.
PAUSE_SECONDS = (0.8, 2.5)
HEALTHY_SECONDS = 60


@dataclass
class Outcome:
    """What a run comes to."""

    verdict: Verdict
    counts: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    seconds: float = 0.0


def run_protocol(
    seed: int, responses: int, phones: int, database_kind: str, folder: Path, kind: type[Phone] = Phone
) -> Outcome:
    """`responses` finished on `phones` phones and sent under faults; then all heals, and the verdict."""
    began = time.monotonic()
    rng = random.Random(seed)
    with fragile_server(database_kind, folder, WORKERS="3") as server:
        proxy = Proxy(int(server.environ["PORT"]), SeededPlan(seed, RATE)).start()
        ledger = Ledger()
        plan, proxy.plan = proxy.plan, SeededPlan(seed, 0)
        crowd = [
            enrol_phone(
                kind,
                f"phone {number}",
                proxy.port,
                server.enrolment_link(f"Phone {number}"),
                form_id=FORM_ID,
                ledger=ledger,
                random=random.Random(seed * 1000 + number),
                dies=0.01,
                clock_jumps=0.1,
            )
            for number in range(phones)
        ]
        proxy.plan = plan
        is_over = threading.Event()
        wounds = Wounds(server, rng, is_over)
        wounds.start()
        use_all(crowd, lambda phone: use(phone, responses // phones + (phone is crowd[0]) * (responses % phones)))
        is_over.set()
        wounds.join()
        proxy.heal()
        use_all(crowd, send_until_empty)
        held = {content_hash for phone in crowd for content_hash in phone.outbox}
        verdict = judge(server, ledger, held)
        try:
            # The server's own word on database, files and journal.
            server.run("verify")
        except AssertionError as error:
            verdict.lost.append(f"collector verify: {error}")
        counts = proxy.counts + wounds.counts
        for phone in crowd:
            counts += phone.counts
        proxy.stop()
        return Outcome(verdict, counts, proxy.requests, time.monotonic() - began)


def use_all(crowd: list[Phone], work: Callable[[Phone], None]) -> None:
    """Let each phone do `work` in a thread of its own."""
    threads = [threading.Thread(target=work, args=(phone,)) for phone in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def use(phone: Phone, quota: int) -> None:
    """A volunteer's days: some responses, now and then photos, corrections, and sending whenever there is something."""
    left = quota
    while left > 0:
        burst = min(left, phone.random.choice([1, 2, 5, 20, 60]))
        for _ in range(burst):
            finish_one(phone)
        left -= burst
        if phone.random.random() < 0.1:
            phone.send_in_two_tabs()
        for _ in range(phone.random.randint(1, 4)):
            if phone.send():
                break
    for _ in range(LAST_ROUNDS):
        if phone.send():
            break


def finish_one(phone: Phone) -> None:
    """One response: mostly plain; some with files, some that correct an earlier one, a few that no form fits."""
    chance = phone.random.random()
    if chance < 0.05 and phone.sent:
        response = phone.random.choice(list(phone.sent))
        revision, _ = phone.sent[response]
        # Where somebody else was first the base is an old one: a conflict, which is kept too.
        if revision:
            phone.correct(response, revision if phone.random.random() < 0.7 else None)
            return
    if chance < 0.06:
        phone.finish(form="no_such_form")
    elif chance < 0.12:
        phone.finish(files=phone.random.choice([1, 1, 2, 3]), file_bytes=phone.random.choice([0, 300, 20_000, 150_000]))
    else:
        phone.finish()


def send_until_empty(phone: Phone) -> None:
    """The healthy minute."""
    phone.dies, phone.timeout = 0.0, 20
    until = time.monotonic() + HEALTHY_SECONDS
    while not phone.send() and time.monotonic() < until:
        time.sleep(0.1)


class Wounds(threading.Thread):
    """Hurts the server again and again until it is over. `roots`: projects that it serves in turn, another one after each new start."""

    def __init__(
        self, server: FragileServer, rng: random.Random, is_over: threading.Event, roots: Sequence[Path] = ()
    ) -> None:
        super().__init__(name="wounds")
        self._roots = cycle(roots or [server.root])
        self.server = server
        self.counts: Counter[str] = Counter()
        self._random = rng
        self._is_over = is_over

    def run(self) -> None:
        """One wound after another, each kind in turn."""
        kinds = [self.worker_killed, self.database_away, self.disk_full, self.server_killed]
        while True:
            self._random.shuffle(kinds)
            for wound in kinds:
                if self._is_over.wait(self._random.uniform(*PAUSE_SECONDS)):
                    return
                wound()
                self.counts[wound.__name__] += 1

    def worker_killed(self) -> None:
        """SIGKILL to a worker."""
        self.server.kill_worker(self._random.randrange(8))

    def server_killed(self) -> None:
        """SIGKILL to all of it, and a new start."""
        self.server.root = next(self._roots)
        self.server.kill_and_restart()

    def database_away(self) -> None:
        """Longer than phones wait for an answer."""
        self.server.take_database_away(2.5 if self.server.is_sqlite else 1.0)

    def disk_full(self) -> None:
        """For a while nothing, or nothing large, can be written."""
        with self.server.full_disk(self._random.choice([0, 10_000])):
            time.sleep(1.0)
