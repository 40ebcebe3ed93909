"""Erasing answers of a response and keeping that it was given: its row, place, state, day and counts stay (docs/decisions/0027)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.attachments import update_response
from collector.intake.compared import lock_arrival, lock_compared
from collector.intake.deletion import Leftover, leave_over
from collector.intake.derived import derive
from collector.intake.documents import Document, read_document, read_under
from collector.intake.locks import lock_names
from collector.intake.placing import place_code, place_into
from collector.intake.stripping import ALL, Erasable, strip_document, strip_flags
from collector.journal import record
from collector.questionnaires.privacy_columns import personal_of
from collector.questionnaires.published import FormModel, form_model
from collector.store import (
    Comment,
    Decision,
    Erasure,
    File,
    QuarantinedDocument,
    Questionnaire,
    Response,
    Revision,
    Version,
)
from collector.store.overwriting import overwrite_deleted

#: Why answers are erased: somebody asked for it, or their time is over.
REQUEST, RETENTION = "request", "retention"


def erasable_of(session: Session, questionnaire_id: int) -> Erasable:
    """What of a questionnaire's answers is erased, by all of its versions."""
    questionnaire = session.get_one(Questionnaire, questionnaire_id)
    personal, known, consent = set(questionnaire.personal_fields), set[str](), set[str]()
    for version_id in session.scalars(select(Version.id).where(Version.questionnaire_id == questionnaire_id)):
        tree = form_model(session, version_id).tree
        known.update(_paths(tree["root"]["children"], ""))
        personal.update(personal_of(tree))
        asked = tree["form"].get("consent")
        consent.update([asked["path"]] if asked else [])
    return Erasable(frozenset(map(str, personal)), frozenset(known), frozenset(consent))


def _paths(nodes: Iterable[Mapping[str, Any]], above: str) -> Iterable[str]:
    for node in nodes:
        path = f"{above}{node['name']}"
        yield path
        yield from _paths(node.get("children", ()), f"{path}/")


def erase_answers(
    session: Session,
    response_id: str,
    extent: str,
    *,
    reason: str,
    note: str = "",
    by: str | None = None,
    erasable: Erasable | None = None,
) -> Leftover | None:
    """Erase the personal answers of a response, or all, from every revision and quarantined copy, with their files and what was drawn.

    What the office wrote about it goes as well: it may name somebody. Gives what `erase_bytes` (deletion.py) has to take from the disk
    once this is committed; None where all was erased before. Raises CollectorError `not_found`.
    """
    overwrite_deleted(session)
    # Whoever completes a file holds its row and then waits for the response: in the same order here.
    session.scalars(select(File.id).where(File.response_id == response_id).with_for_update()).all()
    lock_names(session, [response_id])
    response = session.get(Response, response_id, populate_existing=True)
    if response is None:
        raise CollectorError("not_found")
    if response.erased == ALL:
        return None
    erasable = erasable or erasable_of(session, response.questionnaire_id)
    revisions = session.scalars(select(Revision).where(Revision.response_id == response_id)).all()
    stripped = {
        revision.number: _strip_stored(session, revision.document, response, extent, erasable, revision.version_id)
        for revision in revisions
    }
    _lock_compared(session, response, stripped[response.current_revision])
    for revision in revisions:
        left = stripped[revision.number]
        revision.document, revision.erased_hash, revision.edit_reason = left.text, left.erased_hash, ""
        revision.flags = strip_flags(revision.flags, extent, erasable)
    hashes = [revision.content_hash for revision in revisions]
    copies, sent_under = _erase_copies(session, response, hashes, extent, erasable)
    kept_names = {file["name"] for left in stripped.values() for file in left.read.get("files", ())}
    files = _erase_files(session, [response_id, *sent_under], kept_names)
    for said, column in ((Comment, "text"), (Decision, "reason")):
        session.execute(update(said).where(said.response_id == response_id).values({column: ""}))
    response.erased, response.instance_name = extent, ""
    questionnaire_id = response.questionnaire_id
    session.add(
        Erasure(
            response_id=response_id, questionnaire_id=questionnaire_id, extent=extent, reason=reason, note=note, by=by
        )
    )
    session.flush()
    update_response(session, response_id)
    derive(session, response_id)
    record(
        session,
        "response.erase",
        response_id,
        user_id=by,
        extent=extent,
        reason=reason,
        revisions={str(number): left.erased_hash for number, left in stripped.items()},
        quarantine=copies,
        files=sorted(file.id for file in files),
    )
    leftover = leave_over(session, files)
    session.expire_all()
    return leftover


def _strip_stored(
    session: Session, text: str, response: Response, extent: str, erasable: Erasable, version_id: int | None
) -> Document:
    document = read_under(read_document(text), response.id)
    model = form_model(session, version_id) if version_id else None
    return strip_document(document, extent, erasable, place_of(document, model))


def place_of(document: Document, model: FormModel | None) -> str:
    """The code of the place that a document gives; "" where it cannot be read."""
    return place_code(document.read, model) if document.problem is None else ""


def _lock_compared(session: Session, response: Response, left: Document) -> None:
    """Hold what the response is compared by now and will be by, before a row of it is touched (compared.py)."""
    if left.problem is not None:
        lock_compared(session, [response.id])
        return
    placed = place_into(session, [(left, response.questionnaire_id)])[left.content_hash]
    lock_arrival(session, response.id, left, placed)


def _erase_copies(
    session: Session, response: Response, hashes: Collection[str], extent: str, erasable: Erasable
) -> tuple[dict[str, str], list[str]]:
    """Strip quarantined documents of the response. Gives the SHA-256 of what is left of each, by its id; and the ids other than the
    response's own, and no response's, under which some were sent.

    One of another questionnaire that came under the same id is none of it.
    """
    wanted = select(QuarantinedDocument).where(
        or_(
            QuarantinedDocument.accepted_as == response.id,
            QuarantinedDocument.content_hash.in_(hashes),
            (QuarantinedDocument.response_id == response.id) & (QuarantinedDocument.reason != "id_of_other_form"),
        )
    )
    found: dict[str, str] = {}
    copies = session.scalars(wanted).all()
    for copy in copies:
        left = _strip_stored(session, copy.document, response, extent, erasable, response.version_id)
        copy.document, copy.erased_hash, copy.size_bytes = left.text, left.erased_hash, len(left.text.encode())
        copy.resolution_note = ""
        found[str(copy.id)] = left.erased_hash or ""
    others = {copy.response_id for copy in copies if copy.response_id} - {response.id}
    others -= set(session.scalars(select(Response.id).where(Response.id.in_(others))))
    return found, sorted(others)


def _erase_files(session: Session, response_ids: Collection[str], kept_names: Collection[str]) -> list[File]:
    """Erase the rows of the files that no revision names any more, and give them. What none ever named may answer any question."""
    found = [
        file
        for file in session.scalars(select(File).where(File.response_id.in_(response_ids))).all()
        if file.name not in kept_names
    ]
    for file in found:
        session.expunge(file)
    session.execute(delete(File).where(File.id.in_([file.id for file in found])))
    return found
