"""Secrets that releases before the data keys encrypted with SECRET_KEY (Fernet): read once, and sealed with a data key as all else."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from collector.settings import Settings
from collector.store import Device, Webhook

#: For what each was encrypted, and how the text of one begins.
DIGEST, WEBHOOK = "openrosa digest", "webhook"
BEGINNING = "gAAAAA"


def seal_secrets(session: Session, settings: Settings) -> int:
    """Seal the passwords of ODK Collect and the keys of webhooks with a data key. Gives how many.

    One that SECRET_KEY does not open was lost before, and stays as it is.
    """
    done = 0
    for device in session.scalars(select(Device).options(undefer(Device.digest)).where(Device.digest.is_not(None))):
        opened = decrypt(device.digest or "", DIGEST, settings)
        if opened is not None:
            device.digest, done = opened, done + 1
    for webhook in session.scalars(select(Webhook).options(undefer(Webhook.secret))):
        opened = decrypt(webhook.secret, WEBHOOK, settings)
        if opened is not None:
            webhook.secret, done = opened, done + 1
    session.flush()
    return done


def encrypt_secrets(session: Session, settings: Settings) -> None:
    """Keep the same secrets as the release before did, for the way back to it."""
    for device in session.scalars(select(Device).options(undefer(Device.digest)).where(Device.digest.is_not(None))):
        device.digest = encrypt(device.digest or "", DIGEST, settings)
    for webhook in session.scalars(select(Webhook).options(undefer(Webhook.secret))):
        webhook.secret = encrypt(webhook.secret, WEBHOOK, settings)
    session.flush()


def encrypt(secret: str, purpose: str, settings: Settings) -> str:
    """`secret` as the release before kept it."""
    return _cipher(purpose, settings.secret_key).encrypt(secret.encode()).decode()


def decrypt(text: str, purpose: str, settings: Settings) -> str | None:
    """What `encrypt` was given; None for what is no such text, and where no key that counts opens it."""
    if not text.startswith(BEGINNING):
        return None
    for key in (settings.secret_key, *settings.old_secret_keys):
        try:
            return _cipher(purpose, key).decrypt(text.encode()).decode()
        except InvalidToken:
            continue
    return None


def _cipher(purpose: str, secret_key: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=f"collector at rest 1 {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(key.derive(secret_key.encode())))
