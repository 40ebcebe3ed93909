"""Files of documents that became responses under another id than the one that they were sent with."""

import secrets
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.arrivals import record_file
from collector.store import File, QuarantinedDocument


def adopt_files(session: Session, sent_under: str, response_id: str, names: Iterable[tuple[str, str]]) -> None:
    """Give the response the complete files with these names and SHA-256s that were sent under another id. The bytes lie there once.

    A SHA-256 of "" stands for every file of that name.
    """
    complete = select(File).where(File.response_id == sent_under, File.completed_at.is_not(None))
    wanted = set(names)
    for file in session.scalars(complete).all():
        if (file.name, file.sha256) in wanted or (file.name, "") in wanted:
            _copy(session, file, response_id)


def adopt_file(session: Session, file: File) -> list[str]:
    """Give a file that is complete now to the responses made of documents that were sent under its id. Gives their ids."""
    accepted = select(QuarantinedDocument.accepted_as).where(
        QuarantinedDocument.response_id == file.response_id,
        QuarantinedDocument.accepted_as.is_not(None),
        QuarantinedDocument.accepted_as != file.response_id,
    )
    ids = sorted({response_id for response_id in session.scalars(accepted) if response_id})
    for response_id in ids:
        _copy(session, file, response_id)
    return ids


def _copy(session: Session, file: File, response_id: str) -> None:
    same = select(File.id).filter_by(response_id=response_id, name=file.name, sha256=file.sha256)
    if session.scalar(same) is not None:
        return
    copy = File(
        id=secrets.token_urlsafe(32),
        response_id=response_id,
        name=file.name,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        offset_bytes=file.size_bytes,
        claimed_type=file.claimed_type,
        detected_type=file.detected_type,
        device_id=file.device_id,
        completed_at=file.completed_at,
    )
    session.add(copy)
    session.flush()
    record_file(session, copy)
