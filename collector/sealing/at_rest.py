"""Secrets that the server itself needs again, such as the keys of webhooks' signatures: kept encrypted, with a key outside the database."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def encrypt(secret: str, purpose: str) -> str:
    """`secret` encrypted and authenticated (Fernet) with a key made of SECRET_KEY for this `purpose` alone."""
    return _cipher(purpose).encrypt(secret.encode()).decode()


def decrypt(sealed: str, purpose: str) -> str | None:
    """What `encrypt` was given; None where SECRET_KEY has changed since, or the text is no such one."""
    try:
        return _cipher(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _cipher(purpose: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=f"collector at rest 1 {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(key.derive(current_app.config["SETTINGS"].secret_key.encode())))
