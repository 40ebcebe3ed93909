"""Sealed boxes and sealed records (docs/sync-protocol.md, Sealed for the server). Pure: bytes in, bytes out."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: Bytes of a public key as an uncompressed point, of an AES-256 key, of an initialisation vector and of a GCM tag.
POINT_BYTES = 65
KEY_BYTES = 32
IV_BYTES = 12
TAG_BYTES = 16
INFO = "collector sealed 1"


class CannotOpen(ValueError):
    """Sealed bytes that were cut short or changed, or that another key opens."""


def read_point(point: bytes) -> EllipticCurvePublicKey:
    """The public key that 65 bytes give. Raises CannotOpen when they are no point of the curve."""
    if len(point) != POINT_BYTES:
        raise CannotOpen("a public key has 65 bytes")
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        raise CannotOpen("not a point of the curve") from None


def seal_box(plain: bytes, receiver: EllipticCurvePublicKey, person: str) -> bytes:
    """Seal what belongs to `person`, an id, so that only the private key of `receiver` opens it."""
    sender = generate_private_key(SECP256R1())
    point = sender.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key, iv = _derive(sender, receiver, point, person)
    return point + AESGCM(key).encrypt(iv, plain, None)


def open_box(sealed: bytes, private: EllipticCurvePrivateKey, person: str) -> bytes:
    """What a sealed box of `person` holds. Raises CannotOpen; also for a box of another person, which nobody may pass off as theirs."""
    point, ciphertext = sealed[:POINT_BYTES], sealed[POINT_BYTES:]
    key, iv = _derive(private, read_point(point), point, person)
    return _decrypt(key, iv, ciphertext, None)


def open_record(sealed: bytes, key: bytes, purpose: str, author: str) -> bytes:
    """What a sealed record of `author` holds. Raises CannotOpen; also for a record of another purpose or person."""
    return _decrypt(key, sealed[:IV_BYTES], sealed[IV_BYTES:], _context(purpose, author))


def seal_record(plain: bytes, key: bytes, purpose: str, author: str) -> bytes:
    """Seal `plain` under a person's key, as a phone does."""
    iv = os.urandom(IV_BYTES)
    return iv + AESGCM(key).encrypt(iv, plain, _context(purpose, author))


def check_number(reply_key: bytes) -> str:
    """Four digits, by which two people make sure over the telephone that they speak of the same public key."""
    return f"{int.from_bytes(hashlib.sha256(reply_key).digest()[:4], 'big') % 10000:04d}"


def _context(purpose: str, author: str) -> bytes:
    # A half of a character has no UTF-8; whatever it becomes, no phone sealed anything for it.
    return f"{purpose} {author}".encode("utf-8", "replace")


def _derive(
    own: EllipticCurvePrivateKey, other: EllipticCurvePublicKey, point: bytes, person: str
) -> tuple[bytes, bytes]:
    shared = own.exchange(ECDH(), other)
    derived = HKDF(SHA256(), KEY_BYTES + IV_BYTES, salt=point, info=_context(INFO, person)).derive(shared)
    return derived[:KEY_BYTES], derived[KEY_BYTES:]


def _decrypt(key: bytes, iv: bytes, ciphertext: bytes, context: bytes | None) -> bytes:
    if len(key) != KEY_BYTES or len(iv) != IV_BYTES or len(ciphertext) < TAG_BYTES:
        raise CannotOpen("cut short")
    try:
        return AESGCM(key).decrypt(iv, ciphertext, context)
    except InvalidTag:
        raise CannotOpen("changed, or sealed with another key") from None
