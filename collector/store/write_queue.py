"""Writers of one SQLite database, in the order in which they came.

SQLite itself lets a writer that finds the lock taken sleep and look again, for longer each time (sqlite.org/c3ref/busy_timeout.html):
whoever comes meanwhile goes first, and some wait for seconds. Here they wait in the kernel's queue for a lock on a file beside the
database (flock(2)), and are woken in turn. SQLite's own lock still decides: who does not come through here waits by it.
"""

import fcntl
import os
import sqlite3
from contextlib import suppress
from threading import Lock
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection

#: Seconds after which a writer leaves the queue, and waits as SQLite has it.
PATIENCE_S = 30

_queues: "WeakSet[WriteQueue]" = WeakSet()


class WriteQueue:
    """The queue of one database. One thread of a process at a time waits for the file's lock, the others for that thread's turn to end."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.turn, self.descriptor = Lock(), -1
        _queues.add(self)

    def begin_anew(self) -> None:
        """Give up the parent's place, which a new process inherits, and would keep for a parent that is killed."""
        with suppress(OSError):
            os.close(self.descriptor)
        self.turn, self.descriptor = Lock(), -1

    def enter(self) -> bool:
        """Wait for one's turn. Gives whether it has come; not where the queue cannot be used."""
        if not self.turn.acquire(timeout=PATIENCE_S):
            return False
        try:
            if self.descriptor < 0:
                self.descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        except OSError:
            self.turn.release()
            return False
        return True

    def leave(self) -> None:
        """Let the next one have a turn."""
        with suppress(OSError):
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        self.turn.release()


class QueuedConnection(sqlite3.Connection):
    """A connection whose turn ends with its transaction."""

    turn_in: WriteQueue | None = None
    #: The process whose turn it is: a child inherits the connection, and not the turn.
    turn_of = 0

    def take_turn(self, queue: WriteQueue) -> None:
        """Wait for a turn in `queue`, unless it has one."""
        if self.turn_in is None and queue.enter():
            self.turn_in, self.turn_of = queue, os.getpid()

    def end_turn(self) -> None:
        """Let the next one write, if it was this one's turn."""
        queue, self.turn_in = self.turn_in, None
        if queue is not None and self.turn_of == os.getpid():
            queue.leave()

    def commit(self) -> None:
        """Commit, then end the turn."""
        try:
            super().commit()
        finally:
            self.end_turn()

    def rollback(self) -> None:
        """Roll back, then end the turn."""
        try:
            super().rollback()
        finally:
            self.end_turn()

    def close(self) -> None:
        """Close, then end the turn."""
        try:
            super().close()
        finally:
            self.end_turn()


def take_turn(connection: Connection, queue: WriteQueue | None) -> None:
    """Let `connection` wait for its turn to write."""
    driver: Any = connection.connection.driver_connection
    if queue is not None:
        driver.take_turn(queue)


def _begin_anew() -> None:
    for queue in list(_queues):
        queue.begin_anew()


# In the child there is one thread then: later two could do it at once.
os.register_at_fork(after_in_child=_begin_anew)
