"""The journal: whether each entry is what its hash says, and what the entries say has arrived."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, select

from collector.store import JournalEntry
from collector.store.journal import entry_hash
from collector.verify.report import Report
from collector.verify.scratch import Scratch

#: Action of the entry about a response that was deleted; its subject is the response's id.
DELETE_ACTION = "response.delete"
#: The same about one whose answers were erased.
ERASE_ACTION = "response.erase"


def check_journal(connection: Connection, scratch: Scratch, report: Report, expected_hash: str | None) -> None:
    """Follow the chain from its first entry to its last, and keep in `scratch` what it says has arrived and was deleted.

    After a fault it goes on from the hash that is written there: one changed entry is one fault. `expected_hash` is a last hash that
    somebody wrote down earlier; it must still be in the chain.
    """
    number, previous, is_expected_there = 0, "", expected_hash is None
    # As text: a damaged date or a damaged JSON must be a fault of its entry, not the end of the verification.
    columns = [
        cast(column, Text).label(column.key) if column.key in ("at", "details") else column
        for column in JournalEntry.__table__.columns
    ]
    entries = select(*columns).order_by(JournalEntry.id)
    for row in connection.execute(entries, execution_options={"yield_per": 200}):
        report.count("journal entries")
        entry = row._asdict()
        is_right = _matches(previous, entry)
        if not is_right and entry["id"] != number + 1:
            gap = f"{number + 1}" if entry["id"] == number + 2 else f"{number + 1} to {entry['id'] - 1}"
            report.fault(
                "journal_entry_missing", gap, f"journal entry {gap} was removed: {entry['id']} does not follow {number}"
            )
        elif not is_right:
            message = f"journal entry {entry['id']} is not what its hash says: it was changed, or the one before it was replaced"
            report.fault("journal_entry_changed", entry["id"], message)
        number, previous = entry["id"], entry["hash"]
        is_expected_there = is_expected_there or previous == expected_hash
        _keep(entry, scratch)
    report.last_hash = previous
    if not is_expected_there:
        message = f"the journal has no entry with the hash {expected_hash}: its end was cut off, or it was written anew"
        report.fault("journal_end_missing", expected_hash, message)


def _matches(previous: str, entry: dict[str, Any]) -> bool:
    """Tell whether the entry has its right hash. Reads its `at` and `details` from their texts, where they can be read."""
    try:
        entry["details"] = json.loads(entry["details"])
        at = datetime.fromisoformat(entry["at"])
    except (TypeError, ValueError):
        return False
    entry["at"] = at if at.tzinfo else at.replace(tzinfo=UTC)
    return bool(entry_hash(previous, entry) == entry["hash"])


def _keep(entry: dict[str, Any], scratch: Scratch) -> None:
    """Put what an entry says into the scratch. An entry that was changed may say anything."""
    details, number = entry["details"], entry["id"]
    if not isinstance(details, dict):
        return
    if entry["action"] == "file.arrive":
        scratch.add(
            "file", entry["subject"], details.get("response"), details.get("sha256"), details.get("size"), number
        )
    elif entry["action"] == DELETE_ACTION:
        scratch.add("deletion", entry["subject"], number)
    elif entry["action"] == ERASE_ACTION:
        _keep_erasure(entry["subject"], details, number, scratch)
    items = details.get("items")
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        if "erased_hash" in item:
            scratch.add("rewritten", item["erased_hash"])
        if item.get("status") == "quarantined":
            scratch.add("quarantined", item.get("hash"), item.get("id"), number)
        elif "revision" in item:
            scratch.add("arrival", item.get("id"), item.get("revision"), item.get("hash"), number)


def _keep_erasure(response_id: str, details: dict[str, Any], number: int, scratch: Scratch) -> None:
    """Keep what an erasure left of each document, and which files it took."""
    scratch.add("erasure", response_id, number)
    for key in ("revisions", "quarantine"):
        left = details.get(key)
        for content_hash in left.values() if isinstance(left, dict) else ():
            scratch.add("rewritten", content_hash)
    files = details.get("files")
    for file_id in files if isinstance(files, list) else ():
        scratch.add("erased_file", file_id)
