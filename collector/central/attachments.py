"""The files that a response names, and which of them have arrived."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.export.sheets.walk import Walked
from collector.store import File


@dataclass(frozen=True)
class Attachment:
    """A file that a response names; `file` is what has arrived of it, None while that is not all."""

    name: str
    file: File | None


def read_attachments(session: Session, walked: Iterable[Walked]) -> dict[str, list[Attachment]]:
    """The attachments of each of these responses that has any, by response id."""
    named = {one.response_id: one.files for one in walked if one.files}
    if not named:
        return {}
    query = select(File).where(File.response_id.in_(named), File.completed_at.is_not(None))
    arrived: dict[str, list[File]] = {}
    for file in session.scalars(query.order_by(File.completed_at, File.id)):
        arrived.setdefault(file.response_id, []).append(file)
    return {id_: [attachment_of(entry, arrived.get(id_, [])) for entry in files] for id_, files in named.items()}


def attachment_of(entry: dict[str, Any], arrived: Iterable[File]) -> Attachment:
    """The file that an entry of a document names: the one with its content, or the newest of its name where it tells none."""
    name, sha256 = str(entry.get("name", "")), entry.get("sha256")
    found = None
    for file in arrived:
        if file.name == name and sha256 in (None, "", file.sha256):
            found = file
    return Attachment(name, found)
