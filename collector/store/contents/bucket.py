"""Files as objects in a bucket of any S3-compatible store. This alone knows boto3, and is loaded only where FILES_URL names a bucket."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, BinaryIO, NamedTuple, cast

import boto3  # type: ignore[import-untyped]
from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
from urllib3.exceptions import HTTPError

from collector.store.contents.backend import ContentsAway, Stored
from collector.store.contents.bucket_address import BucketAddress
from collector.store.sealed_streams import HEADER_BYTES, SEALED_CHUNK_BYTES, Replaced
from collector.store.seeking import SeekableReader

#: How boto3 asks. Checksums beyond those that S3 demands are left out, since other stores do not know them; the bucket is named in the
#: path, since few other stores have a host name for each; whoever waits is told soon, and asks again.
CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "max_attempts": 3},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    max_pool_connections=16,
)
DEFAULT_REGION = "us-east-1"
#: How many of a process wait for the store at a time, of its threads (collector/serving.py), and seconds for a place among them:
#: while a store is slow, or hangs, answers are taken all the same.
AT_ONCE = 4
PLACE_WAIT_S = 2.0
#: Bytes of a file from which on it is sent in parts, of as many bytes each, and waits on the disk meanwhile and not in memory.
PART_BYTES = 16 * 1024 * 1024
PARTS = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False)
#: Bytes that are fetched first of an object: what tells whether it is sealed, and one chunk. Who reads on gets four times as many.
FIRST_WINDOW_BYTES = HEADER_BYTES + SEALED_CHUNK_BYTES
MOST_WINDOW_BYTES = 4 * 1024 * 1024
#: Statuses and codes with which stores say that there is no such object.
GONE = frozenset({"404", "NoSuchKey", "NotFound"})
#: The code where an object has no such bytes: it is empty.
NO_SUCH_RANGE = frozenset({"416", "InvalidRange"})


class Bucket:
    """The backend that keeps files as objects in a bucket. `waiting`: folder of large files, sealed, while they are sent."""

    def __init__(self, address: BucketAddress, waiting: Path) -> None:
        self.address = address
        self.waiting = waiting
        self._lock = Lock()
        self._client: Any = None
        self._places = BoundedSemaphore(AT_ONCE)
        self._pid = 0

    @property
    def client(self) -> Any:
        """This process's client: neither connections nor places are shared with the process that this one was forked from."""
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._client = boto3.session.Session().client(
                        "s3",
                        endpoint_url=self.address.endpoint,
                        region_name=self.address.region or os.environ.get("AWS_REGION") or DEFAULT_REGION,
                        config=CONFIG,
                    )
                    self._places = BoundedSemaphore(AT_ONCE)
                    self._pid = os.getpid()
        return self._client

    @contextmanager
    def asking(self) -> Iterator[Any]:
        """The client, for as long as one waits for the store. Raises ContentsAway where too many do, and what `translated` does."""
        client, places = self.client, self._places
        if not places.acquire(timeout=PLACE_WAIT_S):
            raise ContentsAway(errno.EBUSY, "the store of files is slow, and enough wait for it")
        try:
            with translated():
                yield client
        finally:
            places.release()

    @contextmanager
    def writing(self, path: str, *, is_durable: bool = True) -> Iterator[BinaryIO]:
        """Kept here until it is whole, and sent then: an object is there whole or not at all, and durable once the store says so."""
        with tempfile.SpooledTemporaryFile(PART_BYTES, dir=str(self.waiting)) as file:
            yield cast(BinaryIO, file)
            size_bytes = file.tell()
            file.seek(0)
            where = {"Bucket": self.address.bucket, "Key": self._key(path)}
            with self.asking() as client:
                if size_bytes < PART_BYTES:
                    client.put_object(Body=file.read(), ContentType="application/octet-stream", **where)
                else:
                    client.upload_fileobj(file, Config=PARTS, **where)

    def open(self, path: str) -> BinaryIO:
        """The object, whose bytes are fetched as they are read."""
        return cast(BinaryIO, ObjectReader(self, path))

    def size(self, path: str) -> int | None:
        """Its size, as the store says."""
        try:
            with self.asking() as client:
                found = client.head_object(Bucket=self.address.bucket, Key=self._key(path))
        except FileNotFoundError:
            return None
        return int(found["ContentLength"])

    def remove(self, path: str) -> None:
        """Delete the object."""
        with self.asking() as client:
            client.delete_object(Bucket=self.address.bucket, Key=self._key(path))

    def remove_below(self, folder: str) -> None:
        """One by one: not every store takes many in one request."""
        for found in list(self.walk(folder)):
            self.remove(found.path)

    def walk(self, folder: str) -> Iterator[Stored]:
        """As the store lists them, a thousand at a time."""
        before = self._key("")
        paginator = self.client.get_paginator("list_objects_v2")
        pages = iter(paginator.paginate(Bucket=self.address.bucket, Prefix=f"{self._key(folder)}/"))
        while True:
            # Whoever is given them may ask the store for other things meanwhile.
            with self.asking():
                page = next(pages, None)
            if page is None:
                return
            for found in page.get("Contents", ()):
                if not found["Key"].endswith("/"):
                    yield Stored(found["Key"][len(before) :], found["LastModified"], int(found["Size"]))

    def drop_leftovers(self, folder: str, before: datetime) -> None:
        """Uploads in parts that nobody finished."""
        where = {"Bucket": self.address.bucket}
        with self.asking() as client:
            pages = client.get_paginator("list_multipart_uploads").paginate(Prefix=f"{self._key(folder)}/", **where)
            for upload in (upload for page in pages for upload in page.get("Uploads", ())):
                if upload["Initiated"] < before:
                    client.abort_multipart_upload(Key=upload["Key"], UploadId=upload["UploadId"], **where)

    def fetch(self, path: str, start: int, size_bytes: int) -> "Window":
        """Bytes of an object from `start` on, as many as there are. Raises FileNotFoundError."""
        asked = f"bytes={start}-{start + size_bytes - 1}"
        try:
            with self.asking() as client:
                found = client.get_object(Bucket=self.address.bucket, Key=self._key(path), Range=asked)
                content = found["Body"].read()
        except OSError as error:
            if isinstance(error.__cause__, ClientError) and code_of(error.__cause__) in NO_SUCH_RANGE:
                return Window(b"", 0, None)
            raise
        size_bytes = int(found.get("ContentRange", f"/{len(content)}").rpartition("/")[2])
        return Window(content, size_bytes, found.get("LastModified"))

    def _key(self, path: str) -> str:
        return f"{self.address.prefix}/{path}" if self.address.prefix else path


