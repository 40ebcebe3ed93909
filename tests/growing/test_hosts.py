"""Two hosts, each a real gunicorn with a data folder of its own, over one PostgreSQL and one store of files."""

import base64
import random
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from collector.accounts.tries import TRIES
from collector.store import Response, User
from collector.store.people import OWNER
from collector.store.session import dispose
from tests.databases import POSTGRESQL_URL, new_database
from tests.faults.ledger import Ledger
from tests.faults.oracle import judge
from tests.faults.phone import Answer, Phone, UnreachableError, enrol_phone
from tests.faults.server import FORM_ID, FragileServer, publish_form
from tests.s3 import S3Server
from tests.servers import free_port

PATIENCE_S = 120
PHONES, RESPONSES = 5, 16


@dataclass
class Hosts:
    """Two hosts of one installation."""

    a: FragileServer
    b: FragileServer

    @property
    def both(self) -> tuple[FragileServer, FragileServer]:
        """One and the other."""
        return self.a, self.b

    @property
    def password(self) -> str:
        """The owner's, which one of the two made and printed."""
        return next(host.password for host in self.both if "Password" in host.printed)


def new_keys() -> dict[str, str]:
    """The keys that all hosts of an installation share."""
    sealing = ec.generate_private_key(ec.SECP256R1())
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SEALING_KEY": sealing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    }


