"""Access for ODK Collect: a name and a password of its own for one volunteer's phone, and the QR code that sets Collect up."""

import base64
import json
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from collector.accounts.digest import secret_of
from collector.accounts.tokens import hash_token, new_token
from collector.journal import record
from collector.store import Device, User
from collector.store.people import OPENROSA

#: What clients are told that they sign in to. It is part of what is kept of each password: another one would void them all.
REALM = "Collector"
#: Under the server's address: where Collect's requests go.
ADDRESS = "/openrosa"


@dataclass(frozen=True)
class CollectCard:
    """What is shown once: the address, name and password, and a QR code (a data address of an SVG) that holds them as settings.

    `steps` and `warning` are in the volunteer's `language`.
    """

    server_url: str
    login: str
    password: str
    qr: str
    language: str
    steps: Sequence[str]
    warning: str

    @property
    def is_https(self) -> bool:
        """Whether nobody can read along on the way to the server."""
        return self.server_url.startswith("https://")


def make_access(session: Session, user: User, *, by: str | None) -> CollectCard:
    """Give a phone of `user` access with ODK Collect. Gives what it needs, which cannot be read again later."""
    login, password = f"collect-{secrets.token_hex(4)}", new_token()
    device = Device(
        user_id=user.id,
        kind=OPENROSA,
        label="ODK Collect",
        login=login,
        token_hash=hash_token(password),
        digest=secret_of(login, REALM, password),
    )
    session.add(device)
    session.flush()
    record(session, "device.collect", device.id, user_id=by, person=user.id)
    server_url = current_app.config["SETTINGS"].public_url + ADDRESS
    content = settings_code(server_url, login, password, user.name)
    qr = segno.make(content, error="l", micro=False).svg_data_uri(scale=4, border=4, light="#fff")
    with force_locale(user.language):
        steps = [
            _("Open ODK Collect and choose “Configure with QR code”, or “Add project”."),
            _("Scan this code."),
            _("Press “Start new form”: the questionnaires come by themselves."),
        ]
        warning = _("Keep this card to yourself: whoever has it can send responses in your name.")
    return CollectCard(server_url, login, password, qr, user.language, steps, warning)


def settings_code(server_url: str, login: str, password: str, name: str) -> str:
    """The text of a settings QR code: JSON, packed by zlib, in base64.

    Source: ODK Collect documentation, "Making your own QR code".
    """
    settings: dict[str, Any] = {
        "general": {
            "protocol": "odk_default",
            "server_url": server_url,
            "username": login,
            "password": password,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": f"Collector · {name}"},
    }
    packed = zlib.compress(json.dumps(settings, ensure_ascii=False, separators=(",", ":")).encode())
    return base64.b64encode(packed).decode()
