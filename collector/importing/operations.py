"""Importing responses: read, shown beforehand, taken in through intake, some at a time."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.importing.documents import Incoming
from collector.importing.media import Media, store_media
from collector.importing.sources import Source, in_batches
from collector.intake.operations import Sender, prepare, store
from collector.journal import record
from collector.questionnaires.engine import shared_engine
from collector.store import Instance
from collector.store.session import reading, writing

#: Nobody's phone, and no clock to compare with.
SENDER = Sender(device_id=None, clock_offset_ms=None)
#: Statuses of receipts after which the response is there.
STORED = frozenset({"stored", "already_stored", "revision_stored"})


class Progress:
    """How far an import is. Keys of `counts`: statuses of receipts (docs/sync-protocol.md) and those of media.store_media.

    `done`: responses of the file that were taken in, this time and before; `is_whole`: whether those are all.
    """

    def __init__(self, done: int = 0) -> None:
        self.counts: Counter[str] = Counter()
        self.done = done
        self.is_whole = False


def import_responses(
    source: Source,
    media: Media,
    *,
    by: str | None,
    form_id: str,
    skipped: int = 0,
    seconds: float | None = None,
    say: Callable[[Progress], None] | None = None,
) -> Progress:
    """Take the responses of `source` in. Commits as it goes: whatever is repeated is found to be there already.

    `skipped`: responses that an earlier call has taken in; `seconds`: after which it stops with what is whole, None: it goes on to the end.
    Raises CollectorError `unavailable` where the disk takes nothing.
    """
    started, progress = monotonic(), Progress(skipped)
    for batch in in_batches(islice(source.incoming(), skipped, None)):
        receipts = _take_batch(batch)
        progress.counts.update(receipt["status"] for receipt in receipts)
        for incoming in batch:
            for name, part in media.found(incoming):
                progress.counts["files_missing" if part is None else store_media(incoming.id, name, part)] += 1
        progress.done += len(batch)
        if say is not None:
            say(progress)
        if seconds is not None and monotonic() - started > seconds:
            break
    else:
        progress.is_whole = True
    with writing() as session:
        counts = dict(progress.counts)
        record(session, "responses.import", form_id, user_id=by, source=source.code, done=progress.done, counts=counts)
    return progress


def _take_batch(batch: Sequence[Incoming]) -> list[dict[str, Any]]:
    documents = [incoming.text for incoming in batch]
    prepared = prepare(reading(), documents, SENDER, shared_engine())
    with writing() as session:
        receipts = store(session, prepared, SENDER)
        note_instances(session, batch, receipts)
    return receipts


def note_instances(session: Session, batch: Sequence[Incoming], receipts: Sequence[dict[str, Any]]) -> None:
    """Note by which instance ids other clients know these responses: an edit of theirs names it (deprecatedID)."""
    named = {
        incoming.instance_id: (incoming.id, receipt["hash"])
        for incoming, receipt in zip(batch, receipts, strict=True)
        if incoming.instance_id and receipt["status"] in STORED
    }
    known = set(session.scalars(select(Instance.instance_id).where(Instance.instance_id.in_(named))))
    for instance_id, (response_id, content_hash) in named.items():
        if instance_id not in known:
            session.add(Instance(instance_id=instance_id, response_id=response_id, content_hash=content_hash))
