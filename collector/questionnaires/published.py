"""Form models by version, read once by each process: they never change."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from collector.store import Version
from collector.store.contents import FORM_FILES, contents

#: Form models that a process keeps in memory.
CACHE_SIZE = 16


@dataclass(frozen=True)
class FormModel:
    """A version's form model (docs/form-model.md)."""

    version_id: int
    model_hash: str
    model_json: str

    @cached_property
    def tree(self) -> dict[str, Any]:
        """The model as parsed JSON. Not to be changed."""
        parsed: dict[str, Any] = json.loads(self.model_json)
        return parsed

    @property
    def place_path(self) -> list[str]:
        """Names of the questions that tell the place, highest level first."""
        path: list[str] = self.tree["form"].get("place_path", [])
        return path

    @property
    def read_list(self) -> Callable[[str], str]:
        """Reads a list that the model names by its SHA-256, as JSON, in whatever thread. Raises OSError where it is gone."""
        place = contents()

        def read(sha256: str) -> str:
            with place.open(FORM_FILES, sha256) as content:
                return content.read().decode("utf-8")

        return read


HASH_OF_VERSION = select(Version.__table__.c.model_hash).where(Version.__table__.c.id == bindparam("version_id"))

_cache: dict[int, FormModel] = {}
_lock = Lock()


def form_model(session: Session, version_id: int) -> FormModel:
    """The form model of the version `version_id`, which exists."""
    return known_model(session, version_id, session.scalars(HASH_OF_VERSION, {"version_id": version_id}).one())


def known_model(session: Session, version_id: int, model_hash: str) -> FormModel:
    """The same, for who has just read that the version has the model with this hash.

    A process may have come to serve another database, as in tests: what it remembers holds only while the hash is the same.
    """
    with _lock:
        model = _cache.pop(version_id, None)
    if model is None or model.model_hash != model_hash:
        row = session.execute(select(Version.model_hash, Version.model_json).where(Version.id == version_id)).one()
        model = FormModel(version_id, row.model_hash, row.model_json)
    with _lock:
        _cache[version_id] = model
        while len(_cache) > CACHE_SIZE:
            # Dictionaries keep the order of insertion: the first was used longest ago.
            del _cache[next(iter(_cache))]
    return model
