"""Files sealed with the data keys, in chunks, so that any part of one can be read without the rest of it.

Shape: `MAGIC`, the id of the data key (4 bytes), a salt of 24 random bytes; then the content in chunks of 64 KiB, each encrypted and
authenticated with AES-256-GCM and 16 bytes longer for it. The last chunk is shorter or full, and empty only in a file of nothing. Each file
has a key of its own, made of the data key, its salt and its context (HKDF-SHA256). A chunk's nonce is its number, 11 bytes, and one byte
that is 1 for the last chunk alone: a chunk that was changed, moved, left out or put on at the end is noticed when it is read.

Source: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance" (CRYPTO 2015), section 7; NIST SP 800-38D, section 8.2.1, for nonces that count.
"""

import io
import os
from typing import Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from collector.store.data_keys import ID_BYTES, KEY_BYTES, CannotOpen, DataKey, DataKeys
from collector.store.seeking import SeekableReader

#: A sealed file begins with this; no picture, recording, table or document does.
MAGIC = b"\0CS1"
SALT_BYTES, TAG_BYTES = 24, 16
HEADER_BYTES = len(MAGIC) + ID_BYTES + SALT_BYTES
#: Bytes of content in a chunk, and bytes that it takes when sealed.
CHUNK_BYTES = 64 * 1024
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES


class CannotOpenFile(CannotOpen, OSError):
    """A sealed file is damaged, or was sealed with a key that is not here. The message says which, and no content."""


class Replaced(OSError):
    """Another file has taken the place of the one that is being read, as when it is sealed anew. Reading goes on in that one."""


def seal_stream(plain: BinaryIO, sealed: BinaryIO, key: DataKey, context: str = "") -> int:
    """Write what is left of `plain` into `sealed`, sealed with `key`. Gives how many bytes it was, plain.

    `context`: says what the file is for; it can be opened only by who names the same, so that files cannot stand in for each other.
    """
    salt = os.urandom(SALT_BYTES)
    sealed.write(MAGIC + key.id + salt)
    cipher = _file_cipher(key.secret, salt, context)
    number = size_bytes = 0
    chunk = _read_whole(plain, CHUNK_BYTES)
    while True:
        # Whether a chunk is the last one is known once nothing comes after it.
        following = _read_whole(plain, CHUNK_BYTES) if len(chunk) == CHUNK_BYTES else b""
        sealed.write(cipher.encrypt(_nonce(number, is_last=not following), chunk, None))
        size_bytes += len(chunk)
        if not following:
            return size_bytes
        number, chunk = number + 1, following


def plain_size(stored_bytes: int) -> int:
    """Bytes of content in a sealed file of `stored_bytes`. Raises CannotOpenFile for a length that no sealed file has."""
    body = stored_bytes - HEADER_BYTES
    size_bytes = body - TAG_BYTES * _count_chunks(body)
    if body < TAG_BYTES or (body - 1) % SEALED_CHUNK_BYTES < TAG_BYTES - (body == TAG_BYTES):
        raise CannotOpenFile("a sealed file was cut off")
    return size_bytes


def is_sealed(head: bytes) -> bool:
    """Tell by its first bytes whether a file is sealed."""
    return head.startswith(MAGIC)


def open_sealed(raw: BinaryIO, keys: DataKeys, context: str = "") -> BinaryIO:
    """The content of the file `raw`, opened at its beginning, for reading anywhere in it; of a file that was never sealed, itself.

    Closing it closes `raw`. Raises CannotOpenFile, also later, when a damaged part is read.
    """
    try:
        head = _read_whole(raw, HEADER_BYTES)
        raw.seek(0)
        if not is_sealed(head):
            return raw
        return cast(BinaryIO, io.BufferedReader(SealedReader(raw, keys, context), CHUNK_BYTES))
    except BaseException:
        raw.close()
        raise


class SealedReader(SeekableReader):
    """Reads a sealed file: a chunk at a time is fetched and opened, the latest is kept. Raises CannotOpenFile."""

    def __init__(self, raw: BinaryIO, keys: DataKeys, context: str = "") -> None:
        self._raw, self._keys, self._context = raw, keys, context
        self._begin()
        self._position = 0
        self._kept: tuple[int, bytes] = (-1, b"")
        if self.size_bytes == 0:
            # Nobody would read its chunk, and what says that it is empty would go unchecked.
            self._chunk(0)

    def _begin(self) -> None:
        stored_bytes = self._raw.seek(0, io.SEEK_END)
        self._raw.seek(0)
        head = _read_whole(self._raw, HEADER_BYTES)
        if not is_sealed(head) or len(head) < HEADER_BYTES:
            raise CannotOpenFile("this is no sealed file, or one that was cut off")
        #: Bytes of the content.
        self.size_bytes = plain_size(stored_bytes)
        self._count = _count_chunks(stored_bytes - HEADER_BYTES)
        try:
            key = self._keys.key_of(head[len(MAGIC) : len(MAGIC) + ID_BYTES])
        except CannotOpen as error:
            raise CannotOpenFile(str(error)) from None
        self._cipher = _file_cipher(key.secret, head[-SALT_BYTES:], self._context)

    def readinto(self, target: Any) -> int:
        """Fill `target` with what is there of one chunk; 0 at the end."""
        if self._position >= self.size_bytes:
            return 0
        number, start = divmod(self._position, CHUNK_BYTES)
        found = self._chunk(number)[start : start + len(target)]
        target[: len(found)] = found
        self._position += len(found)
        return len(found)

    def close(self) -> None:
        """Close this and what it reads from."""
        if not self.closed:
            self._raw.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._kept[0] != number:
            sealed = self._read_sealed(number)
            try:
                plain = self._cipher.decrypt(_nonce(number, is_last=number == self._count - 1), sealed, None)
            except InvalidTag:
                raise CannotOpenFile("a sealed file is damaged, or is not the one that belongs here") from None
            self._kept = (number, plain)
        return self._kept[1]

    def _read_sealed(self, number: int) -> bytes:
        while True:
            try:
                self._raw.seek(HEADER_BYTES + number * SEALED_CHUNK_BYTES)
                return _read_whole(self._raw, SEALED_CHUNK_BYTES)
            except Replaced:
                # The same content, sealed anew: each chunk stands where it stood, under another key. Anything else cannot be gone on with.
                size_bytes = self.size_bytes
                self._begin()
                if self.size_bytes != size_bytes:
                    raise


def _file_cipher(secret: bytes, salt: bytes, context: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=salt, info=f"collector file {context}".encode()).derive(secret))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _count_chunks(body_bytes: int) -> int:
    return -(-body_bytes // SEALED_CHUNK_BYTES)


def _read_whole(source: BinaryIO, size_bytes: int) -> bytes:
    """Read `size_bytes`, or what is there: some sources give less at a time than they have."""
    found = source.read(size_bytes)
    if len(found) in (0, size_bytes):
        return found
    parts = [found]
    missing = size_bytes - len(found)
    while missing and (found := source.read(missing)):
        parts.append(found)
        missing -= len(found)
    return b"".join(parts)
