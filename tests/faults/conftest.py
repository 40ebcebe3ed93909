"""One server to be hurt for all tests here, and what a test needs to hurt it."""

import random
from collections.abc import Callable, Iterator

import pytest

from tests.faults.kinds import QueuedPlan
from tests.faults.ledger import Ledger
from tests.faults.phone import Phone, enrol_phone
from tests.faults.proxy import Proxy
from tests.faults.server import FORM_ID, FragileServer, fragile_server

#: Short, so that a test of every kind of fault takes no minutes: what phones wait for an answer, and the longest pause on the way.
PHONE_SECONDS = 0.6
PAUSE_SECONDS = 0.9


@pytest.fixture(scope="session")
def fragile(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileServer]:
    """A real server with a questionnaire of one text and one photo."""
    with fragile_server(database_kind, tmp_path_factory.mktemp("faults")) as server:
        yield server


@pytest.fixture(scope="session")
def proxy(fragile: FragileServer) -> Iterator[Proxy]:
    """The way to that server, which fails as its plan says."""
    proxy = Proxy(int(fragile.environ["PORT"]), patience=PAUSE_SECONDS).start()
    yield proxy
    proxy.stop()


@pytest.fixture
def queue(proxy: Proxy) -> Iterator[QueuedPlan]:
    """The faults that the proxy will make, one after another."""
    proxy.plan = queue = QueuedPlan()
    yield queue
    proxy.heal()


@pytest.fixture
def ledger() -> Ledger:
    """What the test's phones finished."""
    return Ledger()


NewPhone = Callable[..., Phone]


@pytest.fixture
def new_phone(fragile: FragileServer, proxy: Proxy, ledger: Ledger) -> NewPhone:
    """`new_phone(seed=1, kind=Phone)`: an enrolled phone behind the proxy."""

    def new_phone(seed: int = 1, kind: type[Phone] = Phone) -> Phone:
        link = fragile.enrolment_link(f"Volunteer {seed}")
        return enrol_phone(
            kind,
            f"phone {seed}",
            proxy.port,
            link,
            form_id=FORM_ID,
            ledger=ledger,
            random=random.Random(seed),
            timeout=PHONE_SECONDS,
        )

    return new_phone


def send_all(proxy: Proxy, *phones: Phone) -> set[str]:
    """Let everything heal and the phones send. Gives the content hashes of what they still hold."""
    proxy.settle()
    for phone in phones:
        phone.timeout, phone.dies_in = 20, None
        for _ in range(20):
            if phone.send():
                break
        phone.timeout = PHONE_SECONDS
    return {content_hash for phone in phones for content_hash in phone.outbox}
