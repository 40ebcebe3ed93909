"""Erasing a response, and remembering that it was."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, or_, select, update
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
    ErasedContent,
    File,
    NoDuplicate,
    QuarantinedDocument,
    Response,
    Revision,
    utc_now,
)
from collector.store.contents import FILES, contents
from collector.store.session import reading, writing

log = logging.getLogger(__name__)

#: When bytes are taken away a second time: something that read them at the very moment when they went, to seal them anew or to bring
#: them to another place, may have written them again.
AGAIN_AFTER = timedelta(days=7)
#: Erased contents that are looked at in one transaction.
AT_A_TIME = 100


@dataclass(frozen=True)
class Leftover:
    """Bytes on the disk that no row may need any more: SHA-256s of whole files, and ids of uploads that were not finished."""

    sha256s: frozenset[str]
    uploads: frozenset[str]


def leave_over(session: Session, files: Iterable[File]) -> Leftover:
    """Note, in the transaction that erases the rows of `files`, that their bytes have to go, and give those.

    So they go also where this process, or the place of files, fails once that is committed.
    """
    files = list(files)
    left = Leftover(
        frozenset(file.sha256 for file in files if file.completed_at is not None),
        frozenset(file.id for file in files if file.completed_at is None),
    )
    session.add_all(ErasedContent(name=sha256, is_upload=False) for sha256 in sorted(left.sha256s))
    session.add_all(ErasedContent(name=upload_id, is_upload=True) for upload_id in sorted(left.uploads))
    session.flush()
    return left


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
    return leave_over(session, files)


def erase_bytes(session: Session, leftover: Leftover) -> bool:
    """Take from the disk what no response needs any more. In a transaction of its own, after the deletion is committed.

    Gives whether it went; where the place of files does not do it, `erase_waiting` does it later. Nobody completes a file with the same
    content meanwhile: that needs the same lock.
    """
    lock_names(session, leftover.sha256s)
    try:
        for sha256 in sorted(leftover.sha256s - _used(session, leftover.sha256s)):
            contents().remove(FILES, sha256)
        for upload_id in sorted(leftover.uploads):
            contents().drop_pieces(upload_id)
    except OSError as error:
        log.error("bytes of what was erased cannot be taken away now (%s): it is tried again", type(error).__name__)
        return False
    gone = ErasedContent.name.in_(leftover.sha256s | leftover.uploads), ErasedContent.removed_at.is_(None)
    session.execute(update(ErasedContent).where(*gone).values(removed_at=utc_now()))
    return True


def erase_waiting() -> None:
    """Take away what could not be taken away when it was erased, and what is due for the second time."""
    again_before = utc_now() - AGAIN_AFTER
    is_due = or_(ErasedContent.removed_at.is_(None), ErasedContent.at < again_before)
    while reading().scalar(select(exists().where(is_due))):
        with writing() as session:
            due = session.scalars(select(ErasedContent).where(is_due).order_by(ErasedContent.id).limit(AT_A_TIME)).all()
            over = [row.id for row in due if row.at < again_before]
            left = Leftover(
                frozenset(row.name for row in due if not row.is_upload),
                frozenset(row.name for row in due if row.is_upload),
            )
            if not erase_bytes(session, left):
                return
            session.execute(delete(ErasedContent).where(ErasedContent.id.in_(over)))


def _used(session: Session, sha256s: Iterable[str]) -> set[str]:
    used = select(File.sha256).where(File.sha256.in_(sha256s), File.completed_at.is_not(None))
    return set(session.scalars(used))
