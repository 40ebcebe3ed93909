"""Which files belong to the responses of an export, and where the bytes of those that arrived are."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from collector.export.sheets.walk import Walked
from collector.export.writers.media_zip import MediaFile
from collector.store import File

#: Responses whose files are looked up at a time.
CHUNK = 200


def read_media(engine: Engine, walk: Iterable[Walked], open_file: Callable[[str], BinaryIO]) -> Iterator[MediaFile]:
    """The files that the responses of a walk name, in the order of their documents. `open_file`: opens the bytes with a SHA-256."""
    responses = iter(walk)
    while chunk := list(islice(responses, CHUNK)):
        arrived = _arrived(engine, [response.response_id for response in chunk if response.files])
        for response in chunk:
            for named in response.files:
                name, sha256 = str(named.get("name", "")), str(named.get("sha256") or "")
                found = arrived.get((response.response_id, name, sha256))
                yield MediaFile(
                    response.response_id,
                    str(named.get("path") or ""),
                    name,
                    found.sha256 if found else sha256,
                    found.size_bytes if found else named.get("size"),
                    partial(open_file, found.sha256) if found else None,
                )


def _arrived(engine: Engine, response_ids: list[str]) -> dict[tuple[str, str, str], MediaFile]:
    """What arrived whole, by response, name and SHA-256; with "" for a SHA-256: the newest of that name.

    Clients of other makes know files by their names alone.
    """
    if not response_ids:
        return {}
    query = (
        select(File.response_id, File.name, File.sha256, File.size_bytes)
        .where(File.response_id.in_(response_ids), File.completed_at.is_not(None))
        .order_by(File.completed_at, File.id)
    )
    found: dict[tuple[str, str, str], MediaFile] = {}
    with Session(engine) as session:
        for row in session.execute(query):
            file = MediaFile(row.response_id, "", row.name, row.sha256, row.size_bytes)
            found[row.response_id, row.name, row.sha256] = found[row.response_id, row.name, ""] = file
    return found
