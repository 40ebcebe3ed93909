"""Writes of the review: which revision of a response in conflict is the current one."""

from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.intake.attachments import update_response
from collector.intake.documents import read_document, read_under
from collector.intake.locks import lock_names
from collector.intake.placing import place_into
from collector.intake.revisions import phone_values
from collector.journal import record
from collector.store import Response, Revision


def choose_revision(session: Session, response_id: str, number: int, *, by: str) -> None:
    """Make revision `number` the current one and take the mark of a conflict away. Raises CollectorError `not_found`.

    The other revisions stay; the next one of a phone that has this one as its base continues it.
    """
    lock_names(session, [response_id])
    response = session.get(Response, response_id, populate_existing=True)
    revision = session.get(Revision, (response_id, number))
    if response is None or revision is None:
        raise CollectorError("not_found")
    before = response.current_revision
    document = read_under(read_document(revision.document), response_id)
    placed = place_into(session, [(document, response.questionnaire_id)])[document.content_hash]
    response.current_revision = number
    response.version_id = revision.version_id
    response.place_id, response.place_code = placed.place_id, placed.place_code
    for column, value in phone_values(document.read).items():
        setattr(response, column, value)
    response.is_conflicted = False
    session.flush()
    # Counts of flags and files follow the current revision.
    update_response(session, response_id)
    record(session, "conflict.choose", response_id, user_id=by, revision=number, before=before)
