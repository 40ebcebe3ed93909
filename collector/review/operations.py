"""Writes of the review: decisions and their undoing, comments, the choice among conflicting revisions, pairs that are no duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from uuid import uuid4

from sqlalchemy import and_, exists, insert, select, update
from sqlalchemy.orm import Session, aliased

from collector.accounts.scope import Scope
from collector.errors import CollectorError
from collector.intake.attachments import update_response
from collector.intake.compared import lock_arrival
from collector.intake.derived import derive
from collector.intake.documents import read_document, read_under
from collector.intake.locks import lock_names
from collector.intake.placing import place_into
from collector.intake.revisions import phone_values
from collector.journal import record
from collector.store import Comment, Decision, NoDuplicate, Response, Revision, utc_now
from collector.store.responses import RESUBMITTED, RETURNED

#: Responses that are decided about in one transaction: their locks are held until its end, and others send meanwhile.
CHUNK = 500


@dataclass(frozen=True)
class Undone:
    """Decisions that were taken back, those that were not since something has changed, and the last one looked at."""

    undone: int
    kept: int
    last_id: int


def new_batch() -> str:
    """An id for decisions made at once."""
    return str(uuid4())


def decide(
    session: Session,
    batch_id: str,
    response_ids: Sequence[str],
    state: str,
    *,
    reason: str,
    by: str,
    scope: Scope,
    seen_at: datetime | None = None,
) -> int:
    """Put at most `CHUNK` responses into `state`, each with its decision. Gives how many were in another one before.

    What is outside of the scope, deleted, or in that state already is passed over; so is what has come after `seen_at`, the moment of
    the page on which the responses were chosen: nobody has seen it.
    """
    lock_names(session, response_ids)
    wanted = (
        select(Response.id, Response.state, Response.current_revision)
        .join(Revision, and_(Revision.response_id == Response.id, Revision.number == Response.current_revision))
        .where(Response.id.in_(response_ids), Response.state != state, scope.condition(Response.place_id))
    )
    if seen_at is not None:
        wanted = wanted.where(Revision.received_at <= seen_at)
    # In one order for all who change several responses at once.
    found = session.execute(wanted.order_by(Response.id).with_for_update(of=Response)).all()
    if not found:
        return 0
    at = utc_now()
    rows = [
        {
            "batch_id": batch_id,
            "response_id": row.id,
            "revision": row.current_revision,
            "from_state": row.state,
            "to_state": state,
            "reason": reason,
            "by": by,
            "at": at,
        }
        for row in found
    ]
    session.execute(insert(Decision), rows)
    ids = [row.id for row in found]
    session.execute(update(Response).where(Response.id.in_(ids)).values(state=state))
    record(session, "response.decide", batch_id, user_id=by, state=state, responses=ids)
    return len(ids)


def undo(session: Session, batch_id: str, after_id: int, *, by: str, scope: Scope) -> Undone | None:
    """Take back at most `CHUNK` decisions of a batch, those after `after_id`; None when there are no more.

    A response that was decided about again, or got another revision since, stays as it is.
    """
    of_batch = select(Decision.id, Decision.response_id).where(
        Decision.batch_id == batch_id, Decision.id > after_id, Decision.undone_at.is_(None)
    )
    chunk = session.execute(of_batch.order_by(Decision.id).limit(CHUNK)).all()
    if not chunk:
        return None
    lock_names(session, [row.response_id for row in chunk])
    later = aliased(Decision)
    is_last = ~exists().where(
        later.response_id == Decision.response_id, later.id > Decision.id, later.undone_at.is_(None)
    )
    query = (
        select(Decision.id, Decision.from_state, Response.id.label("response_id"))
        .join(Response, Response.id == Decision.response_id)
        .where(
            Decision.id.in_([row.id for row in chunk]),
            Decision.undone_at.is_(None),
            Response.state == Decision.to_state,
            Response.current_revision == Decision.revision,
            scope.condition(Response.place_id),
            is_last,
        )
    )
    found = session.execute(query).all()
    for state in {row.from_state for row in found}:
        ids = [row.response_id for row in found if row.from_state == state]
        session.execute(update(Response).where(Response.id.in_(ids)).values(state=state))
    session.execute(update(Decision).where(Decision.id.in_([row.id for row in found])).values(undone_at=utc_now()))
    if found:
        ids = [row.response_id for row in found]
        record(session, "response.undo", batch_id, user_id=by, responses=ids)
    return Undone(len(found), len(chunk) - len(found), chunk[-1].id)


def add_comment(session: Session, response_id: str, text: str, *, by: str) -> None:
    """Keep a remark about a response."""
    comment = Comment(response_id=response_id, by=by, text=text)
    session.add(comment)
    session.flush()
    record(session, "response.comment", response_id, user_id=by, comment=comment.id)


def tell_apart(session: Session, response_ids: Sequence[str], *, by: str, scope: Scope) -> int:
    """Remember that these responses are not the same, each pair of them. Gives how many pairs were not known yet."""
    lock_names(session, response_ids)
    query = select(Response.id).where(Response.id.in_(response_ids), scope.condition(Response.place_id))
    ids = sorted(session.scalars(query))
    known_pairs = select(NoDuplicate.one_id, NoDuplicate.other_id).where(
        NoDuplicate.one_id.in_(ids), NoDuplicate.other_id.in_(ids)
    )
    known = {(row.one_id, row.other_id) for row in session.execute(known_pairs)}
    new = [pair for pair in combinations(ids, 2) if pair not in known]
    if new:
        session.add_all(NoDuplicate(one_id=one, other_id=other, by=by) for one, other in new)
        session.flush()
        record(session, "response.no_duplicates", user_id=by, responses=ids)
    return len(new)


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
    lock_arrival(session, response_id, document, placed)
    response.current_revision = number
    response.version_id = revision.version_id
    response.place_id, response.place_code = placed.place_id, placed.place_code
    for column, value in phone_values(document.read).items():
        setattr(response, column, value)
    response.is_conflicted = False
    if response.state == RETURNED and revision.edited_by is None and number > _returned_revision(session, response_id):
        # What the office had asked for has come, in conflict with a change of the office.
        response.state = RESUBMITTED
    session.flush()
    # Counts of flags and files, and all that is drawn from it, follow the current revision.
    update_response(session, response_id)
    derive(session, response_id)
    record(session, "conflict.choose", response_id, user_id=by, revision=number, before=before)


def _returned_revision(session: Session, response_id: str) -> int:
    """The revision with which a response was returned last; 0 if nobody noted it."""
    query = select(Decision.revision).where(
        Decision.response_id == response_id, Decision.to_state == RETURNED, Decision.undone_at.is_(None)
    )
    return session.scalar(query.order_by(Decision.id.desc()).limit(1)) or 0
