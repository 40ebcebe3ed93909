"""What the journal keeps of what a push brought: one entry, with what was stored for the first time."""

from typing import Any

from sqlalchemy.orm import Session

from collector.journal import record

#: Statuses of receipts for what is stored now and was not before; a quarantined document may have been there already.
NEW = ("stored", "revision_stored", "quarantined")


def record_arrivals(
    session: Session, receipts: list[dict[str, Any]], known: set[str], device_id: str | None, **origin: Any
) -> None:
    """Enter in the journal what the receipts say is new. `known` are the contents that were in quarantine before."""
    items, seen = [], set(known)
    for given in receipts:
        is_quarantined = given["status"] == "quarantined"
        if given["status"] in NEW and not (is_quarantined and given["hash"] in seen):
            items.append({key: given.get(key) for key in ("id", "revision", "hash", "status")})
        if is_quarantined:
            seen.add(given["hash"])
    if items:
        record(session, "response.arrive", device_id=device_id, items=items, **origin)
