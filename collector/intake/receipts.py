"""Receipts: what the phone gets for each document (docs/sync-protocol.md, Push)."""

from typing import Any

from flask_babel import lazy_gettext as _l

from collector.intake.documents import Document
from collector.intake.quarantine import reason_text

DELETED = _l("A supervisor deleted this response. It need not be sent again.")


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


def quarantine_receipt(document: Document, reason: str, missing_files: list[str]) -> dict[str, Any]:
    """The receipt for a document that is kept in quarantine. Its files are wanted as those of any other."""
    return {
        "id": document.claimed_id,
        "hash": document.content_hash,
        "status": "quarantined",
        "reason": reason,
        "message": reason_text(reason),
        "missing_files": missing_files,
    }


def worded(given: dict[str, Any]) -> dict[str, Any]:
    """A receipt in the present language: it may have been made while another phone, with another one, was answered."""
    if given["status"] == "quarantined":
        return given | {"message": reason_text(given["reason"])}
    return given | {"message": str(DELETED)} if given["status"] == "deleted" else given


def deleted_receipt(document: Document) -> dict[str, Any]:
    """The receipt for a document whose response a supervisor deleted: the phone may let it go."""
    return {
        "id": document.claimed_id,
        "hash": document.content_hash,
        "status": "deleted",
        "message": str(DELETED),
        "missing_files": [],
    }
