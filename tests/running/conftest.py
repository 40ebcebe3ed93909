"""A real server that says all it can in its log, and phones of it."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger
from tests.faults.phone import Phone, enrol_phone
from tests.faults.server import FORM_ID, FragileServer, fragile_server

NewPhone = Callable[[FragileServer, str], Phone]


@pytest.fixture(scope="session")
def served(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileServer]:
    """A server with two workers whose log is in `server.log` of its data folder."""
    folder = tmp_path_factory.mktemp("running")
    with fragile_server(database_kind, folder, LOG_LEVEL="debug", LOG_FORMAT="json", TRUSTED_PROXIES="1") as server:
        yield server


@pytest.fixture
def new_phone() -> NewPhone:
    """`new_phone(server, name)`: an enrolled phone."""

    def new_phone(server: FragileServer, name: str) -> Phone:
        return enrol_phone(
            Phone,
            name,
            int(server.environ["PORT"]),
            server.enrolment_link(name),
            form_id=FORM_ID,
            ledger=Ledger(),
            random=random.Random(1),
            timeout=30.0,
        )

    return new_phone


def log_of(server: FragileServer) -> str:
    """What the server has written into its log by now."""
    return (Path(server.environ["DATA_DIR"]) / "server.log").read_text()
