"""The proof of a password by Digest (RFC 7616, section 3.4.1). Pure."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

_COUNT = re.compile(r"[0-9a-fA-F]{8}")


def md5(text: str) -> str:
    """MD5 of `text`, hex: what the protocol asks for. It guards a random password of 256 bits."""
    return hashlib.md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def secret_of(login: str, realm: str, password: str) -> str:
    """What a server keeps to check proofs: A1 of the RFC, hashed."""
    return md5(f"{login}:{realm}:{password}")


def proof(secret: str, method: str, given: Mapping[str, str | None]) -> str:
    """The right `response` to what a client says in its header."""
    parts = (given.get("nonce"), given.get("nc"), given.get("cnonce"), given.get("qop"))
    of_request = md5(f"{method}:{given.get('uri')}")
    return md5(":".join([secret, *(part or "" for part in parts), of_request]))


def is_right(secret: str, method: str, target: str, given: Mapping[str, str | None]) -> bool:
    """Whether a client's header proves that it knows the password, for this method and target of the request (path and query)."""
    is_known_way = (given.get("qop") or "").lower() == "auth" and (given.get("algorithm") or "MD5").upper() == "MD5"
    is_whole = all(given.get(name) for name in ("nonce", "cnonce", "uri", "response"))
    if not is_known_way or not is_whole or not _COUNT.fullmatch(given.get("nc") or ""):
        return False
    right = proof(secret, method, given)
    is_proved = hmac.compare_digest(right.encode(), (given.get("response") or "").lower().encode("utf-8", "replace"))
    return is_proved and _path(given.get("uri") or "") == _path(target)


def _path(target: str) -> str:
    """Path and query, whether a target names its host or not, and however its characters are escaped."""
    try:
        split = urlsplit(target)
    except ValueError:
        return target
    return unquote(f"{split.path}?{split.query}")
