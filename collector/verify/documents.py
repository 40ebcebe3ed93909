"""The documents in the database: whether each hashes to its hash, is in the journal, and its response is right about it."""

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, exists, select, type_coerce

from collector.store import QuarantinedDocument, Response, Revision
from collector.store.data_keys import CannotOpen, KeyNotHere
from collector.store.sealed import StoredBytes, keys_of
from collector.verify.report import Report
from collector.verify.scratch import Scratch

#: Documents that are in memory at a time: each may have 1 MB, one in quarantine 16 MB.
ROWS = 20
QUARANTINED_ROWS = 2


def is_document_of(document: str, content_hash: str) -> bool:
    """Tell whether a stored document has this content hash.

    A NUL, which PostgreSQL cannot hold, is kept as the escape for it, and the hash is that of what came (intake/documents.py).
    """
    content = document.encode("utf-8", "surrogateescape")
    if hashlib.sha256(content).hexdigest() == content_hash:
        return True
    return hashlib.sha256(content.replace(rb"\u0000", b"\0")).hexdigest() == content_hash


def read_sealed(connection: Connection, stored: bytes, subject: object, name: str, report: Report) -> str | None:
    """The text of a document as it is stored, sealed or not; None, and a fault, where it cannot be opened."""
    try:
        return keys_of(connection.dialect).open(stored).decode("utf-8", "surrogateescape")
    except KeyNotHere as error:
        report.fault("data_key_missing", subject, f"{name}: the document cannot be read: {error}")
    except CannotOpen:
        report.fault("document_changed", subject, f"{name}: the document is damaged or was changed")
    return None


def check_revisions(connection: Connection, scratch: Scratch, report: Report) -> None:
    """Hold each revision against its hash, the journal and its response."""
    revisions = select(
        Revision.response_id,
        Revision.number,
        Revision.content_hash,
        Revision.erased_hash,
        type_coerce(Revision.document, StoredBytes()).label("stored"),
        Response.current_revision,
        Response.missing_files,
    ).outerjoin(Response, Response.id == Revision.response_id)
    for row in connection.execute(revisions, execution_options={"yield_per": ROWS}):
        report.count("revisions")
        name = f"revision {row.number} of response {row.response_id}"
        document = read_sealed(connection, row.stored, row.response_id, name, report)
        is_whole = document is not None and is_document_of(document, row.erased_hash or row.content_hash)
        if document is not None and not is_whole:
            report.fault("document_changed", row.response_id, f"{name}: the document is not what its hash says")
        check_erased(row.erased_hash, row.response_id, name, scratch, report)
        if row.erased_hash is None and scratch.find("erasure", id=row.response_id):
            message = f"{name}: the journal says that its answers were erased, and they are there"
            report.fault("erasure_undone", row.response_id, message)
        _check_arrival(row, name, scratch, report)
        if row.current_revision is None:
            report.fault("response_missing", row.response_id, f"{name}: there is no such response")
        elif document is not None and is_whole and row.number == row.current_revision:
            _check_missing_files(row, document, scratch, report)


def check_erased(erased_hash: str | None, subject: object, name: str, scratch: Scratch, report: Report) -> None:
    """Hold what is left of a document since answers were erased against the journal."""
    if erased_hash is not None and scratch.find("rewritten", hash=erased_hash) is None:
        report.fault(
            "erasure_unknown", subject, f"{name}: answers were taken out of it, and the journal does not know of it"
        )


def _check_arrival(row: Any, name: str, scratch: Scratch, report: Report) -> None:
    if scratch.take("arrival", id=row.response_id, number=row.number, hash=row.content_hash):
        return
    journalled = scratch.find("arrival", id=row.response_id, number=row.number)
    if journalled is None:
        report.fault("arrival_unknown", row.response_id, f"{name}: the journal does not know it")
        return
    scratch.take("arrival", id=row.response_id, number=row.number)
    message = f"{name}: its hash is not the one of journal entry {journalled[3]}"
    report.fault("hash_changed", row.response_id, message)


def _check_missing_files(row: Any, document: str, scratch: Scratch, report: Report) -> None:
    try:
        named = [_key(file) for file in json.loads(document).get("files") or []]
    except (ValueError, TypeError, AttributeError, KeyError):
        # Intake takes no such document: it was put there together with its hash, which the journal does not know.
        return
    missing = sum(scratch.find("complete", response=row.response_id, **key) is None for key in named)
    if missing != row.missing_files:
        message = (
            f"response {row.response_id}: it says that {row.missing_files} files have not arrived, and it is {missing}"
        )
        report.fault("missing_files_differ", row.response_id, message)


def _key(file: dict[str, Any]) -> dict[str, str]:
    """By what a file is found that a document names: clients of other makes know it by its name alone."""
    return {key: file[key] for key in ("name", "sha256") if key == "name" or file.get(key)}


def check_quarantine(connection: Connection, scratch: Scratch, report: Report) -> None:
    """Hold each quarantined document against its hash and the journal."""
    stored = type_coerce(QuarantinedDocument.document, StoredBytes()).label("stored")
    columns = (QuarantinedDocument.id, QuarantinedDocument.content_hash, QuarantinedDocument.erased_hash)
    quarantined = select(*columns, stored)
    for row in connection.execute(quarantined, execution_options={"yield_per": QUARANTINED_ROWS}):
        report.count("quarantined documents")
        name = f"quarantined document {row.id}"
        document = read_sealed(connection, row.stored, row.id, name, report)
        if document is not None and not is_document_of(document, row.erased_hash or row.content_hash):
            report.fault("document_changed", row.id, f"{name}: the document is not what its hash says")
        check_erased(row.erased_hash, row.id, name, scratch, report)
        if not scratch.take("quarantined", hash=row.content_hash):
            report.fault("arrival_unknown", row.id, f"{name}: the journal does not know its hash")


def check_responses(connection: Connection, report: Report) -> None:
    """Find responses whose current revision is not there."""
    current = exists().where(Revision.response_id == Response.id, Revision.number == Response.current_revision)
    lacking = select(Response.id, Response.current_revision).where(~current)
    for row in connection.execute(lacking, execution_options={"yield_per": 1000}):
        message = f"response {row.id}: its current revision, {row.current_revision}, is not there"
        report.fault("current_revision_missing", row.id, message)
