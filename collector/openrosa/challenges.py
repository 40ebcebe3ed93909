"""How clients sign in: the ways that an answer offers, and nonces that this server made itself.

Source: RFC 7617 (Basic); RFC 7616 (Digest) with MD5, the algorithm that ODK Collect knows.
"""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, current_app, request
from itsdangerous import BadSignature, TimestampSigner

from collector.accounts.collect_access import REALM

#: How long a nonce counts; a client learns of a newer one by `stale=true` (RFC 7616, section 3.3) and goes on by itself.
NONCE_SECONDS = 600
#: Addresses that are this very machine.
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


def add_challenges(answer: Response, *, is_stale: bool) -> None:
    """Offer Digest, and Basic where nobody can listen. Mutates: the answer's headers."""
    stale = ", stale=true" if is_stale else ""
    answer.headers.add(
        "WWW-Authenticate", f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{make_nonce()}"{stale}'
    )
    if is_private():
        answer.headers.add("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"')


def is_private() -> bool:
    """Whether a password in the request was read by nobody on its way: it came over HTTPS, or from this machine."""
    is_https = request.is_secure or current_app.config["SETTINGS"].is_secure
    return is_https or (request.remote_addr in LOCAL and urlsplit(f"//{request.host}").hostname in LOCAL)


def make_nonce() -> str:
    """A nonce that says when it was made and that only this server can have made."""
    return _signer().sign(secrets.token_urlsafe(16)).decode()


def nonce_moment(nonce: str) -> datetime | None:
    """When this server made `nonce`; None for one that it did not make, or too long ago."""
    try:
        _text, made_at = _signer().unsign(nonce, max_age=NONCE_SECONDS, return_timestamp=True)
    except BadSignature:
        # An expired one is of this kind, too.
        return None
    return made_at


def _signer() -> TimestampSigner:
    return TimestampSigner(current_app.config["SETTINGS"].signing_keys, salt="openrosa nonce")
