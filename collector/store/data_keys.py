"""The data keys: what lies in the database and among the files is sealed with them, and they lie outside of both.

Sealed: `MAGIC`, the first 4 bytes of the key's SHA-256, a nonce of 12 bytes, and the deflated content encrypted and authenticated with
AES-256-GCM, all before the nonce being authenticated too.
"""

import base64
import binascii
import hashlib
import os
import secrets
import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from collector.store.key_files import keep_once

#: What is sealed begins with this. No text does: NUL stands in none that is stored.
MAGIC = b"\0CD1"
KEY_BYTES, ID_BYTES, NONCE_BYTES = 32, 4, 12
#: What is no longer than this gains nothing by being compressed: a coordinate, a name.
SHORT_BYTES = 32
#: What is a keyed hash begins with this. No word and no plain hash does.
MARK = "#"
_HEAD = len(MAGIC) + ID_BYTES


class CannotOpen(Exception):
    """Something sealed was damaged, or sealed with a key that is not here. The message names the key and no content."""


class KeyNotHere(CannotOpen):
    """It was sealed with a key that this server does not have."""


@dataclass(frozen=True)
class DataKey:
    """One key of 32 bytes."""

    secret: bytes

    @cached_property
    def id(self) -> bytes:
        """By what the key is known: the first 4 bytes of its SHA-256."""
        return hashlib.sha256(self.secret).digest()[:ID_BYTES]

    @cached_property
    def cipher(self) -> AESGCM:
        """The key, ready for use."""
        return AESGCM(self.secret)


@dataclass(frozen=True)
class DataKeys:
    """The keys of an installation: the first one seals, each of them opens.

    `path`: the file that they were read from; a key that was added there since is found when something asks for it.
    """

    keys: tuple[DataKey, ...]
    path: Path | None = None

    @cached_property
    def by_id(self) -> dict[bytes, DataKey]:
        """The keys by their ids."""
        return {key.id: key for key in self.keys}

    def seal(self, plain: bytes) -> bytes:
        """Seal `plain` with the first key."""
        key = self.keys[0]
        head, nonce = MAGIC + key.id, os.urandom(NONCE_BYTES)
        return head + nonce + key.cipher.encrypt(nonce, _deflate(plain), head)

    def open(self, content: bytes) -> bytes:
        """What was sealed; content that was never sealed as it is. Raises CannotOpen."""
        if not content.startswith(MAGIC):
            return content
        head, nonce = content[:_HEAD], content[_HEAD : _HEAD + NONCE_BYTES]
        key = self.key_of(head[len(MAGIC) :])
        try:
            return zlib.decompress(key.cipher.decrypt(nonce, content[_HEAD + NONCE_BYTES :], head))
        except (InvalidTag, ValueError, zlib.error):
            raise CannotOpen("what was sealed is damaged") from None

    def knows(self, key_id: bytes) -> bool:
        """Tell whether the key with that id is here."""
        try:
            return bool(self.key_of(key_id))
        except KeyNotHere:
            return False

    def key_of(self, key_id: bytes) -> DataKey:
        """The key with that id. Raises KeyNotHere."""
        if key_id not in self.by_id and self.path is not None and self.path.exists():
            self.by_id.update(load_data_keys("", self.path).by_id)
        try:
            return self.by_id[key_id]
        except KeyError:
            raise KeyNotHere(f"the data key {key_id.hex()} is not here") from None

    def mark(self, purpose: str, text: str) -> str:
        """What stands for `text` where equal texts must be found and nobody may read them: `MARK` and 24 characters of a keyed hash.

        The same text gives another one for another `purpose` (BLAKE2b with a key derived for it alone, RFC 7693). The last key is what
        it is derived from: marks stay the same when another key is put before it.
        """
        keyed = _keyed(self.keys[-1].secret, purpose).copy()
        keyed.update(text.encode("utf-8", "surrogatepass"))
        return MARK + binascii.b2a_base64(keyed.digest(), newline=False).translate(_URL_SAFE).decode()


#: Turns base64 into its form for addresses (RFC 4648, section 5).
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@cache
def _keyed(secret: bytes, purpose: str) -> "hashlib.blake2b":
    """What has taken in the key for `purpose`, to be copied and never added to: that is half of the work for a word."""
    return hashlib.blake2b(key=_derive(secret, purpose), digest_size=18)


def _deflate(plain: bytes) -> bytes:
    """`plain` in zlib's form (RFC 1950): compressed, but for what is too short for that, as one block as it is (RFC 1951, 3.2.4)."""
    size = len(plain)
    if size > SHORT_BYTES:
        return zlib.compress(plain, 1)
    sizes = size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little")
    return b"\x78\x01\x01" + sizes + plain + zlib.adler32(plain).to_bytes(4, "big")


@cache
def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"collector {purpose}".encode()).derive(secret)


def load_data_keys(given: str, path: Path) -> DataKeys:
    """The keys that are `given` (the setting DATA_KEY: base64, separated by commas), or those in `path`, a line each; made on first use.

    Raises ValueError, naming the place and never a key.
    """
    place = "DATA_KEY" if given else str(path)
    texts = given.replace(",", "\n") if given else keep_keys_file(path)
    keys = tuple(read_key(text, place) for text in texts.split())
    if not keys:
        raise ValueError(f"{place} holds no key. Restore it from where you keep a copy.")
    return DataKeys(keys, None if given else path)


def read_key(text: str, place: str) -> DataKey:
    """The key that `text` is in base64. Raises ValueError naming the `place` of it."""
    try:
        secret = base64.b64decode(text, validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ValueError(f"{place} holds what is no key of 32 bytes in base64. Restore it from where you keep a copy.")
    return DataKey(secret)


def new_key_text() -> str:
    """A new key as base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def keep_keys_file(path: Path) -> str:
    """The text in `path`, made with one new key on first use."""
    return keep_once(path, lambda: f"{new_key_text()}\n".encode()).decode()
