"""Giving a finished file to whoever asked for it: in parts where they ask for parts, so that a dropped connection goes on (A83)."""

from flask import Response

from collector.errors import CollectorError
from collector.export.jobs.queries import require_file
from collector.export.jobs.rights import rights_of
from collector.store import ExportJob
from collector.store.contents import EXPORTS, contents
from collector.store.session import reading


def send_export(job: ExportJob) -> Response:
    """The file of a job. Raises CollectorError `export_not_ready`, `export_rights_changed`, and `not_found` once it is gone."""
    session = reading()
    require_file(session, job, rights_of(session, job.user_id))
    try:
        response = contents().send(
            EXPORTS,
            job.id,
            "application/octet-stream",
            as_attachment=True,
            download_name=job.file_name,
            etag=job.sha256 or False,
            last_modified=job.finished_at,
            max_age=None,
        )
    except FileNotFoundError:
        raise CollectorError("not_found") from None
    # What a person may export changes with their account; no copy of it is to lie about.
    response.headers["Cache-Control"] = "no-store"
    return response
