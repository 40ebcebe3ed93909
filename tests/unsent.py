"""Files of unsent responses for tests, as a phone would save them."""

import base64
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.sealing.boxes import seal_record
from collector.sealing.keys import SealingKey

AUTHOR = "22222222-2222-4222-8222-222222222222"


@dataclass(frozen=True)
class Photo:
    """A file of a response."""

    response: str
    name: str
    content: bytes

    @property
    def entry(self) -> dict[str, Any]:
        """The file as a document names it."""
        digest = hashlib.sha256(self.content).hexdigest()
        return {
            "name": self.name,
            "path": "/data/photo",
            "size": len(self.content),
            "sha256": digest,
            "type": "image/jpeg",
        }

    @property
    def head(self) -> dict[str, Any]:
        """What a file of unsent responses says of it."""
        return {"response": self.response} | {key: self.entry[key] for key in ("name", "type", "sha256", "size")}


@dataclass
class Part:
    """What one person left on the phone."""

    documents: Sequence[str] = ()
    photos: Sequence[Photo] = ()
    author: str = AUTHOR
    key: bytes = field(default_factory=lambda: os.urandom(32))


def b64(content: bytes) -> str:
    """Base64 as the protocol writes it."""
    return base64.b64encode(content).decode()


def sealed_part(part: Part, key: SealingKey) -> dict[str, Any]:
    """A part of version 2."""

    def seal(plain: bytes, purpose: str) -> str:
        return b64(seal_record(plain, part.key, purpose, part.author))

    return {
        "author": part.author,
        "key": b64(key.seal(part.key, part.author)),
        "responses": [seal(json.dumps({"document": text}).encode(), "document") for text in part.documents],
        "files": [photo.head | {"content": seal(photo.content, "file")} for photo in part.photos],
    }


def sealed_file(key: SealingKey, *parts: Part) -> dict[str, Any]:
    """A file of version 2."""
    return {
        "collector": "unsent",
        "version": 2,
        "saved_at": "2026-11-24T12:00:00.000+08:00",
        "key_id": key.id,
        "parts": [sealed_part(part, key) for part in parts],
    }


def plain_file(documents: Sequence[str], photos: Sequence[Photo] = ()) -> dict[str, Any]:
    """A file of version 1, as `static/field/unsent-file.js` writes it."""
    files = []
    for photo in photos:
        head = photo.head
        del head["size"]
        files.append(head | {"base64": b64(photo.content)})
    saved_at = "2026-11-24T12:00:00.000+08:00"
    return {"collector": "unsent", "version": 1, "saved_at": saved_at, "responses": list(documents), "files": files}
