"""What is remembered of the documents of pushes: read for all of them at once, under their locks."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import cast, null, select
from sqlalchemy.orm import Session

from collector.intake.attachments import Arrived
from collector.intake.documents import Document
from collector.intake.standing import Standing, read_arrived, read_standings
from collector.store import DeletedResponse, QuarantinedDocument
from collector.store.bulk import among
from collector.store.responses import ACCEPTED

_QUARANTINE, _DELETED = QuarantinedDocument.__table__.c, DeletedResponse.__table__.c
#: What is in quarantine of contents, and which responses were deleted (rows with `deleted_id`), in one round trip.
REMEMBERED = (
    select(
        _QUARANTINE.content_hash,
        _QUARANTINE.resolution,
        _QUARANTINE.accepted_as,
        cast(null(), _DELETED.id.type).label("deleted_id"),
        cast(null(), _DELETED.content_hashes.type).label("content_hashes"),
    )
    .where(among(_QUARANTINE.content_hash, "hashes"))
    .union_all(
        select(
            cast(null(), _QUARANTINE.content_hash.type),
            cast(null(), _QUARANTINE.resolution.type),
            cast(null(), _QUARANTINE.accepted_as.type),
            _DELETED.id,
            _DELETED.content_hashes,
        ).where(among(_DELETED.id, "ids"))
    )
)


@dataclass(frozen=True)
class Known:
    """What is remembered of documents, read under their locks.

    `deleted`: content hashes by id of the deleted response. `accepted`: response ids by the content hash of a quarantined document.
    `open`: content hashes of quarantined documents that are no response. `quarantined`: those of all. `standings`: the responses that
    are there, by id, kept in step with what is stored. `arrived`: complete files by response id, of documents that name files.
    """

    deleted: dict[str, list[str]]
    accepted: dict[str, str]
    open: set[str]
    quarantined: set[str]
    standings: dict[str, Standing]
    arrived: dict[str, Arrived]

    def deleted_hashes(self, document: Document) -> list[str] | None:
        """The content hashes of the deleted response that `document` is of, None if it is of none."""
        # What was accepted from the quarantine under a new id, and deleted then, is known by that id.
        under_new_id = self.deleted.get(document.new_id)
        return self.deleted.get(document.claimed_id or "") if under_new_id is None else under_new_id


def look_up(session: Session, documents: Iterable[Document]) -> Known:
    """What is remembered of `documents`. Their locks are held."""
    documents = list(documents)
    claimed = {document.claimed_id for document in documents if document.claimed_id}
    ids = claimed | {document.new_id for document in documents}
    hashes = [document.content_hash for document in documents]
    rows = session.execute(REMEMBERED, {"hashes": hashes, "ids": ids}).all()
    kept = [row for row in rows if row.deleted_id is None]
    with_files = {document.claimed_id for document in documents if document.claimed_id and document.read.get("files")}
    return Known(
        deleted={row.deleted_id: row.content_hashes for row in rows if row.deleted_id is not None},
        accepted={row.content_hash: row.accepted_as for row in kept if row.resolution == ACCEPTED},
        open={row.content_hash for row in kept if row.accepted_as is None},
        quarantined={row.content_hash for row in kept},
        standings=read_standings(session, claimed),
        arrived=read_arrived(session, with_files),
    )
