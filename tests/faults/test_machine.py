"""The protocol as a machine: Hypothesis chooses what phones do and what goes wrong, and shortens what it finds to the fewest steps."""

import random
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.faults.conftest import PHONE_SECONDS, send_all
from tests.faults.kinds import KINDS, Fault, QueuedPlan
from tests.faults.ledger import Ledger
from tests.faults.oracle import judge
from tests.faults.phone import Phone, enrol_phone
from tests.faults.proxy import Proxy
from tests.faults.server import FORM_ID, FragileServer

PHONES = st.integers(0, 1)
FAULTS = st.lists(st.builds(Fault, st.sampled_from(sorted(KINDS)), st.floats(0, 1), st.floats(0, 1)), max_size=4)


class SyncMachine(RuleBasedStateMachine):
    """Two phones, one server, and the way between them."""

    server: ClassVar[FragileServer]
    proxy: ClassVar[Proxy]

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        """Two phones with nothing on them."""
        self.ledger = Ledger()
        self.proxy.heal()
        self.phones = [self._phone(seed + number) for number in range(2)]
        self.proxy.plan = self.queue = QueuedPlan()

    def _phone(self, seed: int) -> Phone:
        options: dict[str, Any] = {"ledger": self.ledger, "random": random.Random(seed), "timeout": PHONE_SECONDS}
        link = self.server.enrolment_link(f"Machine {seed}")
        return enrol_phone(Phone, f"phone {seed}", self.proxy.port, link, form_id=FORM_ID, **options)

    @rule(phone=PHONES, files=st.integers(0, 2), file_bytes=st.sampled_from([0, 100, 9000]))
    def finish(self, phone: int, files: int, file_bytes: int) -> None:
        """A volunteer finishes a response."""
        self.phones[phone].finish(files=files, file_bytes=file_bytes)

    @rule(phone=PHONES, count=st.integers(2, 60))
    def finish_many(self, phone: int, count: int) -> None:
        """A day without a signal."""
        for _ in range(count):
            self.phones[phone].finish()

    @rule(phone=PHONES)
    def finish_for_no_form(self, phone: int) -> None:
        """A response that no questionnaire fits is kept aside and holds up no other."""
        self.phones[phone].finish(form="no_such_form")

    @rule(phone=PHONES, other=PHONES, is_current=st.booleans())
    def correct(self, phone: int, other: int, is_current: bool) -> None:
        """A response is corrected, on its phone or on another, from the newest revision or from none."""
        for response, (revision, _) in self.phones[other].sent.items():
            if revision:
                self.phones[phone].correct(response, revision if is_current else None)
                return

    @rule(phone=PHONES, faults=FAULTS)
    def send(self, phone: int, faults: list[Fault]) -> None:
        """A round with faults on its way."""
        for fault in faults:
            self.queue.add(fault)
        self.phones[phone].send()

    @rule(phone=PHONES, faults=FAULTS)
    def send_in_two_tabs(self, phone: int, faults: list[Fault]) -> None:
        """Two rounds of one phone at once."""
        for fault in faults:
            self.queue.add(fault)
        self.phones[phone].send_in_two_tabs()

    @rule(phone=PHONES, steps=st.integers(1, 12))
    def die(self, phone: int, steps: int) -> None:
        """The phone goes off in the middle of a round."""
        self.phones[phone].dies_in = steps
        self.phones[phone].send()
        self.phones[phone].dies_in = None

    @rule(phone=PHONES, most_bytes=st.sampled_from([0, 5000]))
    def send_to_a_full_disk(self, phone: int, most_bytes: int) -> None:
        """The server can write nothing, or nothing large."""
        with self.server.full_disk(most_bytes):
            self.phones[phone].send()

    @rule(number=st.integers(0, 3), phone=PHONES)
    def kill_worker(self, number: int, phone: int) -> None:
        """A worker goes, and the phone sends at once."""
        self.server.kill_worker(number)
        self.phones[phone].send()

    @rule(phone=PHONES)
    def lose_database(self, phone: int) -> None:
        """PostgreSQL ends all connections; SQLite is locked for a moment."""
        self.server.take_database_away(0.1)
        self.phones[phone].send()

    def teardown(self) -> None:
        """Everything heals: every finished response is at the server exactly once."""
        if hasattr(self, "queue"):
            self.queue.clear()
            verdict = judge(self.server, self.ledger, send_all(self.proxy, *self.phones))
            assert verdict.is_clean, verdict


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_nothing_is_lost_doubled_or_stuck_whatever_hypothesis_chooses(fragile: FragileServer, proxy: Proxy) -> None:
    SyncMachine.server, SyncMachine.proxy = fragile, proxy
    few = settings(
        max_examples=15,
        stateful_step_count=20,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(SyncMachine, settings=few)
    proxy.heal()