@pytest.fixture(scope="module")
def hosts(s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Both are set up at the same moment over an empty database, and then serve."""
    try:
        create_engine(POSTGRESQL_URL, connect_args={"connect_timeout": 3}).connect().close()
    except OperationalError:
        pytest.skip("no PostgreSQL here: nothing was tried on several hosts")
    with new_database("postgresql", tmp_path_factory.mktemp("unused")) as url, pytest.MonkeyPatch.context() as here:
        # For the test itself, which looks into the store as the hosts do.
        for name, value in s3.environ.items():
            here.setenv(name, value)
        shared = {"DATABASE_URL": url, "FILES_URL": s3.files_url(uuid4().hex), "DEFAULT_LANGUAGE": "en"}
        shared |= new_keys() | s3.environ
        made = []
        for name in "ab":
            folder = tmp_path_factory.mktemp(f"host-{name}")
            own = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(folder), "PORT": str(free_port())}
            made.append(FragileServer(shared | own, log=folder / "server.log"))
        both = Hosts(*made)
        with ThreadPoolExecutor(2) as pool:
            both.a.printed, both.b.printed = pool.map(lambda host: host.run("init", "--no-sample"), both.both)
        publish_form(both.a)
        for host in both.both:
            host.start()
        try:
            yield both
        finally:
            for host in both.both:
                host.stop()


class RoamingPhone(Phone):
    """A phone behind a balancer: each call goes to one of the hosts, whichever."""

    ports: tuple[int, ...] = ()
    answered: Counter[int]

    def call(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One call."""
        self.port = self.random.choice(self.ports)
        answer = super().call(method, path, body, headers)
        if answer.status >= 500:
            raise UnreachableError(f"{path} answered {answer.status}")
        self.answered[self.port] += 1
        return answer


def enrol(hosts: Hosts, number: int, ledger: Ledger) -> Phone:
    """A phone that roams between both."""
    ports = tuple(int(host.environ["PORT"]) for host in hosts.both)
    # Of the class, so that a phone that is being enrolled has them already.
    RoamingPhone.ports, RoamingPhone.answered = ports, Counter()
    link = hosts.a.enrolment_link(f"Volunteer {number} {uuid4().hex[:6]}")
    return enrol_phone(
        RoamingPhone,
        f"phone {number}",
        ports[0],
        link,
        form_id=FORM_ID,
        ledger=ledger,
        random=random.Random(number),
        timeout=5,
    )


def sign_in(host: FragileServer, password: str) -> requests.Session:
    """The owner's browser, which signed in there. Its cookies count for a name, whatever the port."""
    browser = requests.Session()
    page = browser.get(f"{host.url}/office/sign-in", timeout=30)
    fields = {"csrf_token": token_of(page.text), "login": "owner", "password": password}
    answer = browser.post(f"{host.url}/office/sign-in", data=fields, timeout=30)
    assert answer.ok and "/office/sign-in" not in answer.url, answer.text
    return browser


def token_of(page: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def look_behind(host: FragileServer, look: Callable[[Session], int]) -> int:
    """What stands in the database."""
    app = host.app
    with Session(app.extensions["collector_engine"]) as session:
        found = look(session)
    dispose(app)
    return found


def test_hosts_that_begin_at_the_same_moment_set_up_once(hosts: Hosts) -> None:
    assert (
        look_behind(hosts.a, lambda session: session.execute(text("SELECT count(*) FROM alembic_version")).scalar_one())
        == 1
    )
    owners = select(func.count()).select_from(User).where(User.role == OWNER)
    assert look_behind(hosts.a, lambda session: session.scalar(owners) or 0) == 1
    assert ["Password" in host.printed for host in hosts.both].count(True) == 1


def test_phones_lose_nothing_when_a_host_is_killed_in_the_middle(hosts: Hosts) -> None:
    """Each call of each phone goes to either host; one is killed while all are sending, and comes back later."""
    ledger = Ledger()
    phones = [enrol(hosts, number, ledger) for number in range(PHONES)]
    is_half = threading.Event()

    def work(phone: Phone) -> None:
        for number in range(RESPONSES):
            phone.finish(files=number % 5 == 0, file_bytes=20_000)
            phone.send()
            if number >= RESPONSES // 4:
                is_half.set()

    threads = [threading.Thread(target=work, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    assert is_half.wait(PATIENCE_S)
    before = dict(RoamingPhone.answered)
    # With all its workers, whatever they are at.
    hosts.b.kill()
    killed_with = sum(len(phone.outbox) for phone in phones)
    for thread in threads:
        thread.join(PATIENCE_S)
    hosts.b.start()
    until = time.monotonic() + PATIENCE_S
    for phone in phones:
        while not phone.send():
            assert time.monotonic() < until
    assert killed_with, "there was something on its way"
    assert all(before.get(int(host.environ["PORT"])) for host in hosts.both), "both had served until then"
    verdict = judge(hosts.a, ledger, {hashed for phone in phones for hashed in phone.outbox})
    assert verdict.responses == PHONES * RESPONSES and verdict.files
    assert verdict.is_clean, verdict
    for host in hosts.both:
        # Raises where it finds anything.
        host.run("verify")


def test_who_signed_in_on_one_host_is_in_on_the_other(hosts: Hosts) -> None:
    browser = sign_in(hosts.a, hosts.password)
    board = browser.get(f"{hosts.b.url}/office/board", timeout=30)
    assert board.status_code == 200 and "/office/sign-in" not in board.url
    # A form that one host gave is taken by the other.
    page = browser.get(f"{hosts.a.url}/office/people/new-volunteer", timeout=30)
    fields = {"csrf_token": token_of(page.text), "name": "Hua", "language": "en"}
    answer = browser.post(f"{hosts.b.url}/office/people/new-volunteer", data=fields, timeout=30)
    assert answer.ok and "Hua" in answer.text


def test_a_file_that_was_asked_for_on_one_host_is_fetched_on_the_other(hosts: Hosts) -> None:
    phone = enrol(hosts, 99, Ledger())
    sent = [phone.finish().id for _ in range(3)]
    assert phone.send()
    browser = sign_in(hosts.a, hosts.password)
    page = browser.get(f"{hosts.a.url}/office/exports/{FORM_ID}", timeout=30)
    fields = {
        "csrf_token": token_of(page.text),
        "format": "csv",
        "choices": "values",
        "language": "",
        "headers": "path",
    }
    fields |= {"multiple": "one", "repeats": "tables", "times": "offset"}
    asked = browser.post(f"{hosts.a.url}/office/exports/{FORM_ID}", data=fields, timeout=30)
    assert asked.ok, asked.text
    until = time.monotonic() + PATIENCE_S
    while True:
        listed = browser.get(f"{hosts.b.url}/office/exports/", timeout=30).text
        (job, state), *_older = re.findall(r'data-file="([^"]+)" data-state="([^"]+)"', listed)
        if state == "ready":
            break
        assert state in ("waiting", "running") and time.monotonic() < until, state
        time.sleep(0.1)
    for host in hosts.both:
        fetched = browser.get(f"{host.url}/office/exports/-/{job}", timeout=30)
        assert fetched.status_code == 200
        assert all(id_ in fetched.text for id_ in sent)
    assert look_behind(hosts.a, lambda session: session.scalar(select(func.count()).select_from(Response)) or 0) >= 3


def test_A79_wrong_passwords_are_counted_over_all_hosts(hosts: Hosts) -> None:
    """A79: who tries at both has no more tries than who tries at one."""

    def attempt(host: FragileServer, password: str) -> int:
        text = base64.b64encode(f"nobody:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {text}"}
        return requests.get(f"{host.url}/v1/users/current", headers=headers, timeout=30).status_code

    for number in range(TRIES):
        assert attempt(hosts.both[number % 2], "wrong") == 401
    assert [attempt(host, "wrong") for host in hosts.both] == [429, 429]


@pytest.fixture(scope="module", autouse=True)
def _folders_are_their_own(hosts: Hosts) -> Iterator[None]:
    """At the end neither host has kept anything in its folder that the other would have needed."""
    yield
    for host in hosts.both:
        folder = Path(host.environ["DATA_DIR"])
        kept = {path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file()}
        assert kept <= {"server.log", "static"}, kept
