"""A PostgreSQL of a test's own with a streaming replica, both on loopback: `initdb`, `pg_basebackup`, as on two machines."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.servers import free_port

#: Where the programs lie that no PATH names: Debian keeps a folder for each version.
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
NAME = "district"
#: Quick to begin with, and nothing that a power cut could take is lost with what was streamed.
CONFIGURATION = """
listen_addresses = '127.0.0.1'
wal_level = replica
max_wal_senders = 4
hot_standby = on
shared_buffers = 16MB
max_connections = 60
fsync = off
"""
#: The superuser of both. PostgreSQL refuses to run as root.
OWNER = "postgres"


def find_programs() -> Path | None:
    """The folder of PostgreSQL's own programs, the newest; None where there are none."""
    found = [path for pattern in PLACES for path in Path("/").glob(pattern[1:]) if (path / "pg_basebackup").exists()]
    beside = shutil.which("pg_basebackup")
    folders = [*found, *([Path(beside).parent] if beside else [])]
    whole = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    return max(whole, key=lambda folder: [int(part) for part in folder.parts if part.isdigit()], default=None)


@dataclass
class Cluster:
    """A PostgreSQL server with its data in `folder`."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of its one database of ours."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{NAME}"

    @property
    def log(self) -> Path:
        """Where it says what it is at."""
        return self.folder.parent / f"{self.folder.name}.log"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        # Nothing that it says is to hold up whoever started it.
        self.control("start", "-w", "-l", str(self.log), "-o", f"-p {self.port} -k ''")

    def stop(self) -> None:
        """Take it away at once, whatever it is at."""
        self.control("stop", "-m", "immediate")

    def is_running(self) -> bool:
        """Whether it runs."""
        return (self.folder / "postmaster.pid").exists()

    def control(self, *words: str) -> None:
        """Run pg_ctl."""
        run_as_owner([self.programs / "pg_ctl", "-D", self.folder, *words])

    def ask(self, statement: str, name: str = NAME) -> list[tuple[object, ...]]:
        """Run a statement as its owner; gives its rows."""
        with psycopg.connect(f"postgresql://{OWNER}@127.0.0.1:{self.port}/{name}", autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@dataclass
class Pair:
    """A primary and its replica."""

    primary: Cluster
    replica: Cluster

    def pause(self) -> None:
        """Let the replica replay nothing more of what comes: it lags."""
        self.replica.ask("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        """Let it catch up."""
        self.replica.ask("SELECT pg_wal_replay_resume()")


def run_as_owner(command: Sequence[str | Path]) -> None:
    """Run a program of PostgreSQL's, as the user `postgres` where the tests run as root."""
    words = [str(word) for word in command]
    if os.getuid() == 0:
        words = ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups", *words]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


@contextmanager
def streaming_pair(more: Mapping[str, str] | None = None) -> Iterator[Pair]:
    """A primary with an empty database, and a replica that follows it, until the block ends. Skips the test where there is no PostgreSQL.

    `more`: settings of both besides ours.
    """
    programs = find_programs()
    if programs is None or (os.getuid() == 0 and shutil.which("setpriv") is None):
        pytest.skip("no PostgreSQL server programs (initdb, pg_basebackup) here: nothing was tried on a real replica")
    with TemporaryDirectory(prefix="collector-replica-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, OWNER, OWNER)
        yield from made_pair(programs, Path(folder), more or {})


def made_pair(programs: Path, folder: Path, more: Mapping[str, str]) -> Iterator[Pair]:
    """The same in `folder`, which has to be the owner's."""
    primary = Cluster(programs, folder / "primary", free_port())
    replica = Cluster(programs, folder / "replica", free_port())
    run_as_owner([programs / "initdb", "-D", primary.folder, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync"])
    settings = CONFIGURATION + "".join(f"{name} = {value}\n" for name, value in more.items())
    with (primary.folder / "postgresql.conf").open("a") as file:
        file.write(settings)
    try:
        primary.start()
        primary.ask(f"CREATE DATABASE {NAME}", name="postgres")
        source = f"host=127.0.0.1 port={primary.port} user={OWNER}"
        # A copy of an empty database takes a second, where nobody waits for checkpoints and the disk.
        copy: list[str | Path] = [programs / "pg_basebackup", "-D", replica.folder, "-d", source, "-R", "-X", "stream"]
        run_as_owner([*copy, "--checkpoint=fast", "--no-sync"])
        replica.start()
        yield Pair(primary, replica)
    finally:
        for cluster in (replica, primary):
            if cluster.is_running():
                cluster.stop()
