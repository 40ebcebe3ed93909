"""Documents of responses whose answers were erased: they come in without what was erased, from whichever phone or file they come."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.intake.documents import Document
from collector.intake.erasure import erasable_of, place_of
from collector.intake.flags import flag
from collector.intake.placing import Placed
from collector.intake.stripping import Erasable, strip_document, strip_flags
from collector.store import Response, Revision
from collector.store.bulk import among

_RESPONSES = Response.__table__.c
ERASED = select(_RESPONSES.id, _RESPONSES.erased, _RESPONSES.questionnaire_id).where(
    among(_RESPONSES.id, "ids"), _RESPONSES.erased != ""
)


@dataclass(frozen=True)
class ErasedBefore:
    """A response of which `extent` was erased. `rewritten`: content hash by the SHA-256 of what is left, of each of its revisions."""

    questionnaire_id: int
    extent: str
    erasable: Erasable
    rewritten: dict[str, str]

    def strip(self, document: Document, placed: Placed | None) -> Document:
        """The document without what was erased. What is left of a stored one, sent back to us, is known as that one."""
        known = self.rewritten.get(document.content_hash)
        stripped = strip_document(
            document, self.extent, self.erasable, place_of(document, placed.model if placed else None)
        )
        return stripped if known is None else Document(**vars(stripped) | {"content_hash": known})

    def strip_flags(self, flags: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The flags without those about what was erased, and with one that says so."""
        return [*strip_flags(flags, self.extent, self.erasable), flag("erased_before")]


def find_erased(session: Session, ids: Collection[str]) -> dict[str, ErasedBefore]:
    """Those of the responses `ids` of which something was erased, by id. Their locks are held."""
    if not ids:
        return {}
    found = session.execute(ERASED, {"ids": ids}).all()
    if not found:
        return {}
    erasable = {number: erasable_of(session, number) for number in {row.questionnaire_id for row in found}}
    rewritten: dict[str, dict[str, str]] = {row.id: {} for row in found}
    hashes = select(Revision.response_id, Revision.erased_hash, Revision.content_hash)
    hashes = hashes.where(Revision.response_id.in_(rewritten), Revision.erased_hash.is_not(None))
    for response_id, erased_hash, content_hash in session.execute(hashes):
        rewritten[response_id][str(erased_hash)] = content_hash
    return {
        row.id: ErasedBefore(row.questionnaire_id, row.erased, erasable[row.questionnaire_id], rewritten[row.id])
        for row in found
    }
