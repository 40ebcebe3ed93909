"""Requests as bytes on a connection: what no HTTP library would send goes out as it is."""

import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPException, HTTPResponse

#: Longest that an answer is waited for; one that takes longer than `LIMIT_S` (tests/fuzz/bodies.py) is a fault long before.
PATIENCE_S = 40


@dataclass(frozen=True)
class Asked:
    """One request: what its route is called here, and what goes out."""

    route: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header, "" for none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def with_header(self, name: str, value: str) -> "Asked":
        """The same with that header in the place of one of its name."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*others, (name, value)))

    def as_bytes(self) -> bytes:
        """What is sent. Without a Content-Length of its own, it has the right one."""
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if not self.header("Content-Length") and not self.header("Transfer-Encoding"):
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class Answered:
    """Status of an answer (0: the connection closed without one), seconds until it was read, bytes."""

    status: int
    seconds: float
    body: bytes = b""


@dataclass
class Wire:
    """A connection to a port of this machine that is kept as long as the server keeps it."""

    port: int
    connection: socket.socket | None = field(default=None, repr=False)

    def ask(self, asked: Asked) -> Answered:
        """Send a request and read its answer; once more where the server had closed the connection that was kept."""
        was_open = self.connection is not None
        begun = time.monotonic()
        answered = self._ask(asked.as_bytes(), asked.method)
        if answered is None and was_open:
            begun = time.monotonic()
            answered = self._ask(asked.as_bytes(), asked.method)
        status, body = answered or (0, b"")
        return Answered(status, time.monotonic() - begun, body)

    def close(self) -> None:
        """Let the connection go."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _ask(self, content: bytes, method: str) -> tuple[int, bytes] | None:
        try:
            if self.connection is None:
                self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
            # A server that refuses early may close while we send; what it said can still be read.
            with suppress(OSError):
                self.connection.sendall(content)
            answer = HTTPResponse(self.connection, method=method)
            answer.begin()
            body = answer.read()
            if answer.will_close:
                self.close()
            return answer.status, body
        except (OSError, HTTPException, ValueError):
            self.close()
            return None
