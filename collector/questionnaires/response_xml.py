"""A response as the XML of its form: as it came, where it came as XML, else written from its answers."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.questionnaires.instance_writing import write_instance
from collector.questionnaires.published import form_model
from collector.store import Instance, Questionnaire, Response, Revision


def response_xml(session: Session, response_id: str, number: int | None = None) -> bytes | None:
    """The XML of a response's current revision, or of revision `number`; UTF-8. None where there is no such response or revision.

    What another client sent is given as it came, but for the encoding that it may declare; the office's changes are written anew.
    It holds all answers, personal ones too.
    """
    query = (
        select(Revision.document, Revision.version_id, Revision.content_hash, Questionnaire.form_id)
        .join(Response, Response.id == Revision.response_id)
        .join(Questionnaire, Questionnaire.id == Response.questionnaire_id)
        .where(Response.id == response_id)
        .where(Revision.number == (Response.current_revision if number is None else number))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    document = json.loads(row.document)
    kept = document.get("xml")
    if isinstance(kept, str) and kept:
        return kept.encode()
    return write_instance(
        form_model(session, row.version_id).tree if row.version_id else None,
        document["answers"],
        form_id=row.form_id,
        version=str(document.get("version") or ""),
        instance_id=_instance_id(session, row.content_hash, document) or f"uuid:{response_id}",
    )


def _instance_id(session: Session, content_hash: str, document: dict[str, object]) -> str:
    """The instance id under which a revision came, else the one that its answers hold, as those of our own phones do; "" without."""
    known = session.scalar(select(Instance.instance_id).where(Instance.content_hash == content_hash).limit(1))
    answers = document["answers"]
    meta = answers.get("meta") if isinstance(answers, dict) else None
    own = meta.get("instanceID") if isinstance(meta, dict) else None
    return known or (own if isinstance(own, str) else "")


def instance_ids_of(session: Session, response_id: str) -> list[str]:
    """The instance ids under which editions of a response came, the first one first; none for a response of our own phones."""
    query = select(Instance.instance_id).where(Instance.response_id == response_id)
    return list(session.scalars(query.order_by(Instance.received_at, Instance.instance_id)))


def find_response_id(session: Session, instance_id: str) -> str | None:
    """The response that an instance id belongs to, whichever edition of it that is; None for one that did not come as XML."""
    return session.scalar(select(Instance.response_id).where(Instance.instance_id == instance_id[:255]))
