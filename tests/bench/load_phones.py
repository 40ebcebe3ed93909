"""Phones that push over loopback, in a process of their own: `python -m tests.bench.load_phones`, told by JSON on its input.

They cost far less than the server: one event loop, bodies made before the clock starts, answers looked at and not parsed. The figures are
printed as one JSON object, their own CPU time among them.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from random import Random
from time import monotonic, perf_counter, process_time
from typing import Any

from tests.bench.push_form import make_document

#: What a receipt says of a response that is safe at the server.
STORED = (b'"status":"stored"', b'"status":"already_stored"')
#: Seconds until a phone of the storm tries again, doubled each time, each with a jitter of as much (static/field/sync/).
AGAIN_S = 5.0


@dataclass
class Load:
    """What is asked for. `phones`: a device token each; each pushes `batch` responses at a time, all in all `pushes` times or for `seconds`.

    `spread_s`: the phones come within so many seconds, each with a connection of its own, and try again until all is stored; 0: they push
    one after the other over a connection that stays.
    """

    port: int
    tokens: list[str]
    model_hash: str
    places: list[str]
    author: str
    batch: int
    pushes: int = 0
    seconds: float = 0
    spread_s: float = 0
    seed: int = 2006


@dataclass
class Done:
    """What came of it. Seconds for each push that was answered with receipts; `failed` are answers and connections that gave none."""

    seconds: list[float] = field(default_factory=list)
    stored: int = 0
    failed: int = 0
    wall_s: float = 0
    cpu_s: float = 0


class Phone(asyncio.Protocol):
    """A connection: one request at a time, and the answer to it."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.received = b""
        self.answer: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: Any) -> None:
        """Keep the way out."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Put the answer together."""
        self.received += data
        head, blank, body = self.received.partition(b"\r\n\r\n")
        if not blank:
            return
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        if len(body) >= length and self.answer is not None and not self.answer.done():
            self.answer.set_result(self.received)
            self.received = b""

    def connection_lost(self, _error: Exception | None) -> None:
        """Whoever waits for an answer gets none."""
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError("the server closed the connection"))

    async def ask(self, request: bytes) -> bytes:
        """Send a request; gives the answer, head and body. Raises ConnectionError."""
        assert self.transport is not None
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.answer


def requests(load: Load, chance: Random, token: str) -> Iterator[bytes]:
    """Pushes of new responses, one after the other."""
    while True:
        documents = [
            make_document(chance, model_hash=load.model_hash, place=chance.choice(load.places), author=load.author)
            for _ in range(load.batch)
        ]
        body = json.dumps({"waiting": {"responses": 0, "files": 0, "drafts": 0}, "responses": documents}).encode()
        head = (
            f"POST /sync/v1/push HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


async def push_steadily(load: Load) -> Done:
    """Every phone pushes again as soon as it has its receipts, until the time is over or `pushes` are done."""
    done = Done()
    made = [requests(load, Random(load.seed * 100_003 + at), token) for at, token in enumerate(load.tokens)]
    each = load.pushes // len(load.tokens)
    # Made before the clock starts, in as far as the memory of this process allows it.
    ready = [[next(one) for _ in range(min(each, max(4, 40_000 // (load.batch * len(made)))))] for one in made]
    loop = asyncio.get_running_loop()
    phones = [(await loop.create_connection(Phone, "127.0.0.1", load.port))[1] for _ in load.tokens]
    began, cpu = perf_counter(), process_time()
    until = monotonic() + (load.seconds or 1e9)

    async def keep_on(at: int) -> None:
        for number in range(each):
            if monotonic() >= until:
                return
            request = ready[at][number] if number < len(ready[at]) else next(made[at])
            sent = perf_counter()
            answer = await phones[at].ask(request)
            note(done, answer, perf_counter() - sent, load.batch)

    await asyncio.gather(*(keep_on(at) for at in range(len(phones))))
    done.wall_s, done.cpu_s = perf_counter() - began, process_time() - cpu
    return done


async def push_in_a_storm(load: Load) -> Done:
    """Every phone comes once within the time, with all that it has, and tries again until it has its receipts."""
    done, chance = Done(), Random(load.seed)
    made = [next(requests(load, Random(load.seed * 100_003 + at), token)) for at, token in enumerate(load.tokens)]
    loop = asyncio.get_running_loop()
    began, cpu = perf_counter(), process_time()

    async def come(request: bytes) -> None:
        await asyncio.sleep(chance.random() * load.spread_s)
        wait, sent = AGAIN_S, perf_counter()
        while True:
            try:
                _, phone = await loop.create_connection(Phone, "127.0.0.1", load.port)
                answer = await asyncio.wait_for(phone.ask(request), 60)
                assert phone.transport is not None
                phone.transport.close()
                if note(done, answer, perf_counter() - sent, load.batch):
                    return
            except (OSError, TimeoutError):
                done.failed += 1
            await asyncio.sleep(wait * (1 + chance.random()))
            wait = min(2 * wait, 300)

    await asyncio.gather(*(come(request) for request in made))
    done.wall_s, done.cpu_s = perf_counter() - began, process_time() - cpu
    return done


def note(done: Done, answer: bytes, seconds: float, batch: int) -> bool:
    """Count what an answer says. Gives whether every response of the push is stored."""
    stored = sum(answer.count(status) for status in STORED) if answer.startswith(b"HTTP/1.1 200") else 0
    if stored != batch:
        done.failed += 1
        return False
    done.stored += stored
    done.seconds.append(seconds)
    return True


def main() -> None:
    """Do what the input asks for."""
    load = Load(**json.load(sys.stdin))
    done = asyncio.run(push_in_a_storm(load) if load.spread_s else push_steadily(load))
    json.dump(asdict(done), sys.stdout)


if __name__ == "__main__":
    main()
