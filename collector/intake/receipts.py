"""Receipts: what the phone gets for each document (docs/sync-protocol.md, Push)."""

from typing import Any

from collector.intake.documents import Document
from collector.intake.quarantine import reason_text


def receipt(
    document: Document, status: str, revision: int, missing_files: list[str], *, is_conflict: bool
) -> dict[str, Any]:
    """The receipt for a document that is stored as a revision of its response."""
    given = {
        "id": document.claimed_id,
        "hash": document.content_hash,
        "status": status,
        "revision": revision,
        "missing_files": missing_files,
    }
    return given | {"conflict": True} if is_conflict else given


def quarantine_receipt(document: Document, reason: str) -> dict[str, Any]:
    """The receipt for a document that is kept in quarantine."""
    return {
        "id": document.claimed_id,
        "hash": document.content_hash,
        "status": "quarantined",
        "reason": reason,
        "message": reason_text(reason),
        "missing_files": [],
    }
