"""A real Collector for tests: `collector init`, then gunicorn with several workers, over a database of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from collector import create_app
from collector.accounts.operations import assign_places, create_user, issue_enrolment
from collector.sample.demo import wait_for
from collector.settings import PROJECT_ROOT, load_settings
from collector.store import Place
from collector.store.people import VOLUNTEER
from collector.store.session import writing
from tests.databases import new_database


@dataclass
class Server:
    """A running Collector. `stop` and `start` it to take the network really away; what `init` printed is in `printed`."""

    environ: dict[str, str]
    printed: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its address. localhost, because service workers take it for a secure origin."""
        return f"http://localhost:{self.environ['PORT']}"

    @property
    def password(self) -> str:
        """The owner's password, as `init` printed it."""
        found = re.search(r"Password.*?\s{2,}(\S+)", self.printed)
        assert found, self.printed
        return found.group(1)

    @property
    def app(self) -> Flask:
        """An app over the same database and data folder, for a test to look behind the scenes."""
        return create_app(load_settings(self.environ))

    def run(self, *command: str) -> str:
        """Run `flask collector …`; gives what it printed."""
        full = [sys.executable, "-m", "flask", "--app", "wsgi", "collector", *command]
        done = subprocess.run(full, cwd=PROJECT_ROOT, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Start gunicorn and wait until it serves."""
        command = [sys.executable, "-m", "gunicorn", "--config", "python:collector.serving", "wsgi:app"]
        self.process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=self.environ)
        wait_for(self.url, self.process)

    def stop(self) -> None:
        """End gunicorn as Ctrl-C does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
            self.process = None

    def enrolment_link(self, name: str, places: tuple[str, ...] = ()) -> str:
        """The enrolment link of a new volunteer, assigned to the places with these codes (none: all)."""
        app = self.app
        with app.app_context(), writing() as session:
            volunteer = create_user(session, name=name, role=VOLUNTEER)
            ids = [place.id for place in session.query(Place).where(Place.code.in_(places))]
            assign_places(session, volunteer, ids, by=None)
            _, token = issue_enrolment(session, volunteer, by=None)
        app.extensions["collector_engine"].dispose()
        return f"{self.url}/join/{token}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running_server(database_kind: str, folder: Path, **settings: str) -> Iterator[Server]:
    """A server with the sample survey over a new database of `database_kind`."""
    with new_database(database_kind, folder) as url:
        port = str(free_port())
        environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DATABASE_URL": url, "PORT": port}
        server = Server(environ | settings)
        server.printed = server.run("init")
        server.start()
        try:
            yield server
        finally:
            server.stop()
