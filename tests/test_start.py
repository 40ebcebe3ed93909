"""`make run`, as somebody starts it the first time and the second."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.settings import PROJECT_ROOT
from tests.databases import new_database
from tests.servers import free_port


@contextmanager
def make_run(environ: dict[str, str], log: Path) -> Iterator[str]:
    """`make run` until it serves; gives what it printed. Ends it with Ctrl-C and makes sure that it ends well."""
    with log.open("w+") as output:
        process = subprocess.Popen(
            ["make", "run"], cwd=PROJECT_ROOT, env=environ, stdout=output, stderr=output, start_new_session=True
        )
        try:
            wait_until_it_serves(f"http://127.0.0.1:{environ['PORT']}/healthz", process, log)
            yield log.read_text()
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)
    text = log.read_text()
    assert "Traceback" not in text, text


def wait_until_it_serves(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        else:
            return


def test_the_first_and_the_second_time(database_kind: str, tmp_path: Path) -> None:
    with new_database(database_kind, tmp_path) as url:
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PORT": str(free_port()),
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": url,
        }
        with make_run(environ, tmp_path / "first.log") as first:
            assert f"http://localhost:{environ['PORT']}/office/board" in first
            password = re.search(r"Password.*?\s{2,}(\S+)", first)
            assert password
            assert len(password.group(1)) >= 16
            link = re.search(r"http://localhost:\d+/join/(\S{40,})", first)
            assert link
            assert "█" in first
            body = b'{"token": "%s", "label": "test"}' % link.group(1).encode()
            enrol = urllib.request.Request(f"http://127.0.0.1:{environ['PORT']}/sync/v1/enrol", data=body)
            assert urllib.request.urlopen(enrol, timeout=10).status == 201
        with make_run(environ, tmp_path / "second.log") as second:
            assert "Password" not in second
            assert "/join/" in second
            urllib.request.urlopen(enrol, timeout=10).close()
