"""What is done beside answering requests: files of exports are made, webhooks are told. One piece of work, one process.

A loop looks for work in the database and forks a process for each piece, so that its memory comes back when it is done, and so that
nobody waits for a page meanwhile. gunicorn's master starts the loop (collector/serving.py); `flask --app wsgi collector work` runs one by
hand. Any number of loops may run over one database: each piece of work is claimed there before it is begun.
"""

import gc
import logging
import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from collector import logs, metrics
from collector.export.jobs import running
from collector.intake import leftovers
from collector.privacy import retention
from collector.processes import end_with, set_name
from collector.running import hosts
from collector.store.session import dispose
from collector.webhooks import delivering

log = logging.getLogger(__name__)

#: Seconds between two looks for work.
POLL_S = 0.5
#: Seconds until the next look while the database is away.
AWAY_S = 5.0
#: Seconds that pieces of work are given to end when the loop ends; the loop gets twice, who keeps it three times as many.
GRACE_S = 3.0
#: Seconds between two clearings of what is left over.
TIDY_S = 600.0
#: How much pieces of work give way to pages (nice(2)).
NICENESS = 10
#: Names of the processes, at most 15 characters.
KEEPER, LOOP, PIECE = b"collector-keep", b"collector-work", b"collector-piece"
#: Signals that end a process of ours, and the one of a child that has ended.
ENDINGS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGQUIT})
AWAITED = ENDINGS | {signal.SIGCHLD}
#: Signals that gunicorn's master has a meaning for, and its children have not.
PASSED_OVER = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN, signal.SIGTTOU, signal.SIGWINCH)


@dataclass(frozen=True)
class Piece:
    """A piece of work that was claimed: what to do, and how to give it back should its process die."""

    do: Callable[[], None]
    give_back: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Kind:
    """A kind of work: `take` claims the next piece (None: nothing is due); `at_once`: pieces that may run beside each other."""

    name: str
    take: Callable[[], Piece | None]
    at_once: int


def take_export() -> Piece | None:
    """The next file to make."""
    claim = running.take_due()
    if claim is None:
        return None
    return Piece(partial(running.make_export, claim), partial(running.give_back_export, claim))


def take_deliveries() -> Piece | None:
    """The messages to webhooks that are due. Each of them is claimed when it is sent, so that nothing need be given back."""
    deliver = delivering.take_due()
    return None if deliver is None else Piece(deliver)


def take_retention() -> Piece | None:
    """Answers whose time is over. What is not erased yet when its process dies is found again the next time."""
    erase = retention.take_due()
    return None if erase is None else Piece(erase)


def take_tidying() -> Piece | None:
    """What is over or was left behind, from time to time. A piece as any other, since the place of files may be slow."""
    now = time.monotonic()
    if now - _tidied.get(current_app.name, -TIDY_S) < TIDY_S:
        return None
    # Noted first: while it cannot be done, other work goes on.
    _tidied[current_app.name] = now
    return Piece(tidy)


def tidy() -> None:
    """Clear away what exports, uploads and erasures have left."""
    running.tidy()
    leftovers.drop_leftovers()


_tidied: dict[str, float] = {}

KINDS = (
    Kind("tidying", take_tidying, at_once=1),
    Kind("export", take_export, at_once=2),
    Kind("webhooks", take_deliveries, at_once=1),
    Kind("retention", take_retention, at_once=1),
)


def run(app: Flask) -> None:
    """Look for work and have it done until a signal ends this process; what is not done by then is given back."""
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    # A thread that some library began earlier blocks nothing: a signal that reaches it while this one is at work must not end the process.
    reached_another: list[int] = []
    for number in ENDINGS:
        signal.signal(number, lambda number, _frame: reached_another.append(number))
    # What is loaded is never collected: looking through it would copy the memory that processes share.
    gc.freeze()
    under_way: dict[int, tuple[Kind, Piece]] = {}
    alive_at = -hosts.ALIVE_EVERY_S
    while True:
        pause = 0.0
        try:
            if time.monotonic() - alive_at >= hosts.ALIVE_EVERY_S:
                alive_at = time.monotonic()
                in_context(app, hosts.say_alive)
            reap(app, under_way)
            pause = 0.0 if take_some(app, under_way) else POLL_S
        except (SQLAlchemyError, OSError) as error:
            log.error("the background work waits: %s", type(error).__name__)
            pause = AWAY_S
        caught = signal.sigtimedwait(AWAITED, pause)
        if reached_another or (caught is not None and caught.si_signo in ENDINGS):
            break
    end(app, under_way)


