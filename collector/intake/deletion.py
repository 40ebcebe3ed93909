"""Erasing a response, and remembering that it was."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.compared import lock_compared
from collector.intake.derived import forget
from collector.intake.locks import lock_names
from collector.journal import record
from collector.store import (
    Comment,
    Decision,
    DeletedResponse,
    File,
    NoDuplicate,
    QuarantinedDocument,
    Response,
    Revision,
)
from collector.store.file_paths import partial_path, stored_path


@dataclass(frozen=True)
class Leftover:
    """Bytes on the disk that no row may need any more: SHA-256s of whole files, and uploads that were not finished."""

    sha256s: frozenset[str]
    unfinished: tuple[File, ...]


def delete_response(session: Session, response_id: str, *, reason: str, note: str, by: str) -> Leftover:
    """Erase a response with its revisions, files, quarantined copies and what was said of it.

    Its id and hashes are kept, so that it never comes back. Gives what `erase_bytes` has to take from the disk once this is
    committed. Raises CollectorError `not_found`.
    """
    # Whoever completes a file holds its row and then waits for the response: in the same order here.
    session.scalars(select(File.id).where(File.response_id == response_id).with_for_update()).all()
    lock_names(session, [response_id])
    response = session.get(Response, response_id, populate_existing=True)
    if response is None:
        raise CollectorError("not_found")
    lock_compared(session, [response_id])
    questionnaire_id = response.questionnaire_id
    hashes = list(session.scalars(select(Revision.content_hash).where(Revision.response_id == response_id)))
    files = session.scalars(select(File).where(File.response_id == response_id)).all()
    copies = select(QuarantinedDocument.id).where(
        or_(QuarantinedDocument.accepted_as == response_id, QuarantinedDocument.content_hash.in_(hashes))
    )
    quarantined = list(session.scalars(copies))
    session.expunge_all()
    session.execute(delete(QuarantinedDocument).where(QuarantinedDocument.id.in_(quarantined)))
    session.execute(delete(File).where(File.response_id == response_id))
    session.execute(delete(Revision).where(Revision.response_id == response_id))
    for said in (Decision, Comment):
        session.execute(delete(said).where(said.response_id == response_id))
    session.execute(
        delete(NoDuplicate).where(or_(NoDuplicate.one_id == response_id, NoDuplicate.other_id == response_id))
    )
    forget(session, response_id)
    session.execute(delete(Response).where(Response.id == response_id))
    session.add(
        DeletedResponse(
            id=response_id,
            questionnaire_id=questionnaire_id,
            content_hashes=sorted(hashes),
            reason=reason,
            note=note,
            deleted_by=by,
        )
    )
    session.flush()
    record(
        session,
        "response.delete",
        response_id,
        user_id=by,
        reason=reason,
        hashes=sorted(hashes),
        files=sorted(file.id for file in files),
        quarantine=sorted(quarantined),
    )
    complete = frozenset(file.sha256 for file in files if file.completed_at is not None)
    return Leftover(complete, tuple(file for file in files if file.completed_at is None))


def erase_bytes(session: Session, leftover: Leftover) -> None:
    """Take from the disk what no response needs any more. In a transaction of its own, after the deletion is committed.

    Nobody completes a file with the same content meanwhile: that needs the same lock.
    """
    lock_names(session, leftover.sha256s)
    for sha256 in leftover.sha256s - _used(session, leftover.sha256s):
        stored_path(sha256).unlink(missing_ok=True)
    for file in leftover.unfinished:
        partial_path(file).unlink(missing_ok=True)


def _used(session: Session, sha256s: Iterable[str]) -> set[str]:
    used = select(File.sha256).where(File.sha256.in_(sha256s), File.completed_at.is_not(None))
    return set(session.scalars(used))
