"""Backups of a real server while phones push, restored on another machine; and what is left of a backup or a restore that was killed."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.databases import new_database
from tests.faults.ledger import Ledger
from tests.faults.oracle import read_stored
from tests.faults.phone import Phone, enrol_phone
from tests.faults.server import FORM_ID, FragileServer, fragile_server
from tests.servers import free_port

#: Seconds that a state is waited for at most.
PATIENCE_S = 120
OTHER_KIND = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture(scope="module")
def server(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileServer]:
    """A real server with a questionnaire of one text and one photo, for all tests here."""
    with fragile_server(database_kind, tmp_path_factory.mktemp("server")) as server:
        yield server


def new_phone(server: FragileServer, ledger: Ledger, seed: int) -> Phone:
    link = server.enrolment_link(f"Volunteer {seed}")
    options = {"form_id": FORM_ID, "ledger": ledger, "random": random.Random(seed), "timeout": 20}
    return enrol_phone(Phone, f"phone {seed}", int(server.environ["PORT"]), link, **options)


@contextmanager
def pushing(phones: list[Phone]) -> Iterator[None]:
    """The phones finish and send responses with photos, each in a thread of its own, for as long as the block runs."""
    is_over = threading.Event()

    def work(phone: Phone) -> None:
        while not is_over.is_set():
            phone.finish(files=phone.random.choice([0, 1]))
            phone.send()

    threads = [threading.Thread(target=work, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, "that took too long"
        time.sleep(0.05)


def command(server: FragileServer, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", "collector", *arguments]


def begin(server: FragileServer, *arguments: str) -> subprocess.Popen[bytes]:
    """Begin a command beside the server."""
    log = subprocess.DEVNULL
    return subprocess.Popen(
        command(server, *arguments), cwd=server.root, env=server.environ, stdout=log, stderr=log, start_new_session=True
    )


def empty_machine(folder: Path, url: str, root: Path) -> FragileServer:
    folder.mkdir(exist_ok=True)
    environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DATABASE_URL": url, "PORT": str(free_port())}
    return FragileServer(environ, root=root, log=folder.parent / "restored.log")


@pytest.mark.parametrize("is_encrypted", [True, False])
def test_a_backup_while_phones_push_holds_every_receipt_given_before(
    is_encrypted: bool, database_kind: str, server: FragileServer, tmp_path: Path
) -> None:
    """The encrypted one goes to a database of the same kind, the other one to the other kind."""
    ledger = Ledger()
    phones = [new_phone(server, ledger, seed) for seed in range(3)]
    (tmp_path / "passphrase").write_text("seven tall sunflowers")
    options = ["--passphrase-file", str(tmp_path / "passphrase")] if is_encrypted else []
    file = tmp_path / "all.backup"
    with pushing(phones):
        wait_until(lambda: all(len(phone.sent) > 5 for phone in phones))
        before = {response: sent for phone in phones for response, sent in dict(phone.sent).items()}
        server.run("backup", str(file), *options)
        since = sum(len(phone.sent) for phone in phones)
        wait_until(lambda: sum(len(phone.sent) for phone in phones) > since)
    kind = database_kind if is_encrypted else OTHER_KIND[database_kind]
    folder = tmp_path / "restored"
    folder.mkdir()
    with new_database(kind, folder) as url:
        restored = empty_machine(folder, url, server.root)
        if not is_encrypted:
            shutil.copy(Path(server.environ["DATA_DIR"]) / "data_key", folder)
        assert restored.run("restore", str(file), *options).strip().endswith("ok")
        stored = read_stored(restored)
        lacking = [response for response, (_, digest) in before.items() if (response, digest) not in stored.texts]
        assert lacking == []
        restored.start()
        try:
            # The same phones, with the same tokens, go on where it stands.
            for phone in phones:
                phone.port = int(restored.environ["PORT"])
                phone.finish(files=1)
                wait_until(phone.send)
        finally:
            restored.stop()
        assert restored.run("verify").strip().endswith("ok")
        # What came after the backup is what a restore cannot bring back; the phones have handed it over.
        newest = {response for phone in phones for response in list(phone.sent)[-1:]}
        assert newest <= {response for response, _ in read_stored(restored).texts}


@contextmanager
def nobody_writes(url: str) -> Iterator[None]:
    """Hold what a backup needs to note that it has begun."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
        return
    engine = create_engine(url)
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("LOCK TABLE backups IN EXCLUSIVE MODE"))
        yield
        transaction.rollback()
    engine.dispose()


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(server: FragileServer, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with nobody_writes(server.environ["DATABASE_URL"]):
        process = begin(server, "backup", str(folder / "all.backup"))
        wait_until(lambda: any(folder.iterdir()))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert [path.name for path in folder.iterdir() if not path.name.startswith(".")] == []
    server.run("backup", str(folder / "all.backup"))
    assert (folder / "all.backup").exists()


def test_a_restore_that_is_killed_leaves_no_installation_and_can_be_begun_again(
    server: FragileServer, tmp_path: Path
) -> None:
    """Killed between its files and its rows: there is no database to serve, and nothing new is made in its place."""
    phone = new_phone(server, Ledger(), 1)
    for _ in range(3):
        phone.finish(files=1)
    wait_until(phone.send)
    server.run("backup", str(tmp_path / "all.backup"))
    folder = tmp_path / "restored"
    path = folder / "collector.sqlite3"
    restored = empty_machine(folder, f"sqlite:///{path}", server.root)
    shutil.copy(Path(server.environ["DATA_DIR"]) / "data_key", folder)
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("PRAGMA journal_mode=WAL")
    lock.execute("BEGIN IMMEDIATE")
    process = begin(restored, "restore", str(tmp_path / "all.backup"))
    wait_until(lambda: sum(1 for _ in (folder / "files").glob("??/*")) >= 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    lock.execute("ROLLBACK")
    lock.close()
    engine = create_engine(restored.environ["DATABASE_URL"])
    assert inspect(engine).get_table_names() == []
    engine.dispose()
    refused = subprocess.run(
        command(restored, "init"), cwd=restored.root, env=restored.environ, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "interrupted" in refused.stderr
    assert restored.run("restore", str(tmp_path / "all.backup")).strip().endswith("ok")
    restored.run("init")