def in_context(app: Flask, call: Callable[[], None]) -> None:
    """Call in an app context of its own, whose database session ends with it."""
    with app.app_context():
        call()


def take_some(app: Flask, under_way: dict[int, tuple[Kind, Piece]]) -> bool:
    """Begin the next piece of each kind that has room. Gives whether there was any."""
    has_any = False
    for kind in KINDS:
        if sum(other is kind for other, _ in under_way.values()) >= kind.at_once:
            continue
        with app.app_context():
            piece = kind.take()
        if piece is not None:
            under_way[fork(app, PIECE, partial(do_piece, app, kind, piece))] = kind, piece
            has_any = True
    return has_any


def do_piece(app: Flask, kind: Kind, piece: Piece) -> None:
    """Do a piece of work in its own process."""
    os.nice(NICENESS)
    logs.begin_work()
    engine = app.extensions["collector_engine"]
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", keep_few_pages)
    in_context(app, piece.do)
    log.info("a piece of work is done", extra={"kind": kind.name})


def keep_few_pages(connection: Any, _record: Any) -> None:
    """Let SQLite hold 2 MB of the database in memory: a walk reads each page about once."""
    connection.execute("PRAGMA cache_size=-2000")


def reap(app: Flask, under_way: dict[int, tuple[Kind, Piece]]) -> None:
    """Take note of processes that have ended; what one left undone is given back."""
    for pid in list(under_way):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            kind, piece = under_way.pop(pid)
            metrics.count_piece(kind.name, "died" if status else "done")
            if status != 0:
                log.error("the process of a piece of work (%s) ended with status %s", kind.name, status)
                in_context(app, piece.give_back)


def end(app: Flask, under_way: dict[int, tuple[Kind, Piece]]) -> None:
    """End the processes of all pieces, and give back what they were at."""
    stop(under_way, GRACE_S)
    for _kind, piece in under_way.values():
        try:
            in_context(app, piece.give_back)
        except SQLAlchemyError as error:
            # It is taken up once it has been silent for long.
            log.error("a piece of work could not be given back: %s", type(error).__name__)


def stop(pids: Iterable[int], grace_s: float) -> None:
    """End children and wait for them; one that does not hear is killed."""
    left = set(pids)
    until = time.monotonic() + grace_s
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    while left := {pid for pid in left if not has_ended(pid)}:
        if time.monotonic() > until:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def has_ended(pid: int) -> bool:
    """Tell whether a child has ended. One that somebody else took note of has."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def keep_running(app: Flask) -> None:
    """Run the loop in a process of its own, and again whenever it dies, until a signal ends this process."""
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    while True:
        loop = fork(app, LOOP, partial(run, app))
        while True:
            caught = signal.sigwait(AWAITED)
            if caught in ENDINGS:
                stop([loop], 2 * GRACE_S)
                return
            if os.waitpid(loop, os.WNOHANG)[0]:
                break
        log.error("the background work died and is begun again")
        time.sleep(1)


def fork(app: Flask, name: bytes, call: Callable[[], None]) -> int:
    """Run `call` in a new process that ends with this one. Gives its id.

    No connection to the database is open when a process divides: SQLite keeps its locks by process, and would believe that the child
    holds those of the parent (sqlite.org/howtocorrupt.html, 2.6).
    """
    dispose(app)
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        settle(name, parent)
        call()
        status = 0
    except BaseException as error:
        # By its kind and place only: messages of errors may hold answers.
        log.error("unexpected %s at %s in the background", type(error).__name__, running.place_of(error))
    finally:
        # What the parent would do at its end, such as removing its PID file, is not the child's.
        os._exit(status)


def settle(name: bytes, parent: int) -> None:
    """Make a new process itself: signals mean what they usually do, its name tells what it is, and it ends with its parent."""
    for number in (*AWAITED, signal.SIGABRT):
        signal.signal(number, signal.SIG_DFL)
    for number in PASSED_OVER:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, AWAITED)
    metrics.slot.take()
    set_name(name)
    end_with(parent, signal.SIGTERM)
