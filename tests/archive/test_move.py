"""`collector move`: a running installation on SQLite goes to PostgreSQL; nothing that a phone handed over or still holds is lost."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from collector.archive.moving import Files
from collector.settings import load_settings
from collector.store.contents import FILES, open_contents
from collector.store.data_keys import DataKey, DataKeys
from collector.store.moved import MovedError, holding_writers
from collector.store.session import make_engine
from tests.archive.test_while_running import begin, command, new_phone, pushing, wait_until
from tests.databases import new_database
from tests.faults.ledger import Ledger
from tests.faults.oracle import read_stored
from tests.faults.phone import Phone
from tests.faults.server import FragileServer, fragile_server
from tests.servers import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileServer]:
    """A real server on SQLite. Tests that leave it where it is come first."""
    with fragile_server("sqlite", tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def target(tmp_path: Path) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with new_database("postgresql", tmp_path) as url:
        yield url


def run(server: FragileServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    full = command(server, *arguments)
    return subprocess.run(full, cwd=server.root, env=server.environ, capture_output=True, text=True, check=False)


def goes_on(server: FragileServer, phones: Sequence[Phone], ledger: Ledger, **moved: str) -> None:
    """Start the server over what was moved, let `phones` send what they still hold, and find all that was finished there, once."""
    server.environ |= moved | {"PORT": str(free_port())}
    server.run("init")
    server.start()
    for phone in phones:
        phone.port = int(server.environ["PORT"])
        wait_until(phone.send)
    stored = read_stored(server)
    lost = [entry.id for entry in ledger.entries.values() if (entry.id, entry.content_hash) not in stored.texts]
    assert lost == []
    assert max(stored.times.values()) == 1
    server.stop()
    assert server.run("verify").strip().endswith("ok")


def execute(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_what_is_in_the_way_is_said_and_all_goes_on_here(server: FragileServer, target: str) -> None:
    nowhere = run(server, "move", "--to", f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    assert nowhere.returncode == 1
    assert "cannot be reached" in nowhere.stderr
    execute(target, "CREATE TABLE theirs (id integer)")
    full = run(server, "move", "--to", target)
    assert full.returncode == 1
    assert "empty database" in full.stderr
    other = run(server, "move", "--to", "sqlite:////tmp/nothing.sqlite3")
    assert other.returncode == 1
    assert "backup and restore" in other.stderr
    phone = new_phone(server, Ledger(), 1)
    phone.finish()
    assert phone.send()


def test_a_move_that_is_killed_holds_nobody_up(server: FragileServer, target: str) -> None:
    """Killed while nobody may write: the next one who does finds all as it was."""
    phone = new_phone(server, Ledger(), 1)
    phone.finish(files=1)
    wait_until(phone.send)
    marker = Path(server.environ["DATABASE_URL"].removeprefix("sqlite:///") + ".moved")
    engine = create_engine(target)
    with engine.connect() as connection, connection.begin():
        # The move waits for this lock, which it needs to make its tables, with the writers held.
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"))
        process = begin(server, "move", "--to", target)
        wait_until(lambda: marker.exists() or process.poll() is not None)
        time.sleep(0.5)
        phone.finish()
        assert not phone.send()
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    engine.dispose()
    wait_until(phone.send)


def test_phones_that_push_while_it_moves_lose_nothing(server: FragileServer, target: str, tmp_path: Path) -> None:
    ledger = Ledger()
    phones = [new_phone(server, ledger, seed) for seed in range(3)]
    with pushing(phones):
        wait_until(lambda: all(len(phone.sent) > 5 for phone in phones))
        moved = run(server, "move", "--to", target)
        assert moved.returncode == 0, moved.stdout + moved.stderr
        # Those that still reach the old server are told to come back later, and keep what they have.
        wait_until(lambda: all(phone.outbox for phone in phones))
    assert "DATABASE_URL" in moved.stdout
    late = phones[0].finish(files=1)
    answer = phones[0].call("POST", "/sync/v1/push", b'{"responses": []}', {"Content-Type": "application/json"})
    if answer.status != 200:
        assert (answer.status, answer.json()["error"]["code"]) == (503, "moved")
    assert not phones[0].send()
    assert late.content_hash in phones[0].outbox
    assert run(server, "move", "--to", target, "--check").returncode == 0
    sent = next(iter(phones[0].sent))
    execute(target, f"UPDATE responses SET place_code = 'C99' WHERE id = '{sent}'")
    found = run(server, "move", "--to", target, "--check")
    assert found.returncode == 1
    assert f"fault: responses: id {sent} is not the same there" in found.stdout
    assert "C99" not in found.stdout + found.stderr
    execute(target, f"UPDATE responses SET place_code = '' WHERE id = '{sent}'")
    server.stop()
    # By mistake on the old database: nothing new is begun there.
    for arguments in (["init"], ["backup", str(tmp_path / "late.backup")], ["move", "--to", target]):
        again = run(server, *arguments)
        assert again.returncode == 1
        assert "has moved to postgresql" in again.stderr or "already" in again.stderr
        assert "Traceback" not in again.stderr

    goes_on(server, phones, ledger, DATABASE_URL=target)


def test_only_an_unbroken_move_refuses_writers(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}", DataKeys((DataKey(bytes(32)),)))

    def write() -> None:
        with engine.connect() as plain:
            connection = plain.execution_options(is_write=True)
            with connection.begin():
                connection.execute(text("CREATE TABLE IF NOT EXISTS a (id integer)"))

    write()
    with holding_writers(engine):
        with pytest.raises(MovedError) as raised:
            write()
        assert not raised.value.is_over
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM a")).scalar_one() == 0
    write()
    with holding_writers(engine) as hold:
        hold.tell_moved("postgresql://elsewhere")
    with pytest.raises(MovedError, match="postgresql://elsewhere") as raised:
        write()
    assert raised.value.is_over
    with pytest.raises(MovedError), holding_writers(engine):
        pass
    engine.dispose()


def test_what_is_erased_while_files_are_on_their_way_does_not_stay_there(tmp_path: Path) -> None:
    """Files go first, while the office may still erase a response."""
    keys = DataKeys((DataKey(bytes(32)),))
    here, there = (open_contents(load_settings({"DATA_DIR": str(tmp_path / name)}), keys) for name in ("here", "there"))
    erased, kept, late = (here.keep_bytes(FILES, content) for content in (b"erased", b"kept", b"late"))
    files = Files(here, there, lambda _: None)
    for name in (erased, kept):
        files.take(FILES, name)
    here.remove(FILES, erased)
    files.take_last([(FILES, kept), (FILES, late)])
    assert {name for name, _kept_at in there.names(FILES)} == {kept, late}
    assert (files.count, files.size_bytes, files.missing) == (2, len(b"kept" + b"late"), [])
