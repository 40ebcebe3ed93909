"""Reads for the page of a response and for the quarantine."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from collector.intake.attachments import Key, key_of
from collector.review.rows import names_of
from collector.store import Decision, DeletedResponse, Device, Erasure, File, QuarantinedDocument, Revision, User

#: Quarantined documents on a page.
PAGE_SIZE = 50


@dataclass(frozen=True)
class QuarantineCount:
    """Quarantined documents that wait for somebody, and those that were resolved."""

    open: int
    resolved: int


@dataclass(frozen=True)
class NamedFile:
    """A file that a response names; `file` is None until it has arrived whole."""

    name: str
    path: str
    size_bytes: int
    file: File | None


@dataclass(frozen=True)
class Batch:
    """Decisions made at once: how many stand, and the state that they gave."""

    id: str
    count: int
    state: str


def find_batch(session: Session, batch_id: str, by: str) -> Batch | None:
    """The decisions of a batch that stand, if this person made it; None without."""
    query = (
        select(func.count(), func.min(Decision.to_state))
        .select_from(Decision)
        .where(Decision.batch_id == batch_id, Decision.by == by, Decision.undone_at.is_(None))
    )
    count, state = session.execute(query).one()
    return Batch(batch_id, count, state) if count else None


def list_revisions(session: Session, response_id: str) -> list[tuple[Revision, str]]:
    """The revisions of a response with the name of the phone that sent each, newest first."""
    query = (
        select(Revision, Device.label, User.name)
        .outerjoin(Device, Device.id == Revision.device_id)
        .outerjoin(User, User.id == Device.user_id)
        .where(Revision.response_id == response_id)
        .order_by(Revision.number.desc())
    )
    rows = session.execute(query)
    return [(revision, " · ".join(part for part in (name, label) if part)) for revision, label, name in rows]


def name_files(session: Session, response_id: str, named: Iterable[dict[str, Any]]) -> list[NamedFile]:
    """The files that a response document names, each with what has arrived of it."""
    complete = select(File).where(File.response_id == response_id, File.completed_at.is_not(None))
    arrived: dict[Key, File] = {}
    for file in session.scalars(complete.order_by(File.completed_at, File.id)):
        arrived[file.name, file.sha256] = arrived[file.name, ""] = file
    return [_name_file(item, arrived.get(key_of(item))) for item in named]


def _name_file(item: dict[str, Any], file: File | None) -> NamedFile:
    size_bytes = item.get("size") or (file.size_bytes if file else 0)
    return NamedFile(item["name"], str(item.get("path", "")), size_bytes, file)


def files_of(revision: Revision) -> list[dict[str, Any]]:
    """The files that a revision's document names."""
    files: list[dict[str, Any]] = json.loads(revision.document).get("files") or []
    return files


def name_of_author(session: Session, user_id: str | None) -> str:
    """The name of the person with `user_id`; "" without one."""
    return names_of(session, [user_id]).get(user_id or "", "")


def list_quarantine(
    session: Session, before_id: int | None, *, is_resolved: bool = False
) -> tuple[list[QuarantinedDocument], int | None]:
    """One page of the quarantine, newest first, and the id before which the next one begins, None on the last."""
    query = select(QuarantinedDocument).order_by(QuarantinedDocument.id.desc()).limit(PAGE_SIZE + 1)
    query = query.where(QuarantinedDocument.resolved_at.is_not(None) == is_resolved)
    if before_id is not None:
        query = query.where(QuarantinedDocument.id < before_id)
    found = list(session.scalars(query))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


def count_quarantine(session: Session) -> QuarantineCount:
    """How many quarantined documents are open, and how many were resolved."""
    query = select(func.count(), func.count(QuarantinedDocument.resolved_at)).select_from(QuarantinedDocument)
    every, resolved = session.execute(query).one()
    return QuarantineCount(every - resolved, resolved)


def find_deleted(session: Session, response_id: str) -> DeletedResponse | None:
    """What is remembered of a deleted response, or None."""
    return session.get(DeletedResponse, response_id)


@dataclass(frozen=True)
class ErasureShown:
    """That answers were erased: what, when, why, in whose words; `by`: the name of who did it, "" for the program itself."""

    extent: str
    at: datetime
    reason: str
    note: str
    by: str


def list_erasures(session: Session, response_id: str) -> list[ErasureShown]:
    """What was erased of a response, the latest first."""
    query = select(Erasure).where(Erasure.response_id == response_id).order_by(Erasure.id.desc())
    found = session.scalars(query).all()
    names = names_of(session, (one.by for one in found))
    return [ErasureShown(one.extent, one.at, one.reason, one.note, names.get(one.by or "", "")) for one in found]


def newest_revision(session: Session, response_id: str) -> int:
    """The number of the revision that came last; 0 without one."""
    return session.scalar(select(func.max(Revision.number)).where(Revision.response_id == response_id)) or 0


def phones_by_id(session: Session, ids: Iterable[str | None]) -> dict[str, Device]:
    """The phones with `ids`, their persons loaded."""
    query = select(Device).where(Device.id.in_({device_id for device_id in ids if device_id}))
    return {device.id: device for device in session.scalars(query.options(joinedload(Device.user)))}
