"""Deleted responses, and at the end whatever the journal knows and the database has not."""

from sqlalchemy import Connection, select

from collector.store import DeletedResponse, Response
from collector.verify.report import Report
from collector.verify.scratch import Scratch


def check_deletions(connection: Connection, scratch: Scratch, report: Report) -> None:
    """Hold what is remembered of each deleted response against the journal and the responses."""
    deleted = select(DeletedResponse.id, DeletedResponse.content_hashes, Response.id.label("still_there")).outerjoin(
        Response, Response.id == DeletedResponse.id
    )
    for row in connection.execute(deleted, execution_options={"yield_per": 1000}):
        report.count("deletions")
        scratch.add("deleted", row.id)
        for content_hash in row.content_hashes:
            scratch.add("erased", content_hash)
        if not scratch.take("deletion", id=row.id):
            message = f"response {row.id} is said to be deleted, and the journal does not know of it"
            report.fault("deletion_unknown", row.id, message)
        if row.still_there:
            report.fault("deletion_undone", row.id, f"response {row.id} was deleted and is there all the same")


def check_unexplained(scratch: Scratch, report: Report) -> None:
    """Name what the journal says has arrived, that no check found and no deletion explains."""
    for response_id, number, content_hash, entry in scratch.rows("arrival"):
        if not (scratch.find("deleted", id=response_id) and scratch.find("erased", hash=content_hash)):
            message = f"revision {number} of response {response_id} is lost: it arrived with journal entry {entry}"
            report.fault("revision_missing", response_id, message)
    for content_hash, _, entry in scratch.rows("quarantined"):
        if not scratch.find("erased", hash=content_hash):
            message = f"the quarantined document {content_hash} is lost: it arrived with journal entry {entry}"
            report.fault("quarantined_missing", content_hash, message)
    for file_id, response_id, _, _, entry in scratch.rows("file"):
        if not (scratch.find("deleted", id=response_id) or scratch.find("erased_file", id=file_id)):
            message = (
                f"a file of response {response_id} is lost from the database: it arrived with journal entry {entry}"
            )
            report.fault("file_row_missing", file_id, message)
    for response_id, entry in scratch.rows("deletion"):
        message = f"response {response_id}: journal entry {entry} deleted it, and nothing remembers its content"
        report.fault("deletion_missing", response_id, message)
