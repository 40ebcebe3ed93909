"""Form models by version, read once by each process: they never change."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.store import Version
from collector.store.contents import content_path, contents_folder

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
        folder = contents_folder()
        return lambda sha256: content_path(folder, sha256).read_text("utf-8")


_cache: dict[int, FormModel] = {}
_lock = Lock()


def form_model(session: Session, version_id: int) -> FormModel:
    """The form model of the version `version_id`, which exists."""
    with _lock:
        model = _cache.pop(version_id, None)
    if model is None or not _is_same(session, model):
        row = session.execute(select(Version.model_hash, Version.model_json).where(Version.id == version_id)).one()
        model = FormModel(version_id, row.model_hash, row.model_json)
    with _lock:
        _cache[version_id] = model
        while len(_cache) > CACHE_SIZE:
            # Dictionaries keep the order of insertion: the first was used longest ago.
            del _cache[next(iter(_cache))]
    return model


def _is_same(session: Session, model: FormModel) -> bool:
    """Tell whether the version still has this model: a process may have come to serve another database, as in tests."""
    return session.scalar(select(Version.model_hash).where(Version.id == model.version_id)) == model.model_hash
