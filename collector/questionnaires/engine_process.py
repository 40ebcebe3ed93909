"""The process in which V8 runs the form engine: scripts come in over a pipe, what they give goes back.

engine_pipe.py begins it, as a file by itself: nothing of Collector is imported, no setting and no secret is known here, and the
pipe is all that is open. Whatever a form does to V8, such as taking all memory, happens to this process alone.
"""

import asyncio
import ctypes
import os
import re
import resource
import signal
import socket
import struct
from contextlib import suppress
from pathlib import Path

#: What goes before a script: seconds of CPU that it may take, and its length in bytes of UTF-8.
ASK = struct.Struct(">dI")
#: What goes before that which a script gave: whether it failed, and the length. Of a failure only the kind is told: its text may
#: hold answers.
SAID = struct.Struct(">?I")

#: The most that V8 keeps, MiB. When it is full, V8 ends the process.
HEAP_MIB = 256
#: The most that the whole process may take beyond what it has at its start, MiB: the heap, scripts that are read, what V8 keeps
#: beside the heap.
ROOM_MIB = 512
#: Linux ends this process sooner than others when the machine's memory is full (proc(5), oom_score_adj).
OOM_SCORE = 500
#: One script at a time, and none comes twice, so that V8 needs no threads of its own and keeps nothing of what it has run. Patterns are
#: compiled before their first match, which takes seven times as long else; room for what is new is small, since little of it lives.
FLAGS = (
    "--single-threaded",
    "--no-compilation-cache",
    "--no-regexp-tier-up",
    "--max-semi-space-size=4",
    f"--max-heap-size={HEAP_MIB}",
)
NAME = b"collector-form"
PR_SET_NAME = 15

_KIND = re.compile(r"<anonymous>:\d+: (\w*Error)\b")


def receive(pipe: socket.socket, size: int) -> bytearray:
    """Read `size` bytes. Raises EOFError where the other end is closed before."""
    body = bytearray(size)
    left = memoryview(body)
    while left:
        count = pipe.recv_into(left)
        if count == 0:
            raise EOFError
        left = left[count:]
    return body


def serve(pipe: socket.socket) -> None:
    """Run what comes until the other end is closed."""
    from py_mini_racer import JSEvalException, init_mini_racer, mini_racer

    async def run() -> None:
        # On an event loop's own thread, mini-racer waits for V8 itself, without futures.
        with mini_racer() as v8:
            bind_memory()
            while True:
                seconds, size = ASK.unpack(receive(pipe, ASK.size))
                script = receive(pipe, size).decode()
                # The kernel counts, and ends the process in whatever V8 is at: no expression can keep it from that.
                signal.setitimer(signal.ITIMER_PROF, seconds)
                try:
                    has_failed, said = False, v8.eval(script)
                except JSEvalException as error:
                    kind = _KIND.match(str(error))
                    has_failed, said = True, kind[1] if kind else "Error"
                signal.setitimer(signal.ITIMER_PROF, 0)
                body = said.encode() if isinstance(said, str) else b""
                pipe.sendall(SAID.pack(has_failed, len(body)) + body)

    init_mini_racer(flags=FLAGS)
    asyncio.run(run())


def settle() -> None:
    """End by the pipe and by the clock only, and leave no core file: it would hold answers."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # With 0, a program that takes core dumps (core(5)) would still be given them.
    bind(resource.RLIMIT_CORE, 1)
    bind(resource.RLIMIT_FSIZE, 0)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_NAME, NAME)


def bind_memory() -> None:
    """Bound the memory of all this process. Not by its addresses (RLIMIT_AS): V8 reserves a terabyte of them and uses little.

    Linux counts what may be written (getrlimit(2), RLIMIT_DATA); elsewhere V8's own limit has to do.
    """
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[5])
        bind(resource.RLIMIT_DATA, pages * resource.getpagesize() + (ROOM_MIB << 20))


def bind(what: int, most: int) -> None:
    """Set a limit (getrlimit(2)), unless a closer one holds already."""
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    settle()
    with socket.socket(fileno=0) as pipe, suppress(EOFError, OSError):
        serve(pipe)
    # Nothing of V8 need be put away.
    os._exit(0)
