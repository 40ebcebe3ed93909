"""Every kind of fault by itself: a response with a photo meets it in each of its calls, and is at the server exactly once afterwards."""

import time

import pytest

from tests.faults.conftest import NewPhone, send_all
from tests.faults.kinds import KINDS, Fault, QueuedPlan
from tests.faults.ledger import Ledger
from tests.faults.oracle import judge
from tests.faults.proxy import Proxy
from tests.faults.server import FragileServer


@pytest.mark.parametrize("kind", KINDS)
def test_a_response_meets_it_and_arrives_once(
    kind: str, fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    phone = new_phone()
    before = proxy.counts[kind]
    for calls in range(3):
        phone.finish(files=1, file_bytes=6000)
        queue.clear()
        for at in (0.0, 0.4, 0.99)[: calls + 1]:
            queue.add(Fault(kind, at, 0.5))
        for _ in range(4):
            phone.send()
    assert proxy.counts[kind] > before
    queue.clear()
    verdict = judge(fragile, ledger, send_all(proxy, phone))
    assert (verdict.responses, verdict.files) == (3, 3)
    assert verdict.is_clean, verdict


@pytest.mark.parametrize("steps", range(1, 9))
def test_a_phone_that_goes_off_at_any_step_goes_on_where_it_was(
    steps: int, fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    phone = new_phone(steps)
    phone.finish(files=2, file_bytes=3000)
    phone.finish()
    phone.dies_in = steps
    phone.send()
    verdict = judge(fragile, ledger, send_all(proxy, phone))
    assert verdict.is_clean, verdict


def test_a_disk_that_is_full_keeps_nothing_by_halves(
    fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    phone = new_phone()
    phone.timeout = 10
    phone.finish(files=1, file_bytes=40_000)
    with fragile.full_disk():
        phone.send()
        assert phone.outbox
    with fragile.full_disk(2000):
        phone.send()
        assert phone.outbox
    verdict = judge(fragile, ledger, send_all(proxy, phone))
    assert verdict.is_clean, verdict


def test_a_server_that_is_killed_in_the_middle_comes_back_with_all_that_it_gave_receipts_for(
    fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    phone = new_phone()
    for _ in range(30):
        phone.finish()
    phone.send()
    phone.finish(files=1)
    fragile.kill()
    assert not phone.send()
    fragile.start()
    verdict = judge(fragile, ledger, send_all(proxy, phone))
    assert verdict.is_clean, verdict
    assert verdict.responses == 31


def test_a_database_that_goes_away_refuses_for_now_and_forgets_nothing(
    fragile: FragileServer, proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone, ledger: Ledger
) -> None:
    phone = new_phone()
    phone.finish(files=1)
    phone.send()
    phone.finish(files=1)
    fragile.take_database_away(0.1)
    phone.send()
    verdict = judge(fragile, ledger, send_all(proxy, phone))
    assert verdict.is_clean, verdict


def test_a_fault_takes_its_time_and_no_more(proxy: Proxy, queue: QueuedPlan, new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.finish()
    queue.add(Fault("half_open"))
    began = time.monotonic()
    assert not phone.send()
    assert 0.3 < time.monotonic() - began < 5
    assert phone.send()
