"""Signatures of messages (Standard Webhooks 1.0, "Signature scheme", symmetric). Pure."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
#: Random bytes of a key: the specification asks for 24 to 64.
KEY_BYTES = 32


def new_secret() -> str:
    """A new key as its text: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The header webhook-signature of a message sent at `timestamp`, seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
