"""Secrets that phones carry: 256 random bits, of which the server keeps only a hash."""

import hashlib
import secrets


def new_token() -> str:
    """A new secret of 256 bits, as text that fits an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 of `token`, hex. A plain hash is enough: the token is random and long, so there is nothing to guess."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
