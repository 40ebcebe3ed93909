"""A file of a questionnaire as an answer: cached for ever, since its hash names it, and served so that nothing in it runs."""

import gzip
from pathlib import Path

from flask import Response, request, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.store import Version, VersionFile
from collector.store.contents import content_path, contents_folder
from collector.store.questionnaires import PUBLISHED


def published_file(session: Session, sha256: str) -> VersionFile | None:
    """The file with that content of any version that is or was published, None without."""
    query = select(VersionFile).join(Version, Version.id == VersionFile.version_id)
    return session.scalar(query.where(VersionFile.sha256 == sha256, Version.state == PUBLISHED).limit(1))


def file_answer(file: VersionFile) -> Response:
    """What phones fetch: a list's JSON, gzip where that is taken, or media as they are.

    Raises CollectorError `form_file_unknown` where the data folder does not have it.
    """
    path = stored(file.sha256)
    answer: Response = send_file(
        path, file.media_type, as_attachment=True, download_name=file.name, etag=file.sha256 or "", conditional=True
    )
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if file.is_list:
        answer.headers["Vary"] = "Accept-Encoding"
        if answer.status_code == 200 and request.accept_encodings.quality("gzip"):
            answer.direct_passthrough = False
            answer.set_data(gzip.compress(path.read_bytes(), 6, mtime=0))
            answer.headers["Content-Encoding"] = "gzip"
    return answer


def original_answer(file: VersionFile) -> Response:
    """The file as it was uploaded, to save. Raises CollectorError `form_file_unknown` as `file_answer` does."""
    path = stored(file.original_sha256)
    media_type = "application/octet-stream" if file.is_list else file.media_type
    answer: Response = send_file(path, media_type, as_attachment=True, download_name=file.name, conditional=True)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def stored(sha256: str | None) -> Path:
    """Where a content lies. Raises CollectorError `form_file_unknown`."""
    path = content_path(contents_folder(), sha256 or "none")
    if not path.is_file():
        raise CollectorError("form_file_unknown")
    return path
