"""The installation's sealing key: made on first use, kept in the data folder, or given by the setting SEALING_KEY."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import Flask, current_app

from collector.sealing.boxes import open_box, seal_box
from collector.settings import Settings
from collector.store.key_files import keep_once


@dataclass(frozen=True)
class SealingKey:
    """A P-256 pair. What phones seal with its public half, only its private half opens."""

    private: EllipticCurvePrivateKey

    @cached_property
    def spki(self) -> bytes:
        """The public half as SubjectPublicKeyInfo, DER."""
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @cached_property
    def id(self) -> str:
        """The first 16 hex digits of the public half's SHA-256."""
        return hashlib.sha256(self.spki).hexdigest()[:16]

    @property
    def entry(self) -> dict[str, str]:
        """The public half as phones get it (docs/sync-protocol.md, Pull)."""
        return {"id": self.id, "spki": base64.b64encode(self.spki).decode()}

    def open(self, sealed: bytes, person: str) -> bytes:
        """What a box of `person` sealed for this installation holds. Raises CannotOpen."""
        return open_box(sealed, self.private, person)

    def seal(self, plain: bytes, person: str) -> bytes:
        """Seal what belongs to `person` for this installation, as a phone does."""
        return seal_box(plain, self.private.public_key(), person)


def init_app(app: Flask) -> None:
    """Give `app` its sealing key."""
    app.extensions["collector_sealing_key"] = load_key(app.config["SETTINGS"])


def sealing_key() -> SealingKey:
    """The sealing key of the current app."""
    key: SealingKey = current_app.extensions["collector_sealing_key"]
    return key


def load_key(settings: Settings) -> SealingKey:
    """The key that the settings give, or the one kept in the data folder. Raises ValueError, saying which cannot be used."""
    if settings.sealing_key:
        # Some ways of setting a variable keep a line break as two characters.
        return read_pem(settings.sealing_key.replace("\\n", "\n").encode(), "SEALING_KEY")
    path = settings.data_dir / "sealing_key"
    return read_pem(keep_key_file(path), str(path))


def read_pem(pem: bytes, place: str) -> SealingKey:
    """Read a private key. Raises ValueError naming `place`, never the text."""
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not (isinstance(private, EllipticCurvePrivateKey) and isinstance(private.curve, SECP256R1)):
        raise ValueError(
            f"{place} is no private key of the curve P-256 in PEM without a password. Restore it from a backup."
        )
    return SealingKey(private)


def keep_key_file(path: Path) -> bytes:
    """The PEM text in `path`, made on first use."""
    return keep_once(path, make_pem)


def make_pem() -> bytes:
    """A new private key."""
    return generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
