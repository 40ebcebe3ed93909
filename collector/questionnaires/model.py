"""The form model's bytes and the hash that names them (docs/form-model.md)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

LAYOUT = 1


def canonical_json(model: dict[str, Any]) -> str:
    """The model as JSON, keys in the order they were put in, no blanks, characters as they are."""
    return json.dumps(model, ensure_ascii=False, separators=(",", ":"))


def model_hash(model_json: str) -> str:
    """SHA-256 of the model's UTF-8 bytes, in lower-case hex."""
    return hashlib.sha256(model_json.encode()).hexdigest()
