"""Which of the files that a response names have arrived, and whether they are what it says."""

import json
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.intake.flag_rows import rewrite_flags
from collector.intake.flags import flag
from collector.intake.locks import lock_names
from collector.store import File, Response, Revision

#: A name and a SHA-256; "" for the newest complete file of that name.
Key = tuple[str, str]
#: Detected media type by name and SHA-256 of each complete file of a response, and by name alone of the newest.
Arrived = dict[Key, str]


def key_of(file: dict[str, Any]) -> Key:
    """By what a file that a document names is found: clients of other makes know it by its name alone."""
    return file["name"], file.get("sha256") or ""


def arrived_files(session: Session, response_id: str, files: list[dict[str, Any]]) -> Arrived:
    """The complete files of a response; none are looked for when it names none in `files`."""
    if not files:
        return {}
    complete = select(File.name, File.sha256, File.detected_type).where(
        File.response_id == response_id, File.completed_at.is_not(None)
    )
    arrived: Arrived = {}
    for row in session.execute(complete.order_by(File.completed_at, File.id)):
        arrived[row.name, row.sha256] = arrived[row.name, ""] = row.detected_type
    return arrived


def missing_files(files: list[dict[str, Any]], arrived: Arrived) -> list[str]:
    """Names of those of a document's `files` that have not arrived whole."""
    return [file["name"] for file in files if key_of(file) not in arrived]


def find_missing(session: Session, response_id: str, files: list[dict[str, Any]]) -> list[str]:
    """Names of those of a document's `files` that have not arrived whole under `response_id`."""
    return missing_files(files, arrived_files(session, response_id, files))


def wrong_files(files: list[dict[str, Any]], arrived: Arrived) -> list[dict[str, str]]:
    """A flag for each arrived file that is said to be a picture and is none."""
    return [
        flag("not_an_image", str(file.get("path", "")))
        for file in files
        if str(file.get("type", "")).startswith("image/")
        and not arrived.get(key_of(file), "image/").startswith("image/")
    ]


def update_response(session: Session, response_id: str) -> None:
    """Bring a response's count of missing files and its file flags up to date after a file of it has arrived."""
    lock_names(session, [response_id])
    current = session.execute(
        select(Revision.number, Revision.document, Revision.flags)
        .join(Response, (Response.id == Revision.response_id) & (Response.current_revision == Revision.number))
        .where(Response.id == response_id)
    ).one_or_none()
    if current is None:
        return
    files = json.loads(current.document).get("files") or []
    arrived = arrived_files(session, response_id, files)
    flags = [old for old in current.flags if old["code"] != "not_an_image"] + wrong_files(files, arrived)
    missing = len(missing_files(files, arrived))
    session.execute(update(Response).where(Response.id == response_id).values(missing_files=missing))
    if flags != current.flags:
        of_current = update(Revision).where(Revision.response_id == response_id, Revision.number == current.number)
        session.execute(of_current.values(flags=flags))
        rewrite_flags(session, response_id)