class Window(NamedTuple):
    """Some of an object: bytes of it, how many it has in all, and when it was put there."""

    content: bytes
    size_bytes: int
    kept_at: datetime | None


class ObjectReader(SeekableReader):
    """Reads an object, a window of it at a time: a small one where somebody goes to, larger ones while they read on.

    Raises Replaced, once, where another object has taken its place meanwhile; from then on that one is read.
    """

    def __init__(self, bucket: Bucket, path: str) -> None:
        self._bucket = bucket
        self._path = path
        self._position = 0
        self._begin()

    def _begin(self) -> None:
        self._start, self._next_bytes = 0, FIRST_WINDOW_BYTES
        self._window, self.size_bytes, self._kept_at = self._bucket.fetch(self._path, 0, FIRST_WINDOW_BYTES)

    def readinto(self, target: Any) -> int:
        """Fill `target` with what is there of the window."""
        if self._position >= self.size_bytes:
            return 0
        at = self._position - self._start
        if not 0 <= at < len(self._window):
            self._fetch(len(target), reads_on=at == len(self._window))
            at = 0
        found = self._window[at : at + len(target)]
        target[: len(found)] = found
        self._position += len(found)
        return len(found)

    def _fetch(self, wanted_bytes: int, *, reads_on: bool) -> None:
        self._next_bytes = min(4 * self._next_bytes, MOST_WINDOW_BYTES) if reads_on else FIRST_WINDOW_BYTES
        size_bytes = max(self._next_bytes, min(wanted_bytes, MOST_WINDOW_BYTES))
        self._start = self._position
        self._window, all_bytes, kept_at = self._bucket.fetch(self._path, self._position, size_bytes)
        if kept_at != self._kept_at or all_bytes != self.size_bytes:
            self._begin()
            raise Replaced(errno.ESTALE, "another file has taken the place of this one")
        if not self._window:
            raise ContentsAway(errno.EIO, "the store gave fewer bytes than it has")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what boto3 raises into FileNotFoundError where there is no such object, and into ContentsAway for all else."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in GONE:
            raise FileNotFoundError(errno.ENOENT, "the store has no such object") from error
        raise ContentsAway(errno.EIO, f"the store of files says {code_of(error)}") from error
    except (BotoCoreError, Boto3Error, HTTPError) as error:
        # Messages may name whole addresses with keys of objects; the kind says what has to be known.
        raise ContentsAway(errno.EIO, f"the store of files does not answer: {type(error).__name__}") from error


def code_of(error: ClientError) -> str:
    """By what a store names an error."""
    return str(error.response.get("Error", {}).get("Code", "unknown"))
