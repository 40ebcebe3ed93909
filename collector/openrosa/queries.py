"""Reads for clients: the forms of a volunteer, and the files of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import md5

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, undefer

from collector.errors import CollectorError
from collector.questionnaires.assigned import open_to
from collector.questionnaires.served import open_content
from collector.store import Questionnaire, Version, VersionFile
from collector.store.questionnaires import PUBLISHED

#: Bytes of a file that are read at a time.
BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class ListedForm:
    """A form in the list: the version that phones fill in now."""

    form_id: str
    version_id: int
    version: str
    title: str
    md5: str
    has_files: bool


def list_forms(
    session: Session, user_id: str, language: str, now: datetime, form_id: str | None
) -> Iterator[ListedForm]:
    """The forms that a volunteer is to fill in now; `form_id`: that one alone."""
    query = (
        select(Version, Questionnaire.form_id)
        .join(Questionnaire, Questionnaire.current_version_id == Version.id)
        .where(*open_to(session, user_id), *_open_at(now))
        .options(undefer(Version.xform))
        .order_by(Questionnaire.id)
    )
    if form_id is not None:
        query = query.where(Questionnaire.form_id == form_id)
    with_files = set(session.scalars(select(VersionFile.version_id).where(VersionFile.original_sha256.is_not(None))))
    for version, name in session.execute(query):
        title = version.titles.get(language) or version.title
        yield ListedForm(name, version.id, version.version, title, hash_text(version.xform), version.id in with_files)


def find_version(session: Session, version_id: int, user_id: str) -> Version:
    """A published version of a form that a volunteer may fill in. Raises CollectorError `form_unknown`."""
    query = select(Version).join(Questionnaire, Questionnaire.id == Version.questionnaire_id)
    wanted = Version.id == version_id, Version.state == PUBLISHED
    version = session.scalar(query.where(*wanted, *open_to(session, user_id)))
    if version is None:
        raise CollectorError("form_unknown")
    return version


def find_form_file(session: Session, version: Version, file_id: int) -> VersionFile:
    """A file of a version that was uploaded. Raises CollectorError `form_file_unknown`."""
    file = session.get(VersionFile, file_id)
    if file is None or file.version_id != version.id or file.original_sha256 is None:
        raise CollectorError("form_file_unknown")
    return file


def hash_text(xform: str) -> str:
    """MD5 of an XForm as it is sent, hex (OpenRosa FormListAPI, element hash)."""
    return md5(xform.encode(), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=4096)
def hash_file(sha256: str) -> str:
    """MD5 of a file beside a workbook, as it was uploaded. Raises CollectorError `form_file_unknown` where its bytes are gone."""
    # Its name is the SHA-256 of what is in it: it never changes.
    digest = md5(usedforsecurity=False)
    with open_content(sha256) as content:
        while block := content.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _open_at(now: datetime) -> list[ColumnElement[bool]]:
    return [
        or_(Questionnaire.opens_at.is_(None), Questionnaire.opens_at <= now),
        or_(Questionnaire.closes_at.is_(None), Questionnaire.closes_at > now),
    ]
