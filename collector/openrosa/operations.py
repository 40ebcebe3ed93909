"""Taking submissions in: through the one door of all responses, whatever number of requests they come in."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any
from uuid import uuid5

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector.disk import require_room
from collector.errors import CollectorError
from collector.intake.documents import read_document
from collector.intake.files import begin_file, store_whole
from collector.intake.placing import plain
from collector.openrosa.document import Origin, Shape, make_document, stored_name
from collector.questionnaires.instances import NAMESPACE, FormInstance, response_id_of
from collector.questionnaires.published import form_model
from collector.settings import MAX_FILE_BYTES
from collector.store import (
    DeletedResponse,
    Instance,
    QuarantinedDocument,
    Questionnaire,
    Response,
    Revision,
    Version,
)
from collector.store.questionnaires import PUBLISHED

#: Bytes of an attachment that are read at a time.
PIECE_BYTES = 4 * 1024 * 1024
#: Outcomes of intake after which a document is here: as a revision of its response, or waiting for a supervisor.
KEPT = frozenset({"stored", "revision_stored", "already_stored", "quarantined"})


@dataclass(frozen=True)
class Sent:
    """A file as it lies in the request: open at its beginning, named as the answers name it."""

    name: str
    content: IO[bytes]
    claimed_type: str


def find_document(session: Session, instance: FormInstance, xml: str, author_id: str, device_id: str) -> str:
    """The response document of a submission: the one that is stored already where this very XML came before, else a new one.

    An edition of a response that is here becomes a further revision of it, made from the edition that it names. Nobody changes another
    volunteer's response, or adds files to it, by naming it: what comes so stands for itself.
    """
    known = find_instance(session, instance.instance_id)
    kept = None if known is None else _document_of(session, known)
    if kept is not None and json.loads(kept).get("xml") == xml:
        return kept
    shape = find_shape(session, instance)
    made = (
        make_document(instance, xml, origin, shape)
        for origin in find_origins(session, instance, xml, author_id, device_id)
    )
    first = next(made)
    deleted = session.get(DeletedResponse, json.loads(first)["id"])
    if deleted is None:
        return first
    # What was deleted is forgotten but for its hashes: the same again is known by them, from whichever revision it was made.
    again = (text for text in chain([first], made) if read_document(text).content_hash in deleted.content_hashes)
    return next(again, first)


def find_origins(
    session: Session, instance: FormInstance, xml: str, author_id: str, device_id: str
) -> Iterator[Origin]:
    """The response that a submission belongs to with the revision that it is made from; then with each that it might be, once deleted."""
    earlier = find_instance(session, instance.deprecated_id)
    response_id = None if earlier is None else _response_of(session, earlier)
    if earlier is None or response_id is None or _is_of_other(session, response_id, author_id):
        own_id = response_id_of(instance.instance_id, xml.encode())
        # An edit may be here before what it corrects, which is then kept beside it in the same response.
        named = [response_id_of(instance.deprecated_id)] if instance.deprecated_id else []
        free = (id_ for id_ in (*named, own_id) if not _is_of_other(session, id_, author_id))
        yield Origin(next(free, None) or str(uuid5(NAMESPACE, f"{own_id} {author_id}")), None, author_id, device_id)
        return
    number = session.scalar(_revision_of(earlier, response_id, Revision.number))
    yield Origin(response_id, number, author_id, device_id)
    deleted = session.get(DeletedResponse, response_id)
    for base in range(1, len(deleted.content_hashes) + 1 if deleted else 1):
        yield Origin(response_id, base, author_id, device_id)


def _is_of_other(session: Session, response_id: str, author_id: str) -> bool:
    """Tell whether a response is another volunteer's; nobody's, as imported ones are, may be corrected by whoever names it."""
    return session.scalar(select(Response.author_id).where(Response.id == response_id)) not in (None, author_id)


def find_instance(session: Session, instance_id: str) -> Instance | None:
    """The revision that came under an instance id; None without."""
    return session.get(Instance, instance_key(instance_id)) if instance_id else None


def instance_key(instance_id: str) -> str:
    """An instance id as it is kept."""
    return plain(instance_id)


def _document_of(session: Session, instance: Instance) -> str | None:
    """The document that came under an instance id, wherever it is kept; None once it was deleted."""
    document: str | None = session.scalar(_revision_of(instance, instance.response_id, Revision.document))
    waiting = select(QuarantinedDocument.document).where(QuarantinedDocument.content_hash == instance.content_hash)
    return document or session.scalar(waiting)


def _response_of(session: Session, instance: Instance) -> str:
    """The response that an instance id belongs to: what a supervisor accepted may have another id than it came with."""
    accepted = select(QuarantinedDocument.accepted_as).where(QuarantinedDocument.content_hash == instance.content_hash)
    return session.scalar(accepted) or instance.response_id


def _revision_of(instance: Instance, response_id: str, column: Any) -> Any:
    return select(column).where(Revision.response_id == response_id, Revision.content_hash == instance.content_hash)


def find_shape(session: Session, instance: FormInstance) -> Shape:
    """The form model by which a submission is read: of the version that it names, else of the newest one, which is likest to it."""
    of_form = (
        select(Version.id)
        .join(Questionnaire, Questionnaire.id == Version.questionnaire_id)
        .where(Questionnaire.form_id == plain(instance.form_id), Version.state == PUBLISHED)
        .order_by(Version.number.desc())
        .limit(1)
    )
    version_id = session.scalar(of_form.where(Version.version == plain(instance.version)))
    if version_id is not None:
        model = form_model(session, version_id)
        return Shape(model.tree, model.model_hash)
    newest_id = session.scalar(of_form)
    return Shape(form_model(session, newest_id).tree if newest_id else None, "")


def note_instance(session: Session, instance_id: str, receipt: dict[str, Any]) -> None:
    """Remember under which instance id a document came, so that a later edition, or the same once more, finds it.

    Inside the transaction that stored it.
    """
    if not instance_id or receipt["status"] not in KEPT or find_instance(session, instance_id) is not None:
        return
    kept = Instance(instance_id=instance_key(instance_id), response_id=receipt["id"], content_hash=receipt["hash"])
    try:
        with session.begin_nested():
            session.add(kept)
    except IntegrityError:
        # Somebody else sent another response under the same instance id at this moment: the first one has it.
        return


def describe_attachment(response_id: str, sent: Sent) -> dict[str, Any]:
    """What is to be kept of a file, its bytes counted and hashed: before the database is locked, since that takes its time.

    Raises CollectorError `file_too_large`.
    """
    digest, size_bytes = hashlib.sha256(), 0
    sent.content.seek(0)
    while piece := sent.content.read(PIECE_BYTES):
        digest.update(piece)
        size_bytes += len(piece)
    if size_bytes > MAX_FILE_BYTES:
        raise CollectorError("file_too_large", limit_bytes=MAX_FILE_BYTES)
    return {
        "response_id": response_id,
        "name": stored_name(sent.name),
        "sha256": digest.hexdigest(),
        "size_bytes": size_bytes,
        "claimed_type": plain(sent.claimed_type, 100),
    }


def store_attachment(session: Session, wanted: dict[str, Any], content: IO[bytes], device_id: str) -> None:
    """Keep a file of a response; one that is here already stays as it is.

    Raises CollectorError `response_deleted`, `disk_nearly_full`, and `unavailable` when the disk takes nothing.
    """
    file = begin_file(session, wanted, device_id)
    if file.completed_at is None:
        require_room(file.size_bytes)
        store_whole(session, file, content)
