"""Response documents for tests, as a phone would make them."""

import hashlib
import json
from typing import Any

from sqlalchemy.orm import Session

ID = "11111111-1111-4111-8111-111111111111"


def make_document(version: Any = None, **overrides: Any) -> str:
    """A document for the `household` questionnaire; `overrides` replace its parts."""
    document = {
        "id": ID,
        "form": "household",
        "version": "1",
        "model": version.model_hash if version is not None else "",
        "base": None,
        "place": "C01",
        "author": None,
        "language": "English (en)",
        "started_at": "2026-03-28T09:43:10.000+08:00",
        "finished_at": "2026-03-28T09:51:44.000+08:00",
        "tz": "Asia/Shanghai",
        "answers": {"place": "C01", "hh_size": "4"},
        "instance_name": "",
        "files": [],
    }
    return json.dumps(document | overrides, ensure_ascii=False)


def content_hash(document: str) -> str:
    """The content hash of a document."""
    return hashlib.sha256(document.encode()).hexdigest()


def fresh(session: Session) -> Session:
    """The session, reading from now on what others have committed."""
    session.rollback()
    session.expire_all()
    return session
