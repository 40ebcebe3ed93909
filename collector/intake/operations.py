"""accept(): the one door through which responses enter. Whatever protocol brings them, they are stored here.

In two steps, so that the database's write lock is held for as short as can be: `prepare` reads and checks without it, `store` writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from collector.intake.attachments import arrived_files, missing_files, wrong_files
from collector.intake.decide import Action, Existing, decide
from collector.intake.documents import Document, read_document
from collector.intake.flags import find_flags
from collector.intake.locks import lock_names
from collector.intake.placing import Placed, place_documents, plain
from collector.intake.receipts import quarantine_receipt, receipt
from collector.languages import local_day
from collector.questionnaires.engine import Engine
from collector.store import QuarantinedDocument, Response, Revision, utc_now

#: Seconds for the checks of all documents of one push: a constraint that never ends must not keep the receipts from the phone
#: until it gives up and sends the same again.
CHECK_SECONDS = 10


@dataclass(frozen=True)
class Sender:
    """Who brings responses in: the phone, and its clock minus the server's at that moment."""

    device_id: str | None
    clock_offset_ms: int | None


@dataclass(frozen=True)
class Prepared:
    """A document with all that is known of it before the write lock is taken."""

    document: Document
    placed: Placed | None
    flags: list[dict[str, Any]]


def prepare(session: Session, items: Iterable[Any], sender: Sender, engine: Engine) -> list[Prepared]:
    """Read, place and check `items`, each a response document as text. Writes nothing and never raises for a bad item."""
    documents = [read_document(item) for item in items]
    placed = place_documents(session, documents)
    stored = _stored_hashes(session, documents)
    deadline = monotonic() + CHECK_SECONDS
    prepared = []
    for document in documents:
        place = placed.get(document.content_hash)
        is_new = place is not None and document.content_hash not in stored
        has_time = monotonic() < deadline
        flags = (
            find_flags(document, place, sender.clock_offset_ms, engine, has_time=has_time) if place and is_new else []
        )
        prepared.append(Prepared(document, place, flags))
    return prepared


def store(session: Session, prepared: Iterable[Prepared], sender: Sender) -> list[dict[str, Any]]:
    """Store what `prepare` gave, inside the caller's transaction. Gives a receipt for each, in order.

    Two requests may bring the same new response at the same moment: the one that comes second waits here, and finds what the first
    one stored.
    """
    prepared = list(prepared)
    lock_names(session, (name for item in prepared for name in _names(item.document)))
    return [_store_one(session, item, sender) for item in prepared]


def _names(document: Document) -> list[str]:
    return [name for name in (document.claimed_id, document.content_hash) if name]


def _store_one(session: Session, item: Prepared, sender: Sender) -> dict[str, Any]:
    document, placed = item.document, item.placed
    if placed is None:
        return _quarantine(session, document, document.problem or "form_unknown", sender)
    response = session.execute(
        select(Response.questionnaire_id, Response.current_revision).where(Response.id == document.claimed_id)
    ).one_or_none()
    if response is None:
        action, number = Action.STORE, 1
    elif response.questionnaire_id != placed.questionnaire_id:
        return _quarantine(session, document, "id_of_other_form", sender)
    else:
        existing = Existing(response.current_revision, _revision_numbers(session, document))
        action = decide(existing, document.content_hash, document.read["base"])
        number = existing.revisions.get(document.content_hash) or max(existing.revisions.values()) + 1
    arrived = arrived_files(session, str(document.claimed_id), document.read["files"])
    missing = missing_files(document.read["files"], arrived)
    item = replace(item, flags=item.flags + wrong_files(document.read["files"], arrived))
    if action is Action.STORE:
        _insert_response(session, item, len(missing))
    elif action is Action.ADD_REVISION:
        _make_current(session, item, number, len(missing))
    elif action is Action.ADD_CONFLICT:
        session.execute(update(Response).where(Response.id == document.claimed_id).values(is_conflicted=True))
    if action is not Action.REPEAT_RECEIPT:
        _insert_revision(session, item, number, sender)
    is_conflict = action is Action.ADD_CONFLICT
    status = Action.ADD_REVISION.value if is_conflict else action.value
    return receipt(document, status, number, missing, is_conflict=is_conflict)


def _stored_hashes(session: Session, documents: list[Document]) -> set[str]:
    """Which of the documents' contents are stored already: they need no second check."""
    ids = {document.claimed_id for document in documents if document.claimed_id}
    if not ids:
        return set()
    return set(session.scalars(select(Revision.content_hash).where(Revision.response_id.in_(ids))))


def _revision_numbers(session: Session, document: Document) -> dict[str, int]:
    of_response = select(Revision.content_hash, Revision.number).where(Revision.response_id == document.claimed_id)
    return {row.content_hash: row.number for row in session.execute(of_response)}


def _current_values(item: Prepared, missing: int) -> dict[str, Any]:
    """The columns of a response that follow its current revision."""
    placed, read = item.placed, item.document.read
    assert placed is not None
    return {
        "version_id": placed.model.version_id if placed.model else None,
        "place_id": placed.place_id,
        "place_code": placed.place_code,
        "flag_count": len(item.flags),
        "missing_files": missing,
        "instance_name": plain(read["instance_name"] or ""),
        "started_at": plain(read["started_at"]),
        "finished_at": plain(read["finished_at"]),
    }


def _insert_response(session: Session, item: Prepared, missing: int) -> None:
    placed = item.placed
    assert placed is not None
    now = utc_now()
    session.execute(
        insert(Response).values(
            id=item.document.claimed_id,
            questionnaire_id=placed.questionnaire_id,
            author_id=placed.author_id,
            current_revision=1,
            received_at=now,
            received_on=local_day(now),
            **_current_values(item, missing),
        )
    )


def _make_current(session: Session, item: Prepared, number: int, missing: int) -> None:
    values = _current_values(item, missing) | {"current_revision": number}
    session.execute(update(Response).where(Response.id == item.document.claimed_id).values(values))


def _insert_revision(session: Session, item: Prepared, number: int, sender: Sender) -> None:
    document, placed = item.document, item.placed
    session.execute(
        insert(Revision).values(
            response_id=document.claimed_id,
            number=number,
            content_hash=document.content_hash,
            base=document.read["base"],
            document=document.text,
            version_id=placed.model.version_id if placed and placed.model else None,
            device_id=sender.device_id,
            clock_offset_ms=sender.clock_offset_ms,
            flags=item.flags,
        )
    )


def _quarantine(session: Session, document: Document, reason: str, sender: Sender) -> dict[str, Any]:
    """Keep a document that has no place; once, however often it comes."""
    known = select(QuarantinedDocument.reason).where(QuarantinedDocument.content_hash == document.content_hash)
    stored_reason = session.scalar(known)
    if stored_reason is None:
        session.execute(
            insert(QuarantinedDocument).values(
                content_hash=document.content_hash,
                document=document.text,
                size_bytes=document.size_bytes,
                response_id=document.claimed_id,
                reason=reason,
                device_id=sender.device_id,
            )
        )
    return quarantine_receipt(document, stored_reason or reason)
