"""The rule of intake: what to do with a response that comes in. Pure, over plain values."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class Action(Enum):
    """What intake does with a document that can be placed."""

    STORE = "stored"
    REPEAT_RECEIPT = "already_stored"
    ADD_REVISION = "revision_stored"
    ADD_CONFLICT = "conflict"
    TELL_DELETED = "deleted"
    QUARANTINE = "quarantined"


@dataclass(frozen=True)
class Existing:
    """What is stored under the same id: the number of the current revision, and each revision's number by content hash."""

    current: int
    revisions: dict[str, int]


def decide(
    existing: Existing | None, content_hash: str, base: int | None, deleted: Collection[str] | None = None
) -> Action:
    """Decide about a document by its content hash and the revision that it says it was made from.

    The same content is never stored twice; other content under the same id is always kept, and becomes current only when
    it was made from the revision that is current now. `deleted` are the content hashes of a response that a supervisor
    deleted under this id, None if nobody did: what was deleted stays so, and what is new is kept for a supervisor.
    """
    if deleted is not None:
        return Action.TELL_DELETED if content_hash in deleted else Action.QUARANTINE
    if existing is None:
        return Action.STORE
    if content_hash in existing.revisions:
        return Action.REPEAT_RECEIPT
    if base == existing.current:
        return Action.ADD_REVISION
    return Action.ADD_CONFLICT
