"""One message over HTTP, to receivers that behave badly."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from collector.webhooks import sending
from collector.webhooks.addresses import Goal, Refused, read_url
from collector.webhooks.sending import post


@contextmanager
def answering(answer: Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> Iterator[Goal]:
    """A listener that does `answer` with each connection."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    wrapped = context.wrap_socket(connection, server_side=True) if context else connection
                    wrapped.recv(65536)
                    answer(wrapped)

    threading.Thread(target=serve, daemon=True).start()
    scheme = "https" if context else "http"
    try:
        yield read_url(f"{scheme}://127.0.0.1:{server.getsockname()[1]}/")
    finally:
        server.close()


def send(goal: Goal) -> int:
    return post(goal, b"{}", {}, allows_private=True)


def drip(connection: socket.socket) -> None:
    """A byte now and then, forever: no single wait is long."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def test_a_receiver_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.3)
    with answering(drip) as goal, pytest.raises(Refused, match="timeout"):
        send(goal)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500,
        b"\xff" * 200_000,
    ],
)
def test_what_is_no_answer(content: bytes) -> None:
    with answering(lambda connection: connection.sendall(content)) as goal, pytest.raises(Refused, match="no_answer"):
        send(goal)


def test_a_body_without_end_is_not_read() -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with answering(flood) as goal:
        assert send(goal) == 200


def test_a_certificate_that_nobody_trusts_ends_the_try(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "both.pem"
    plain = serialization.NoEncryption()
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with answering(lambda one: one.sendall(ok), context) as goal, pytest.raises(Refused, match="tls"):
        send(goal)
