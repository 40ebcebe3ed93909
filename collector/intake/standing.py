"""How the responses of a push stand before it is stored: read for all at once, under their locks, and kept in step with what is stored."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from collector.intake.attachments import Arrived
from collector.intake.decide import Existing
from collector.store import File, Response, Revision
from collector.store.bulk import among, insert_rows

_RESPONSES, _REVISIONS, _FILES = Response.__table__.c, Revision.__table__.c, File.__table__.c
#: A row for each revision, with what is the same in all of them.
STANDINGS = (
    select(
        _RESPONSES.id,
        _RESPONSES.questionnaire_id,
        _RESPONSES.state,
        _RESPONSES.current_revision,
        _RESPONSES.erased,
        _REVISIONS.number,
        _REVISIONS.content_hash,
    )
    .select_from(Response.__table__.join(Revision.__table__, _REVISIONS.response_id == _RESPONSES.id))
    .where(among(_RESPONSES.id, "ids"))
)
ARRIVED = (
    select(_FILES.response_id, _FILES.name, _FILES.sha256, _FILES.detected_type)
    .where(and_(among(_FILES.response_id, "ids"), _FILES.completed_at.is_not(None)))
    .order_by(_FILES.completed_at, _FILES.id)
)
HASHES = select(_REVISIONS.content_hash).where(among(_REVISIONS.response_id, "ids"))
NUMBERS = select(_REVISIONS.content_hash, _REVISIONS.number).where(_REVISIONS.response_id == bindparam("id"))


@dataclass
class Standing:
    """A response as it is stored: `revisions` are the numbers of its revisions by content hash. Changed as revisions are added.

    `erased`: what of its answers was erased.
    """

    questionnaire_id: int
    state: str
    current: int
    revisions: dict[str, int] = field(default_factory=dict)
    erased: str = ""

    @property
    def existing(self) -> Existing:
        """What the rule of intake asks for."""
        return Existing(self.current, self.revisions)


@dataclass
class Additions:
    """Rows of responses and revisions that are to be inserted, all of them together."""

    responses: list[dict[str, Any]] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)

    def write(self, session: Session) -> None:
        """Insert them. Mutates: nothing is left to be inserted."""
        insert_rows(session, Response.__table__, self.responses, is_watched=True)
        insert_rows(session, Revision.__table__, self.revisions)
        self.responses, self.revisions = [], []


def read_standings(session: Session, ids: Collection[str]) -> dict[str, Standing]:
    """How those of the responses `ids` stand that are there, by id. Their locks are held."""
    found: dict[str, Standing] = {}
    for row in session.execute(STANDINGS, {"ids": ids}) if ids else ():
        standing = found.get(row.id)
        if standing is None:
            standing = found[row.id] = Standing(
                row.questionnaire_id, row.state, row.current_revision, erased=row.erased
            )
        standing.revisions[row.content_hash] = row.number
    return found


def read_arrived(session: Session, ids: Collection[str]) -> dict[str, Arrived]:
    """The complete files of the responses `ids`, by id: see `Arrived`."""
    found: dict[str, Arrived] = {}
    for row in session.execute(ARRIVED, {"ids": ids}) if ids else ():
        arrived = found.setdefault(row.response_id, {})
        arrived[row.name, row.sha256] = arrived[row.name, ""] = row.detected_type
    return found


def stored_hashes(session: Session, ids: Collection[str]) -> set[str]:
    """Content hashes of the revisions of the responses `ids`."""
    return set(session.execute(HASHES, {"ids": ids}).scalars()) if ids else set()


def revision_numbers(session: Session, response_id: str | None) -> dict[str, int]:
    """The number of each revision of a response by its content hash."""
    return {row.content_hash: row.number for row in session.execute(NUMBERS, {"id": response_id})}
