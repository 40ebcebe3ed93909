"""A real server whose workers, database and disk can be taken away."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text

from collector.background import KEEPER
from collector.questionnaires.compile import compile_workbook
from collector.questionnaires.operations import add_draft, publish_version
from collector.questionnaires.uploads import Workbook
from collector.sample.demo import wait_for
from collector.settings import PROJECT_ROOT
from collector.store.session import writing
from tests.databases import POSTGRESQL_URL, new_database
from tests.servers import Server, free_port
from tests.workbooks import make_workbook

#: A page with a name and a photo.
FORM_ID = "fault_visit"
FORM_TITLE = "故障访问"
FORM = """
| survey   |
|          | type  | name  | label::中文 (zh) | label::English (en) | required |
|          | text  | who   | 户主             | Head                | yes      |
|          | image | front | 正面             | Front               |          |
| settings |
|          | form_title | form_id     | version | default_language | style      |
|          | 故障访问   | fault_visit | 1       | 中文 (zh)        | theme-grid |
"""
#: What a project needs to be served.
SERVED = ("collector", "static", "templates", "migrations")


def is_keeper(pid: int) -> bool:
    """Whether a process of the server keeps the background work going. One that has just ended is nothing any more."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == KEEPER.decode()
    except (FileNotFoundError, ProcessLookupError):
        return False


@dataclass
class FragileServer(Server):
    """A server to be hurt. `root`: the project that is served, ours or a copy of it with another build of the client."""

    root: Path = PROJECT_ROOT
    log: Path | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start gunicorn from `root` and wait until it serves."""
        command = [sys.executable, "-m", "gunicorn", "--config", "python:collector.serving", "wsgi:app"]
        # What it says of databases that are taken away is no news.
        output = self.log.open("ab") if self.log else None
        self.process = subprocess.Popen(command, cwd=self.root, env=self.environ, stderr=output, start_new_session=True)
        wait_for(self.url, self.process, 60)

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers."""
        if self.process is None:
            return []
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        # The process that keeps the background work going is no worker (collector/background.py).
        return [int(pid) for pid in path.read_text().split() if not is_keeper(pid)]

    def kill_worker(self, number: int) -> None:
        """Kill a worker at once; gunicorn starts another."""
        workers = self.workers
        if workers:
            os.kill(workers[number % len(workers)], signal.SIGKILL)

    def kill(self) -> None:
        """Kill the server and all its workers at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def kill_and_restart(self) -> None:
        """A power cut, and the server comes back."""
        self.kill()
        self.start()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return self.environ["DATABASE_URL"].startswith("sqlite")

    def take_database_away(self, seconds: float) -> None:
        """SQLite: hold the write lock for so long. PostgreSQL: end all its connections."""
        url = self.environ["DATABASE_URL"]
        if self.is_sqlite:
            connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            connection.execute("ROLLBACK")
            connection.close()
            return
        engine = create_engine(POSTGRESQL_URL, isolation_level="AUTOCOMMIT")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with engine.connect() as connection:
                end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
                connection.execute(end, {"name": url.rsplit("/", 1)[1]})
            time.sleep(0.2)
        engine.dispose()

    @contextmanager
    def full_disk(self, most_bytes: int = 0) -> Iterator[None]:
        """The workers can write nothing beyond `most_bytes` of any file: each try fails, as on a full disk."""
        limited = self.workers
        for pid in limited:
            limit_files(pid, most_bytes)
        try:
            yield
        finally:
            for pid in limited:
                limit_files(pid, resource.RLIM_INFINITY)


def limit_files(pid: int, most_bytes: int) -> None:
    """Limit what a process may write to a file. Python ignores SIGXFSZ, so that the write fails with EFBIG."""
    try:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    except ProcessLookupError:
        return  # It was killed meanwhile.


def copy_project(folder: Path, changes: dict[str, tuple[str, str]]) -> Path:
    """A copy of the project in `folder` in which, by path, one text is replaced by another."""
    for name in SERVED:
        shutil.copytree(PROJECT_ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT_ROOT / "wsgi.py", folder / "wsgi.py")
    for name, (old, new) in changes.items():
        path = folder / name
        content = path.read_text()
        assert old in content, f"{name} no longer holds {old!r}"
        path.write_text(content.replace(old, new, 1))
    return folder


def publish_form(server: Server) -> None:
    """Publish the questionnaire that the phones fill in."""
    content = make_workbook(FORM)
    compiled = compile_workbook(content, f"{FORM_ID}.xlsx")
    assert not compiled.errors, compiled.errors
    app = server.app
    with app.app_context(), writing() as session:
        publish_version(session, add_draft(session, compiled, Workbook(f"{FORM_ID}.xlsx", content), by=None), by=None)
    app.extensions["collector_engine"].dispose()


@contextmanager
def fragile_server(
    database_kind: str, folder: Path, root: Path = PROJECT_ROOT, **settings: str
) -> Iterator[FragileServer]:
    """A server over a new database with the questionnaire published."""
    with new_database(database_kind, folder) as url:
        environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DATABASE_URL": url, "PORT": str(free_port())}
        server = FragileServer(environ | settings, root=root, log=folder / "server.log")
        server.printed = server.run("init")
        publish_form(server)
        server.start()
        try:
            yield server
        finally:
            server.stop()
