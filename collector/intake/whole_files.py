"""Files that come in one piece, such as those of an import: stored by the same rules as those that phones send in many."""

import io
from typing import Any

from collector.errors import CollectorError
from collector.intake.files import begin_file, store_whole
from collector.store import File
from collector.store.session import writing


def take_file(wanted: dict[str, Any], content: bytes) -> str:
    """Store a file, once, in a transaction of its own. `wanted`: as for `begin_file`, its SHA-256 known to be right.

    Gives the key of its count: `files_stored`, `files_already`, or `files_deleted` where its response was deleted. Raises CollectorError
    `unavailable` when the disk takes nothing.
    """
    try:
        with writing() as session:
            file = session.get_one(File, begin_file(session, wanted, None).id, with_for_update=True)
            if file.completed_at is not None:
                return "files_already"
            store_whole(session, file, io.BytesIO(content))
            return "files_stored"
    except CollectorError as error:
        if error.code != "response_deleted":
            raise
        return "files_deleted"
