"""What a supervisor does about a quarantined document: makes it a response all the same, puts it aside, takes it up again."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.adoption import adopt_files
from collector.intake.attachments import key_of
from collector.intake.compared import lock_arrival
from collector.intake.decide import Action
from collector.intake.derived import derive
from collector.intake.documents import Document, read_document, read_under
from collector.intake.erased_arrivals import find_erased
from collector.intake.flags import check_document, flag, judge_window
from collector.intake.locks import lock_names
from collector.intake.placing import Placed, place_documents, place_into
from collector.intake.quarantine import ACCEPTABLE, NEEDS_NEW_ID
from collector.intake.revisions import Arrival, Stored, put
from collector.journal import record
from collector.questionnaires.engine import Engine
from collector.store import DeletedResponse, QuarantinedDocument, Questionnaire, Response, utc_now
from collector.store.responses import ACCEPTED, SET_ASIDE


@dataclass(frozen=True)
class Examined:
    """A quarantined document read for a supervisor: `placed` is None until its questionnaire is known or chosen.

    `document.problem` says why it cannot become a response whatever is chosen.
    """

    document: Document
    placed: Placed | None
    is_acceptable: bool


def examine(session: Session, kept: QuarantinedDocument, questionnaire_id: int | None = None) -> Examined:
    """Read what is kept, and find its place in the chosen questionnaire, else in the one that it names."""
    document = read_document(kept.document)
    if document.claimed_id is None or kept.reason in NEEDS_NEW_ID:
        document = read_under(document, document.new_id)
    if document.problem is not None:
        return Examined(document, None, is_acceptable=False)
    chosen = None if questionnaire_id is None else [(document, questionnaire_id)]
    placed = place_documents(session, [document]) if chosen is None else place_into(session, chosen)
    return Examined(document, placed.get(document.content_hash), is_acceptable=kept.reason in ACCEPTABLE)


def prepare_acceptance(
    session: Session, kept: QuarantinedDocument, questionnaire_id: int | None, engine: Engine
) -> Arrival:
    """Place and check a quarantined document, before the write lock is taken.

    A questionnaire is chosen only where the document names none that is known. Raises CollectorError `not_acceptable` for what
    cannot become a response.
    """
    examined = examine(session, kept)
    if examined.is_acceptable and examined.placed is None and questionnaire_id is not None:
        if session.get(Questionnaire, questionnaire_id) is None:
            raise CollectorError("not_found")
        examined = examine(session, kept, questionnaire_id)
    document, placed = examined.document, examined.placed
    if not examined.is_acceptable or placed is None:
        raise CollectorError("not_acceptable")
    checked = check_document(document, placed, kept.clock_offset_ms, engine)
    verdict = judge_window(document, placed, kept.clock_offset_ms, kept.received_at)
    flags = [*checked.flags, flag(verdict)] if verdict else checked.flags
    return Arrival(
        document, placed, flags, kept.device_id, kept.clock_offset_ms, kept.received_at, unanswered=checked.unanswered
    )


def accept(session: Session, quarantine_id: int, arrival: Arrival, *, by: str) -> str:
    """Make a quarantined document a response, or a revision of the one whose id it has. Gives that response's id.

    Exactly once, whoever else accepts it or sends it at the same moment. The document's bytes stay as they came.
    """
    document = arrival.document
    # In the order of those who complete a file: the id that it was sent under, then the one that it gets.
    lock_names(session, {document.content_hash, document.claimed_id or document.content_hash})
    lock_names(session, [document.new_id])
    kept = session.get(QuarantinedDocument, quarantine_id, populate_existing=True)
    if kept is None:
        raise CollectorError("not_found")
    if kept.accepted_as is not None:
        return kept.accepted_as
    response_id = _free_id(session, document, arrival.placed)
    erased = find_erased(session, [response_id]).get(response_id)
    if erased is not None:
        document = erased.strip(document, arrival.placed)
        arrival = replace(arrival, document=document, flags=erased.strip_flags(arrival.flags))
        kept.document, kept.erased_hash = document.text, document.erased_hash
    lock_arrival(session, response_id, document, arrival.placed)
    if response_id != document.claimed_id and document.claimed_id is not None:
        adopt_files(session, document.claimed_id, response_id, map(key_of, arrival.files))
    stored = put(session, response_id, replace(arrival, document=document))
    if stored.is_current:
        derive(session, response_id)
    kept.resolution, kept.accepted_as, kept.resolution_note = ACCEPTED, response_id, ""
    kept.resolved_at, kept.resolved_by = utc_now(), by
    session.flush()
    item = _journal_item(response_id, document, stored)
    record(session, "quarantine.accept", str(kept.id), user_id=by, reason=kept.reason, items=[item])
    return response_id


def _free_id(session: Session, document: Document, placed: Placed) -> str:
    """The document's own id, unless that is none, belongs to another questionnaire's response, or to a deleted one."""
    if document.claimed_id is None or session.get(DeletedResponse, document.claimed_id) is not None:
        return document.new_id
    owner = session.scalar(select(Response.questionnaire_id).where(Response.id == document.claimed_id))
    return document.claimed_id if owner in (None, placed.questionnaire_id) else document.new_id


def _journal_item(response_id: str, document: Document, stored: Stored) -> dict[str, Any]:
    """The item of the journal that says which revision holds the document now, shaped as those of arrivals."""
    status = Action.STORE.value if stored.action is Action.STORE else Action.ADD_REVISION.value
    item = {"id": response_id, "revision": stored.number, "hash": document.content_hash, "status": status}
    return item | ({"erased_hash": document.erased_hash} if document.erased_hash else {})


def set_aside(session: Session, quarantine_id: int, note: str, *, by: str) -> bool:
    """Put a document aside with the reason in words. Gives whether it was open; what was resolved meanwhile stays as it is."""
    kept = _locked(session, quarantine_id)
    if kept.resolution is not None:
        return False
    kept.resolution, kept.resolution_note = SET_ASIDE, note
    kept.resolved_at, kept.resolved_by = utc_now(), by
    session.flush()
    record(session, "quarantine.set_aside", str(kept.id), user_id=by, hash=kept.content_hash)
    return True


def take_up(session: Session, quarantine_id: int, *, by: str) -> bool:
    """Open a document again that was put aside. Gives whether it was."""
    kept = _locked(session, quarantine_id)
    if kept.resolution != SET_ASIDE:
        return False
    kept.resolution, kept.resolved_at, kept.resolved_by = None, None, None
    session.flush()
    record(session, "quarantine.take_up", str(kept.id), user_id=by, hash=kept.content_hash)
    return True


def _locked(session: Session, quarantine_id: int) -> QuarantinedDocument:
    kept = session.get(QuarantinedDocument, quarantine_id)
    if kept is None:
        raise CollectorError("not_found")
    lock_names(session, [kept.content_hash])
    session.refresh(kept)
    return kept
