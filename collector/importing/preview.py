"""What an import would do: asked of the database, and written nowhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.importing.documents import Incoming
from collector.importing.media import Media
from collector.importing.sources import Source, in_batches
from collector.importing.table_source import Orphans, TableView
from collector.intake.documents import Document, read_document
from collector.intake.flags import judge_window
from collector.intake.placing import Placed, place_documents
from collector.intake.quarantine import REASONS
from collector.store import DeletedResponse, Response, Revision, utc_now

NEW, ALREADY, REVISION, DELETED, WAITS = "new", "already", "revision", "deleted", "waits"
#: Rows that are named one by one of each column whose cells do not fit, and files that are named of those that cannot be read.
MAX_NAMED = 10


@dataclass
class Misfits:
    """Cells of one column that are no answers to its question: how many, and the numbers of the first rows. No answers are told."""

    table: str
    header: str
    count: int = 0
    numbers: list[int] = field(default_factory=list)


@dataclass
class Preview:
    """What an import would do.

    Keys of `counts`: those above, `responses`, `twice`, `unknown_place`, `without_place`, `files`, `files_missing`. `reasons`: why
    responses would wait in quarantine.
    """

    source: str
    views: list[TableView]
    without_column: list[str]
    counts: Counter[str] = field(default_factory=Counter)
    misfits: dict[tuple[str, str], Misfits] = field(default_factory=dict)
    orphans: list[Orphans] = field(default_factory=list)
    other_forms: Counter[str] = field(default_factory=Counter)
    unreadable: list[tuple[str, CollectorError]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    is_testing: bool = False

    @property
    def unknown_columns(self) -> int:
        """Number of columns that answer no question and are not the server's own."""
        return sum(len(view.columns.unknown) for view in self.views)


def preview(session: Session, source: Source, media: Media) -> Preview:
    """Read all of `source`, and hold it against what is stored."""
    shown = Preview(source.code, source.views(), source.without_column())
    seen: set[str] = set()
    for batch in in_batches(source.incoming()):
        _count(session, shown, batch, seen)
        for incoming in batch:
            _count_misfits(shown, incoming)
            for _name, part in media.found(incoming):
                shown.counts["files"] += 1
                shown.counts["files_missing"] += part is None
        # What one batch has read is needed no longer, and must not be held on to.
        session.rollback()
    shown.orphans = source.orphans()
    shown.other_forms = source.other_forms
    shown.unreadable = source.unreadable
    return shown


def _count_misfits(shown: Preview, incoming: Incoming) -> None:
    for misfit in incoming.misfits:
        known = shown.misfits.setdefault((misfit.table, misfit.header), Misfits(misfit.table, misfit.header))
        known.count += 1
        if len(known.numbers) < MAX_NAMED:
            known.numbers.append(misfit.number)


def _count(session: Session, shown: Preview, batch: Sequence[Incoming], seen: set[str]) -> None:
    documents = [read_document(incoming.text) for incoming in batch]
    placed = place_documents(session, documents)
    for document, status in zip(documents, _judged(session, documents, placed, shown), strict=True):
        shown.counts["responses"] += 1
        if document.claimed_id in seen:
            shown.counts["twice"] += 1
            continue
        seen.add(document.claimed_id or "")
        shown.counts[status] += 1
        place = placed.get(document.content_hash)
        if place is not None:
            shown.is_testing = place.reception.is_testing
            if place.place_id is None:
                shown.counts["unknown_place" if place.place_code else "without_place"] += 1


def _judged(
    session: Session, documents: Sequence[Document], placed: dict[str, Placed], shown: Preview
) -> Iterator[str]:
    """What would become of each document, as intake decides: see collector/intake/operations.py."""
    ids = {document.claimed_id for document in documents if document.claimed_id}
    owners = dict(session.execute(select(Response.id, Response.questionnaire_id).where(Response.id.in_(ids))).all())
    hashes = set(session.scalars(select(Revision.content_hash).where(Revision.response_id.in_(ids))))
    of_deleted = select(DeletedResponse.id, DeletedResponse.content_hashes).where(DeletedResponse.id.in_(ids))
    deleted: dict[str, list[str]] = {row.id: row.content_hashes for row in session.execute(of_deleted)}
    now = utc_now()
    for document in documents:
        place, id_ = placed.get(document.content_hash), document.claimed_id or ""
        reason = document.problem or ""
        if not reason and place is None:
            reason = "form_unknown"
        elif place is not None and id_ in owners and owners[id_] != place.questionnaire_id:
            reason = "id_of_other_form"
        if not reason and id_ in deleted:
            if document.content_hash in deleted[id_]:
                yield DELETED
                continue
            reason = "id_deleted"
        if not reason and document.content_hash in hashes:
            yield ALREADY
            continue
        verdict = judge_window(document, place, None, now) if place is not None and not reason else None
        if verdict in REASONS:
            reason = verdict or ""
        if reason:
            shown.reasons[reason] += 1
            yield WAITS
        else:
            yield REVISION if id_ in owners else NEW
