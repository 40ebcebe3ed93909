"""accept(): the one door through which responses enter. Whatever protocol brings them, they are stored here.

In two steps, so that the database's write lock is held for as short as can be: `prepare` reads and checks without it, `store` writes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
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
from collector.intake.erased_arrivals import ErasedBefore, find_erased
from collector.intake.flags import check_documents, flag, judge_window
from collector.intake.known import Known, look_up
from collector.intake.locks import lock_names
from collector.intake.placing import Placed, place_documents
from collector.intake.quarantine import REASONS
from collector.intake.receipts import deleted_receipt, quarantine_receipt, receipt
from collector.intake.revisions import Arrival, put_into
from collector.intake.standing import Additions, revision_numbers, stored_hashes
from collector.questionnaires.engine import Checked, Engine
from collector.store import QuarantinedDocument, Response, utc_now
from collector.store.responses import ARRIVED, RETURNED

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
class Push:
    """What one sender brings at a time: response documents as text, or as what else was sent in their place."""

    sender: Sender
    items: Sequence[Any]


@dataclass(frozen=True)
class PreparedPush:
    """A push before the write lock is taken."""

    sender: Sender
    documents: list[Prepared]

    @property
    def is_checked(self) -> bool:
        """Whether the engine had the time for each check."""
        return not any(item["code"] == "check_timed_out" for document in self.documents for item in document.flags)


def prepare(session: Session, items: Iterable[Any], sender: Sender, engine: Engine) -> list[Prepared]:
    """Read, place and check `items`, each a response document as text. Writes nothing and never raises for a bad item."""
    [prepared] = prepare_pushes(session, [Push(sender, list(items))], engine)
    return prepared.documents


def prepare_pushes(
    session: Session, pushes: Sequence[Push], engine: Engine, seconds: float | None = None
) -> list[PreparedPush]:
    """The same for the documents of several pushes, whose checks may all take `seconds`, or else as many as those of one push."""
    read = [(push.sender, [read_document(item) for item in push.items]) for push in pushes]
    sent = [(document, sender) for sender, documents in read for document in documents]
    placed = place_documents(session, [document for document, _ in sent])
    stored = stored_hashes(session, {document.claimed_id for document, _ in sent if document.claimed_id})
    new = [
        (document, placed[document.content_hash], sender)
        for document, sender in sent
        if document.content_hash in placed and document.content_hash not in stored
    ]
    asked = [(document, place, sender.clock_offset_ms) for document, place, sender in new]
    checks = check_documents(asked, engine, monotonic() + (CHECK_SECONDS if seconds is None else seconds))
    drawn = draw(session, [(document, place) for document, place, _ in new])
    ready = {
        (document.content_hash, sender): _judged(document, place, checked, sender, drawn[document.content_hash])
        for (document, place, sender), checked in zip(new, checks, strict=True)
    }
    return [
        PreparedPush(
            sender,
            [
                ready.get((document.content_hash, sender)) or Prepared(document, placed.get(document.content_hash), [])
                for document in documents
            ],
        )
        for sender, documents in read
    ]


def _judged(document: Document, placed: Placed, checked: Checked, sender: Sender, drawn: Drawn) -> Prepared:
    """A checked document with what is to be said of when it was finished."""
    verdict = judge_window(document, placed, sender.clock_offset_ms, utc_now())
    is_kept_back = verdict in REASONS
    flags = [*checked.flags, flag(verdict)] if verdict and not is_kept_back else checked.flags
    return Prepared(document, placed, flags, verdict if is_kept_back else None, drawn, checked.unanswered)


def store(session: Session, prepared: Iterable[Prepared], sender: Sender) -> list[dict[str, Any]]:
    """Store what `prepare` gave, inside the caller's transaction. Gives a receipt for each, in order.

    Two requests may bring the same new response at the same moment: the one that comes second waits here, and finds what the first
    one stored.
    """
    [receipts] = store_pushes(session, [PreparedPush(sender, list(prepared))])
    return receipts


def store_pushes(session: Session, pushes: Sequence[PreparedPush]) -> list[list[dict[str, Any]]]:
    """The same for several pushes: what they leave behind is what each by itself would leave, one after the other."""
    senders = [push.sender for push in pushes for _ in push.documents]
    prepared = [document for push in pushes for document in push.documents]
    sent_hashes = [item.document.content_hash for item in prepared]
    lock_names(session, (name for item in prepared for name in _names(item.document)))
    known = look_up(session, [item.document for item in prepared])
    erased_ids = {id_ for id_, standing in known.standings.items() if standing.erased}
    if erased_ids:
        prepared = _without_erased(session, prepared, erased_ids)
        known = look_up(session, [item.document for item in prepared])
    drawable = [(item.document.claimed_id, item.placed, item.drawn) for item in prepared]
    coming = [
        (id_, placed.questionnaire_id, drawn.measured) for id_, placed, drawn in drawable if id_ and placed and drawn
    ]
    arriving = [(owner, measured) for _id, owner, measured in coming]
    comparisons = lock_compared(session, {id_ for id_, *_ in coming} & known.standings.keys(), arriving)
    drawn: dict[str, Drawn] = {}
    additions = Additions()
    receipts = [
        _store_one(session, item, sender, known, drawn, additions)
        for item, sender in zip(prepared, senders, strict=True)
    ]
    write_drawn(session, drawn, additions, comparisons)
    additions.write(session)
    erased = {item.document.content_hash: item.document.erased_hash for item in prepared if item.document.erased_hash}
    # What is left of an erased document and comes back is stored under another hash; its sender knows it by its own.
    named = (given | {"hash": sent_hash} for given, sent_hash in zip(receipts, sent_hashes, strict=True))
    stored, told = iter(receipts), []
    for push in pushes:
        number = len(push.documents)
        record_arrivals(session, list(islice(stored, number)), known.quarantined, push.sender.device_id, erased)
        told.append(list(islice(named, number)))
    return told


def _without_erased(session: Session, prepared: list[Prepared], ids: set[str]) -> list[Prepared]:
    """The documents of the responses `ids`, whose answers were erased, without those answers; all others as they are."""
    erased = find_erased(session, ids)
    return [_strip(session, item, erased) for item in prepared]


def _strip(session: Session, item: Prepared, erased: dict[str, ErasedBefore]) -> Prepared:
    before = erased.get(item.document.claimed_id or "")
    # One of another questionnaire that claims the same id is no part of that response.
    if before is None or (item.placed and item.placed.questionnaire_id != before.questionnaire_id):
        return item
    document = before.strip(item.document, item.placed)
    drawn = item.drawn
    if drawn is not None and item.placed is not None:
        drawn = draw(session, [(document, item.placed)])[document.content_hash]
    return replace(item, document=document, flags=before.strip_flags(item.flags), drawn=drawn)


def _names(document: Document) -> list[str]:
    return [name for name in (document.claimed_id, document.content_hash) if name]


def _store_one(
    session: Session, item: Prepared, sender: Sender, known: Known, drawn: dict[str, Drawn], additions: Additions
) -> dict[str, Any]:
    """Store one document and give its receipt.

    Mutates: `drawn`, what is to be written beside responses, by their ids; `additions`, what is to be inserted; the standings of `known`.
    """
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
    owner = known.standings.get(document.claimed_id or "")
    if owner is not None and owner.questionnaire_id != placed.questionnaire_id:
        return _quarantine(session, document, "id_of_other_form", sender)
    if item.reason and owner is not None and owner.state == RETURNED:
        # The office asked for this correction itself; it keeps the moments of the interview.
        item = replace(item, flags=[*item.flags, flag(item.reason)], reason=None)
    if item.reason and (owner is None or document.content_hash not in owner.revisions):
        return _quarantine(session, document, item.reason, sender)
    return _put(session, item, sender, known, drawn, additions)


def _put(
    session: Session, item: Prepared, sender: Sender, known: Known, drawn: dict[str, Drawn], additions: Additions
) -> dict[str, Any]:
    """Store a document that belongs to its response, and give its receipt."""
    document = item.document
    assert item.placed is not None and document.claimed_id is not None
    arrival = Arrival(
        document, item.placed, item.flags, sender.device_id, sender.clock_offset_ms, unanswered=item.unanswered
    )
    arrived = known.arrived.get(document.claimed_id, {})
    stored = put_into(session, document.claimed_id, arrival, known.standings, arrived, additions)
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
    is_erased = session.scalar(select(Response.erased).where(Response.id == response_id))
    missing = [] if is_erased else find_missing(session, response_id, files)
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
                erased_hash=document.erased_hash,
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
