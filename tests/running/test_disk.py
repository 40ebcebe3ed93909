"""A disk that is nearly full takes answers and no files; one that is full takes nothing, loses nothing, and goes on by itself.

On a small filesystem of its own (tmpfs), where the tests may mount one: a real `ENOSPC`, for SQLite as for files.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import sleep, time

import pytest
from sqlalchemy.orm import Session

from collector.store import File, Response
from tests.faults.phone import KeptFile, Phone
from tests.faults.server import FragileServer, fragile_server
from tests.running.conftest import NewPhone, log_of
from tests.running.test_metrics import ask, figures, value

MIB = 1024 * 1024
SIZE_MIB, LEAST_MIB = 48, 16


@pytest.fixture(scope="module")
def small(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileServer]:
    """A server whose data folder, with SQLite's database in it, is a filesystem of 48 MiB."""
    folder = tmp_path_factory.mktemp("small")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m,mode=0700", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no filesystem can be mounted here: run as root")
    try:
        with fragile_server(database_kind, folder, MIN_FREE_MB=str(LEAST_MIB), LOG_FORMAT="json") as server:
            yield server
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def fill(server: FragileServer, leave_bytes: int) -> Path:
    """Fill the disk with a file so that so much is left. Gives the file."""
    folder = Path(server.environ["DATA_DIR"])
    ballast = folder / "ballast"
    with ballast.open("ab") as file:
        while (left := shutil.disk_usage(folder).free - leave_bytes) > 0:
            file.write(bytes(min(left, MIB)))
            file.flush()
            if left < 4096:
                break
    return ballast


def stored(server: FragileServer) -> tuple[int, int]:
    """Responses, and whole files, that the server has."""
    app = server.app
    with app.app_context(), Session(app.extensions["collector_engine"]) as session:
        responses = session.query(Response).count()
        files = session.query(File).where(File.completed_at.is_not(None)).count()
    app.extensions["collector_engine"].dispose()
    return responses, files


def test_nearly_full_files_wait_and_answers_land(small: FragileServer, new_phone: NewPhone) -> None:
    phone = new_phone(small, "Nearly full")
    responses, files = stored(small)
    ballast = fill(small, (LEAST_MIB - 4) * MIB)
    try:
        for _ in range(20):
            phone.finish(files=1, file_bytes=20_000)
        assert not phone.send()
        assert stored(small) == (responses + 20, files)
        # Every answer has its receipt; what is left on the phone is files.
        assert all(entry.revision is not None and entry.files_left for entry in phone.outbox.values())
        head = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": metadata(phone)}
        answer = phone.call("POST", "/sync/v1/files", b"", head)
        assert answer.status == 507
        assert answer.json()["error"]["code"] == "disk_nearly_full"
        assert value(figures(small), "collector_disk_nearly_full") == 1
        assert ask(small, "GET", "/readyz") == (200, "ok\n")
    finally:
        ballast.unlink()
    assert phone.send()
    assert not phone.outbox
    assert stored(small) == (responses + 20, files + 20)
    assert value(figures(small), "collector_disk_nearly_full") == 0
    assert "the disk is nearly full" in log_of(small)


def test_a_file_that_was_begun_waits_and_goes_on_where_it_was(small: FragileServer, new_phone: NewPhone) -> None:
    phone = new_phone(small, "Begun before")
    entry = phone.finish(files=1, file_bytes=400_000)
    [file] = [kept for kept in phone.files.values() if kept.response == entry.id]
    head = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(file.content)), "Upload-Metadata": metadata(phone, file)}
    url = phone.call("POST", "/sync/v1/files", b"", head).headers["Location"]
    piece = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    half = len(file.content) // 2
    assert phone.call("PATCH", url, file.content[:half], piece | {"Upload-Offset": "0"}).status == 204
    ballast = fill(small, (LEAST_MIB - 4) * MIB)
    try:
        refused = phone.call("PATCH", url, file.content[half:], piece | {"Upload-Offset": str(half)})
        assert refused.status == 507
    finally:
        ballast.unlink()
    asked = phone.call("HEAD", url, None, {"Tus-Resumable": "1.0.0"})
    assert asked.offset() == half
    assert phone.call("PATCH", url, file.content[half:], piece | {"Upload-Offset": str(half)}).status == 204
    assert phone.send()


def metadata(phone: Phone, file: KeptFile | None = None) -> str:
    """What an upload says of its file."""
    kept = file or next(iter(phone.files.values()))
    parts = {"response": kept.response, "name": kept.name, "sha256": kept.sha256, "type": "image/jpeg"}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in parts.items())


def test_full_to_the_last_byte_nothing_is_lost_and_it_goes_on_by_itself(
    small: FragileServer, new_phone: NewPhone, database_kind: str
) -> None:
    phone: Phone = new_phone(small, "Full")
    for _ in range(120):
        phone.finish(files=1, file_bytes=30_000)
    responses, files = stored(small)
    workers = small.workers
    ballast = fill(small, 0)
    try:
        answer = push_all(phone)
        # The other database lies on another disk, and takes answers as before.
        assert answer == (503 if database_kind == "sqlite" else 200)
        if database_kind == "sqlite":
            assert stored(small)[0] == responses
        wait_until_not_ready(small)
        assert ask(small, "GET", "/healthz")[0] == 200
    finally:
        ballast.unlink()
    assert small.workers == workers
    assert phone.send()
    assert not phone.outbox
    assert stored(small) == (responses + 120, files + 120)
    small.run("verify")


def wait_until_not_ready(server: FragileServer) -> None:
    """Wait until no worker believes any more what it found out before the disk was full, which is kept so."""
    until = time() + 40
    while (answer := ask(server, "GET", "/readyz")) != (503, "files: the place where they lie cannot be written\n"):
        assert time() < until, answer
        fill(server, 0)
        sleep(0.5)


def push_all(phone: Phone) -> int:
    """The status of a push of some of its responses beside 7 MB that fit into nothing that SQLite had free before."""
    texts = [entry.text for entry in list(phone.outbox.values())[:5]]
    large = [json.dumps({"id": None, "answers": {"who": os.urandom(500_000).hex()}}) for _ in range(14)]
    body = json.dumps({"responses": [*texts, *large]}).encode()
    return phone.call("POST", "/sync/v1/push", body, {"Content-Type": "application/json"}).status
