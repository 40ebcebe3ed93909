"""accept(): the one door through which responses enter. Whatever protocol brings them, they are stored here.

In two steps, so that the database's write lock is held for as short as can be: `prepare` reads and checks without it, `store` writes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from collector.intake.arrivals import record_arrivals
from collector.intake.attachments import find_missing
from collector.intake.compared import lock_compared
from collector.intake.decide import Action, decide
from collector.intake.derived import Drawn, draw, write_drawn
from collector.intake.documents import Document, read_document, read_under
from collector.intake.flags import check_document, flag, judge_window
from collector.intake.locks import lock_names
from collector.intake.placing import Placed, place_documents
from collector.intake.quarantine import REASONS
from collector.intake.receipts import deleted_receipt, quarantine_receipt, receipt
from collector.intake.revisions import Arrival, put, revision_numbers, stored_hashes
from collector.questionnaires.engine import Engine
from collector.store import DeletedResponse, QuarantinedDocument, Response, utc_now
from collector.store.responses import ACCEPTED, ARRIVED, RETURNED

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
    """A document with all that is known of it before the write lock is taken; `reason` keeps it in quarantine, if new.

    `drawn`: what is to be written of it beside it; None where it is stored already or has no place. `unanswered`: see Checked.
    """

    document: Document
    placed: Placed | None
    flags: list[dict[str, Any]]
    reason: str | None = None
    drawn: Drawn | None = None
    unanswered: list[str] | None = None


@dataclass(frozen=True)
class Known:
    """What is remembered of the documents of one push, read under the lock.

    `deleted`: content hashes by id of the deleted response. `accepted`: response ids by the content hash of a quarantined document.
    `open`: content hashes of quarantined documents that are no response. `quarantined`: those of all.
    """

    deleted: dict[str, list[str]]
    accepted: dict[str, str]
    open: set[str]
    quarantined: set[str]

    def deleted_hashes(self, document: Document) -> list[str] | None:
        """The content hashes of the deleted response that `document` is of, None if it is of none."""
        # What was accepted from the quarantine under a new id, and deleted then, is known by that id.
        under_new_id = self.deleted.get(document.new_id)
        return self.deleted.get(document.claimed_id or "") if under_new_id is None else under_new_id


def prepare(session: Session, items: Iterable[Any], sender: Sender, engine: Engine) -> list[Prepared]:
    """Read, place and check `items`, each a response document as text. Writes nothing and never raises for a bad item."""
    documents = [read_document(item) for item in items]
    placed = place_documents(session, documents)
    stored = stored_hashes(session, documents)
    deadline = monotonic() + CHECK_SECONDS
    prepared = []
    for document in documents:
        place = placed.get(document.content_hash)
        if place is None or document.content_hash in stored:
            prepared.append(Prepared(document, place, []))
            continue
        checked = check_document(document, place, sender.clock_offset_ms, engine, has_time=monotonic() < deadline)
        verdict = judge_window(document, place, sender.clock_offset_ms, utc_now())
        is_kept_back = verdict in REASONS
        flags = [*checked.flags, flag(verdict)] if verdict and not is_kept_back else checked.flags
        reason = verdict if is_kept_back else None
        prepared.append(Prepared(document, place, flags, reason, unanswered=checked.unanswered))
    new = [
        (item.document, item.placed) for item in prepared if item.placed and item.document.content_hash not in stored
    ]
    drawn = draw(session, new)
    return [replace(item, drawn=drawn.get(item.document.content_hash)) for item in prepared]


def store(session: Session, prepared: Iterable[Prepared], sender: Sender) -> list[dict[str, Any]]:
    """Store what `prepare` gave, inside the caller's transaction. Gives a receipt for each, in order.

    Two requests may bring the same new response at the same moment: the one that comes second waits here, and finds what the first
    one stored.
    """
    prepared = list(prepared)
    lock_names(session, (name for item in prepared for name in _names(item.document)))
    drawable = [(item.document.claimed_id, item.placed, item.drawn) for item in prepared]
    coming = [
        (id_, placed.questionnaire_id, drawn.measured) for id_, placed, drawn in drawable if id_ and placed and drawn
    ]
    lock_compared(session, {id_ for id_, *_ in coming}, [(owner, measured) for _id, owner, measured in coming])
    known = _look_up(session, [item.document for item in prepared])
    drawn: dict[str, Drawn] = {}
    receipts = [_store_one(session, item, sender, known, drawn) for item in prepared]
    write_drawn(session, drawn)
    record_arrivals(session, receipts, known.quarantined, sender.device_id)
    return receipts


def _names(document: Document) -> list[str]:
    return [name for name in (document.claimed_id, document.content_hash) if name]


def _look_up(session: Session, documents: list[Document]) -> Known:
    ids = {document.claimed_id for document in documents if document.claimed_id}
    ids |= {document.new_id for document in documents}
    of_deleted = select(DeletedResponse.id, DeletedResponse.content_hashes).where(DeletedResponse.id.in_(ids))
    hashes = [document.content_hash for document in documents]
    kept = session.execute(
        select(QuarantinedDocument.content_hash, QuarantinedDocument.resolution, QuarantinedDocument.accepted_as).where(
            QuarantinedDocument.content_hash.in_(hashes)
        )
    ).all()
    return Known(
        deleted={row.id: row.content_hashes for row in session.execute(of_deleted)},
        accepted={row.content_hash: row.accepted_as for row in kept if row.resolution == ACCEPTED},
        open={row.content_hash for row in kept if row.accepted_as is None},
        quarantined={row.content_hash for row in kept},
    )


def _store_one(
    session: Session, item: Prepared, sender: Sender, known: Known, drawn: dict[str, Drawn]
) -> dict[str, Any]:
    """Store one document and give its receipt. Mutates: `drawn`, what is to be written beside responses, by their ids."""
    document, placed = item.document, item.placed
    if document.content_hash in known.accepted:
        return _repeat_accepted(session, document, known.accepted[document.content_hash])
    deleted = known.deleted_hashes(document)
    if deleted is not None and decide(None, document.content_hash, None, deleted) is Action.TELL_DELETED:
        return deleted_receipt(document)
    if placed is None:
        return _quarantine(session, document, document.problem or "form_unknown", sender)
    if deleted is not None:
        return _quarantine(session, document, "id_deleted", sender)
    owner = session.execute(
        select(Response.questionnaire_id, Response.state).where(Response.id == document.claimed_id)
    ).first()
    if owner is not None and owner.questionnaire_id != placed.questionnaire_id:
        return _quarantine(session, document, "id_of_other_form", sender)
    if item.reason and owner is not None and owner.state == RETURNED:
        # The office asked for this correction itself; it keeps the moments of the interview.
        item = replace(item, flags=[*item.flags, flag(item.reason)], reason=None)
    if item.reason and document.content_hash not in revision_numbers(session, document.claimed_id):
        return _quarantine(session, document, item.reason, sender)
    return _put(session, item, sender, known, drawn)


def _put(session: Session, item: Prepared, sender: Sender, known: Known, drawn: dict[str, Drawn]) -> dict[str, Any]:
    """Store a document that belongs to its response, and give its receipt."""
    document = item.document
    assert item.placed is not None and document.claimed_id is not None
    arrival = Arrival(
        document, item.placed, item.flags, sender.device_id, sender.clock_offset_ms, unanswered=item.unanswered
    )
    stored = put(session, document.claimed_id, arrival)
    if stored.is_current and item.drawn is not None:
        drawn[document.claimed_id] = item.drawn
    if document.content_hash in known.open:
        # It could not be placed before and can now; nobody has to look at it any more.
        session.execute(
            update(QuarantinedDocument)
            .where(QuarantinedDocument.content_hash == document.content_hash)
            .values(resolution=ARRIVED, resolved_at=utc_now(), accepted_as=document.claimed_id)
        )
    is_conflict = stored.action is Action.ADD_CONFLICT
    status = Action.ADD_REVISION.value if is_conflict else stored.action.value
    return receipt(document, status, stored.number, stored.missing, is_conflict=is_conflict)


def _repeat_accepted(session: Session, document: Document, response_id: str) -> dict[str, Any]:
    """The receipt for a document that a supervisor made a response, whatever id that has: the phone knows it by its own."""
    number = revision_numbers(session, response_id).get(document.content_hash)
    if number is None:
        # Deleted since this push looked: the deletion of a response does not wait for pushes under other ids.
        return deleted_receipt(document)
    files = read_under(document, response_id).read.get("files", [])
    missing = find_missing(session, response_id, files)
    return receipt(document, Action.REPEAT_RECEIPT.value, number, missing, is_conflict=False)


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
                clock_offset_ms=sender.clock_offset_ms,
            )
        )
    files = document.read.get("files", [])
    missing = find_missing(session, document.claimed_id or "", files)
    return quarantine_receipt(document, stored_reason or reason, missing)
