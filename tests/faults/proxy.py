"""A proxy between phones and the server that does to each exchange what its plan says."""

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from tests.faults.kinds import Fault, Healthy, Plan, Request

PORTAL = b"<!doctype html><title>Free Wi-Fi</title><h1>Welcome</h1><form action=/login><button>Connect</button></form>"
#: How long a request that shall be overtaken waits for another one.
OVERTAKE_SECONDS = 0.5
TRICKLE_PIECES = 12


class ClientGoneError(Exception):
    """There is nothing more to answer."""


class Proxy:
    """Listens on `port` and passes on to the server's port. Own thread, so that threads and Playwright may use it alike.

    `patience`: seconds of the longest pause; phones under test give up sooner.
    """

    def __init__(self, upstream_port: int, plan: Plan | None = None, patience: float = 2.0) -> None:
        self.upstream_port = upstream_port
        self.plan: Plan = plan or Healthy()
        self.patience = patience
        self.counts: Counter[str] = Counter()
        self.requests = 0
        self.port = 0
        self._last_receipts = b""
        self._passing = asyncio.Event()
        self._later: set[asyncio.Task[Any]] = set()
        #: asyncio itself holds its tasks weakly: one that waits for nothing but a lost peer would vanish.
        self._serving: set[asyncio.Task[Any] | None] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)

    def start(self) -> "Proxy":
        """Begin to listen."""
        self._thread.start()
        self._run(self._listen()).result(10)
        return self

    def stop(self) -> None:
        """End; whatever is under way is dropped."""
        self._run(self._end()).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def heal(self) -> None:
        """From now on nothing goes wrong."""
        self.plan = Healthy()
        self.settle()

    def settle(self) -> None:
        """Wait until the requests that were held back have been passed on."""
        self._run(self._settle()).result(60)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=64 * 1024, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._server = server

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _settle(self) -> None:
        while self._later:
            await asyncio.wait(set(self._later))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            request = await read_request(reader)
            if request is None:
                return
            self.requests += 1
            fault = self.plan.draw(request)
            if fault is None:
                reply = await self._forward(request)
            else:
                self.counts[fault.kind] += 1
                reply = await self._treat(request, fault, writer)
            self._passing.set()
            self._passing.clear()
            writer.write(reply)
            await writer.drain()
        except (ClientGoneError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._serving.discard(task)
            writer.close()

    async def _forward(self, request: Request, body: bytes | None = None) -> bytes:
        """The server's whole answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        try:
            writer.write(whole(request, body))
            await writer.drain()
            reply = await reader.read(-1)
        finally:
            writer.close()
        if not reply:
            raise ClientGoneError
        if request.is_push and reply.startswith(b"HTTP/1.1 200"):
            self._last_receipts = reply
        return reply

    def _in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        async def run() -> None:
            try:
                await work
            except (OSError, ClientGoneError):
                return

        task = self._loop.create_task(run())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _after(self, seconds: float, request: Request) -> None:
        await asyncio.sleep(seconds)
        await self._forward(request)

    async def _treat(self, request: Request, fault: Fault, writer: asyncio.StreamWriter) -> bytes:
        pause = self.patience * fault.share
        if fault.kind in CANNED:
            return CANNED[fault.kind]
        match fault.kind:
            case "refuse":
                raise ClientGoneError
            case "cut_request":
                await self._cut_request(request, fault.at)
                raise ClientGoneError
            case "half_open":
                await asyncio.sleep(self.patience)
                raise ClientGoneError
            case "slow_server":
                reply = await self._forward(request)
                await asyncio.sleep(self.patience)
                return reply
            case "late_request":
                self._in_background(self._after(pause, request))
                raise ClientGoneError
            case "duplicate":
                replies = await asyncio.gather(self._forward(request), self._forward(request))
                return replies[fault.at < 0.5]
            case "replay":
                reply = await self._forward(request)
                self._in_background(self._after(pause, request))
                return reply
            case "reorder":
                # Where nobody comes it is only late.
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._passing.wait(), OVERTAKE_SECONDS)
                return await self._forward(request)
            case "trickle":
                return await self._trickle(request, writer)
            case "corrupt_byte":
                position = min(int(fault.at * len(request.body)), len(request.body) - 1)
                return await self._forward(request, flip(request.body, position))
            case "truncated_gzip":
                return await self._forward(request, request.body[: int(fault.at * len(request.body))])
            case "crossed_answer":
                return self._last_receipts or CANNED["portal_200_json"]
        reply = await self._forward(request)
        if fault.kind == "short_reply":
            return shortened(reply, fault.at)
        # cut_reply, lost_patch_reply, lost_push_reply: the server has done its part.
        if fault.kind == "cut_reply":
            writer.write(reply[: int(fault.at * len(reply))])
            await writer.drain()
        raise ClientGoneError

    async def _cut_request(self, request: Request, at: float) -> None:
        _, upstream = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        content = whole(request)
        upstream.write(content[: int(at * len(content))])
        await upstream.drain()
        upstream.close()

    async def _trickle(self, request: Request, writer: asyncio.StreamWriter) -> bytes:
        """Pass request and reply on piece by piece; gives the reply's last piece."""
        content = whole(request)
        reader, upstream = await asyncio.open_connection("127.0.0.1", self.upstream_port)
        size = len(content) // TRICKLE_PIECES + 1
        pause = self.patience / TRICKLE_PIECES / 4
        for start in range(0, len(content), size):
            upstream.write(content[start : start + size])
            await upstream.drain()
            await asyncio.sleep(pause)
        reply = await reader.read(-1)
        upstream.close()
        size = len(reply) // TRICKLE_PIECES + 1
        for start in range(0, len(reply) - size, size):
            writer.write(reply[start : start + size])
            await writer.drain()
            await asyncio.sleep(pause)
        return reply[(max(0, len(reply) - 1) // size) * size :]


def canned(status: str, headers: str, body: bytes) -> bytes:
    """An answer that no server of ours gave."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


HTML = "Content-Type: text/html\r\n"
CANNED = {
    "http_502_html": canned("502 Bad Gateway", HTML, b"<html><h1>502 Bad Gateway</h1><hr>nginx</html>"),
    "http_503_html": canned("503 Service Unavailable", HTML, b"<html><h1>Down for maintenance</h1></html>"),
    "portal_200_html": canned("200 OK", HTML, PORTAL),
    "portal_302": canned("302 Found", HTML + "Location: http://127.0.0.1:9/login\r\n", b""),
    "portal_200_json": canned("200 OK", "Content-Type: application/json\r\n", b'{"status": "ok", "receipts": []}'),
}


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The request that comes, or None where the client goes away first."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Request(method, path, headers, await reader.readexactly(length))


def whole(request: Request, body: bytes | None = None) -> bytes:
    """The bytes of a request, with another body if there is one. One connection an exchange."""
    content = request.body if body is None else body
    lines = [f"{request.method} {request.path} HTTP/1.1"]
    lines += [
        f"{name}: {value}" for name, value in request.headers if name.lower() not in ("connection", "content-length")
    ]
    lines += ["Connection: close", f"Content-Length: {len(content)}"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content


def flip(content: bytes, position: int) -> bytes:
    """`content` with one byte changed."""
    return content[:position] + bytes([content[position] ^ 0x20]) + content[position + 1 :]


def shortened(reply: bytes, at: float) -> bytes:
    """The reply with a part of its body and the length to fit: whole for HTTP, not for whoever reads it."""
    head, _, body = reply.partition(b"\r\n\r\n")
    kept = body[: int(at * len(body))]
    lines = [
        line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-length", b"transfer-encoding"))
    ]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(kept)]) + b"\r\n\r\n" + kept
