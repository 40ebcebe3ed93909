"""The background work of a real server: beside the workers, in processes of its own, which end with it and come back when they die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.background import KEEPER, LOOP, PIECE
from collector.export.jobs.operations import ask_export
from collector.export.options import Options
from collector.settings import PROJECT_ROOT
from collector.store import ExportJob, Questionnaire, User
from collector.store.contents import EXPORTS
from collector.store.session import writing
from tests.bench.desk_seed import seed
from tests.servers import Server, running_server

#: So many that a workbook of them takes a second or more.
MANY = 4_000
PATIENCE_S = 120
#: Seconds without a piece of work after which none is expected.
QUIET_S = 3


@pytest.fixture
def server(database_kind: str, tmp_path: Path) -> Iterator[Server]:
    """A real server with many responses."""
    with running_server(database_kind, tmp_path) as server:
        app = server.app
        seed(app.extensions["collector_engine"], MANY)
        app.extensions["collector_engine"].dispose()
        yield server


@pytest.fixture
def app(server: Server) -> Iterator[Flask]:
    """Over the same database."""
    app = server.app
    yield app
    app.extensions["collector_engine"].dispose()


def ask(app: Flask, format: str = "xlsx") -> str:
    """Ask for a file of the questionnaire that has responses, as the owner. Gives the job's id."""
    with app.app_context(), writing() as session:
        owner = session.scalars(select(User.id).where(User.login == "owner")).one()
        questionnaire = session.scalars(select(Questionnaire).order_by(Questionnaire.id).limit(1)).one()
        return ask_export(session, owner, questionnaire, Options(format=format)).id


def state(app: Flask, job_id: str) -> ExportJob:
    with Session(app.extensions["collector_engine"], expire_on_commit=False) as session:
        return session.get_one(ExportJob, job_id)


def wait(app: Flask, job_id: str, *states: str) -> ExportJob:
    """The job, once it is in one of these states."""
    until = time.monotonic() + PATIENCE_S
    while (job := state(app, job_id)).state not in states:
        assert time.monotonic() < until, f"it is still {job.state}"
        time.sleep(0.02)
    return job


def named(name: bytes, parent: int) -> list[int]:
    """Process ids of a process's descendants with this name."""
    found, left = [], [parent]
    while left:
        pid = left.pop()
        try:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                left += map(int, (thread / "children").read_text().split())
            if Path(f"/proc/{pid}/comm").read_text().strip() == name.decode():
                found.append(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def one(name: bytes, parent: int) -> int:
    """The process with this name, once there is one."""
    until = time.monotonic() + PATIENCE_S
    while not (found := named(name, parent)):
        assert time.monotonic() < until, f"no {name.decode()}"
        time.sleep(0.01)
    return found[0]


def await_quiet(master: int) -> None:
    """Wait until the loop has done what it begins with, which are pieces of work too."""
    one(LOOP, master)
    until, quiet_since = time.monotonic() + PATIENCE_S, time.monotonic()
    while time.monotonic() - quiet_since < QUIET_S:
        assert time.monotonic() < until, "it is at work all the time"
        if named(PIECE, master):
            quiet_since = time.monotonic()
        time.sleep(0.02)


def await_end(pids: list[int]) -> None:
    until = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < until, "it is still there"
        time.sleep(0.02)


def await_loop(pid: int) -> None:
    """Wait until a process looks for work: it takes SIGTERM for a word then (proc_pid_status(5), SigBlk), and no signal that it has no
    use for, as a process does that is only being made."""
    until = time.monotonic() + PATIENCE_S
    wanted, others = 1 << (signal.SIGTERM - 1), 1 << (signal.SIGHUP - 1)
    while True:
        blocked = int(Path(f"/proc/{pid}/status").read_text().partition("SigBlk:")[2].split()[0], 16)
        if blocked & wanted and not blocked & others:
            return
        assert time.monotonic() < until, "it has not begun"
        time.sleep(0.02)


def left_behind(folder: Path) -> list[Path]:
    return [path for path in (folder / "exports" / "work").rglob("*") if path.is_file()]


def test_a_killed_process_is_followed_by_another_that_makes_the_file__A83(
    server: Server, app: Flask, tmp_path: Path
) -> None:
    """A83: the piece of work, then the loop that looks for work, then who keeps that is killed.

    The file is made all the same, and nothing is left behind.
    """
    assert server.process is not None
    master = server.process.pid
    await_quiet(master)
    job_id = ask(app)
    os.kill(one(PIECE, master), signal.SIGKILL)
    assert wait(app, job_id, "ready").error_details == {"tries": 1}
    loop = one(LOOP, master)
    os.kill(loop, signal.SIGKILL)
    await_end([loop])
    wait(app, ask(app), "ready")
    keeper = one(KEEPER, master)
    os.kill(keeper, signal.SIGKILL)
    await_end([keeper])
    job = wait(app, ask(app), "ready")
    assert app.extensions["collector_contents"].size(EXPORTS, job.id) == job.size_bytes
    assert left_behind(tmp_path) == []


def test_it_ends_with_the_server_and_goes_on_with_the_next(server: Server, app: Flask, tmp_path: Path) -> None:
    """What it was at when the server was ended is made once it runs again."""
    assert server.process is not None
    await_quiet(server.process.pid)
    job_id = ask(app)
    pids = [one(name, server.process.pid) for name in (PIECE, LOOP, KEEPER)]
    # It would be done otherwise before the workers have ended.
    os.kill(pids[0], signal.SIGSTOP)
    server.stop()
    await_end(pids)
    assert state(app, job_id).state == "waiting" and left_behind(tmp_path) == []
    server.start()
    wait(app, job_id, "ready")


def test_it_ends_when_the_server_is_killed(server: Server, app: Flask) -> None:
    assert server.process is not None
    pids = [one(name, server.process.pid) for name in (KEEPER, LOOP)]
    server.process.kill()
    server.process.wait(30)
    server.process = None
    await_end(pids)


def test_several_over_one_database_make_each_file_once(server: Server, app: Flask) -> None:
    """As another host does it: `collector work` beside the server's own."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "collector", "work"]
    beside = subprocess.Popen(command, cwd=PROJECT_ROOT, env=server.environ, stderr=subprocess.PIPE, text=True)
    await_loop(beside.pid)
    jobs = [wait(app, job_id, "ready", "failed") for job_id in [ask(app, "csv") for _ in range(6)]]
    assert [(job.state, job.error_details) for job in jobs] == [("ready", {})] * 6
    assert len({job.sha256 for job in jobs}) == 1
    beside.send_signal(signal.SIGTERM)
    _, complaints = beside.communicate(timeout=30)
    assert (beside.returncode, complaints) == (0, "")


def test_a_signal_that_reaches_a_thread_of_a_library_ends_it_as_any_other(server: Server) -> None:
    """Of a process's threads the kernel takes one that does not block a signal (signal(7)), such as one that was there before."""
    script = """
import signal, threading, time
from wsgi import app
from collector import background
def library():
    began.wait()
    signal.raise_signal(signal.SIGTERM)
began = threading.Event()
threading.Thread(target=library).start()
look = background.reap
background.reap = lambda *given: (began.set(), time.sleep(0.5), look(*given))
background.run(app)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT_ROOT,
        env=server.environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
