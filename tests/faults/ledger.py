"""What phones finished, remembered outside of them: the measure for what became of it."""

import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finished:
    """A response as the phone recorded it at Finish."""

    id: str
    content_hash: str
    text: str
    phone: str

    @property
    def read(self) -> dict[str, Any]:
        """The document."""
        document: dict[str, Any] = json.loads(self.text)
        return document


@dataclass
class Ledger:
    """Everything that was finished, by content hash."""

    entries: dict[str, Finished] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def record(self, text: str, phone: str) -> str:
        """Note a finished document; gives its content hash."""
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            self.entries[content_hash] = Finished(json.loads(text)["id"], content_hash, text, phone)
        return content_hash
