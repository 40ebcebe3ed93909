"""What the journal keeps of what arrived: one entry for a push, with what was stored for the first time, and one for a file."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from collector.journal import record
from collector.store import File

#: Statuses of receipts for what is stored now and was not before; a quarantined document may have been there already.
NEW = ("stored", "revision_stored", "quarantined")


def record_arrivals(
    session: Session,
    receipts: list[dict[str, Any]],
    quarantined: set[str],
    device_id: str | None,
    erased: Mapping[str, str],
) -> None:
    """Enter in the journal what the receipts say is new. `quarantined` are the contents that were in quarantine before.

    Mutates: `quarantined`, to which those of these receipts are added.
    `erased`: the SHA-256 of what is kept, by content hash, where answers had been erased before (erased_arrivals.py).
    """
    items = []
    for given in receipts:
        is_quarantined = given["status"] == "quarantined"
        if given["status"] in NEW and not (is_quarantined and given["hash"] in quarantined):
            item = {key: given.get(key) for key in ("id", "revision", "hash", "status")}
            items.append(item | ({"erased_hash": erased[given["hash"]]} if given["hash"] in erased else {}))
        if is_quarantined:
            quarantined.add(given["hash"])
    if items:
        record(session, "response.arrive", device_id=device_id, items=items)


def record_file(session: Session, file: File) -> None:
    """Enter in the journal that a response's file is complete."""
    details: dict[str, Any] = {"name": file.name, "sha256": file.sha256, "size": file.size_bytes}
    record(session, "file.arrive", file.id, device_id=file.device_id, response=file.response_id, **details)
