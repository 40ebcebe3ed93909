"""A file of a questionnaire as an answer: cached for ever, since its hash names it, and served so that nothing in it runs."""

import gzip
from typing import BinaryIO

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.store import Version, VersionFile
from collector.store.contents import FORM_FILES, contents
from collector.store.questionnaires import PUBLISHED


def published_file(session: Session, sha256: str) -> VersionFile | None:
    """The file with that content of any version that is or was published, None without."""
    query = select(VersionFile).join(Version, Version.id == VersionFile.version_id)
    return session.scalar(query.where(VersionFile.sha256 == sha256, Version.state == PUBLISHED).limit(1))


def file_answer(file: VersionFile) -> Response:
    """What phones fetch: a list's JSON, gzip where that is taken, or media as they are.

    Raises CollectorError `form_file_unknown` where the data folder does not have it.
    """
    answer = send(file.sha256, file.media_type, file.name)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if file.is_list:
        answer.headers["Vary"] = "Accept-Encoding"
        if answer.status_code == 200 and request.accept_encodings.quality("gzip"):
            answer.direct_passthrough = False
            answer.set_data(gzip.compress(answer.get_data(), 6, mtime=0))
            answer.headers["Content-Encoding"] = "gzip"
    return answer


def original_answer(file: VersionFile) -> Response:
    """The file as it was uploaded, to save. Raises CollectorError `form_file_unknown` as `file_answer` does."""
    media_type = "application/octet-stream" if file.is_list else file.media_type
    answer = send(file.original_sha256, media_type, file.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def open_content(sha256: str) -> BinaryIO:
    """A content, for reading. Raises CollectorError `form_file_unknown`."""
    try:
        return contents().open(FORM_FILES, sha256)
    except FileNotFoundError:
        raise CollectorError("form_file_unknown") from None


def send(sha256: str | None, media_type: str, name: str) -> Response:
    """A content as an answer to be saved. Raises CollectorError `form_file_unknown`."""
    try:
        return contents().send(FORM_FILES, sha256 or "", media_type, as_attachment=True, download_name=name)
    except FileNotFoundError:
        raise CollectorError("form_file_unknown") from None
