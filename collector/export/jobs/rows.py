"""The list of somebody's files: what each row says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from collector.errors import ERRORS, CollectorError
from collector.export.formats import FORMATS
from collector.export.jobs.queries import LIFETIME, is_under_way, jobs_of, percent_of, require_file
from collector.export.jobs.rights import Rights, rights_of
from collector.languages import language
from collector.questionnaires.queries import title_of
from collector.store import ExportJob, Questionnaire
from collector.store.exports import FAILED, READY


@dataclass(frozen=True)
class JobRow:
    """A file, or one that is waited for. `fault`: a sentence on why there is none; `args`: the options of an address."""

    id: str
    form_id: str
    title: str
    format: Any
    asked_at: datetime
    state: str
    percent: int
    is_waiting: bool
    has_begun: bool
    size_bytes: int | None
    goes_at: datetime | None
    fault: str
    args: dict[str, Any]


def job_rows(session: Session, user_id: str, questionnaire_id: int | None = None) -> list[JobRow]:
    """Somebody's files, newest first."""
    found = jobs_of(session, user_id, questionnaire_id)
    rights = rights_of(session, user_id) if found else None
    return [make_row(session, job, questionnaire, rights) for job, questionnaire in found if rights]


def make_row(session: Session, job: ExportJob, questionnaire: Questionnaire, rights: Rights) -> JobRow:
    """One row."""
    code = str(job.options.get("format", ""))
    return JobRow(
        id=job.id,
        form_id=questionnaire.form_id,
        title=title_of(questionnaire.current_version, language()) or questionnaire.form_id,
        format=FORMATS[code].title if code in FORMATS else code,
        asked_at=job.created_at,
        state=job.state,
        percent=percent_of(job),
        is_waiting=is_under_way(job),
        has_begun=job.total is not None,
        size_bytes=job.size_bytes,
        goes_at=job.finished_at + LIFETIME if job.finished_at else None,
        fault=fault_of(session, job, rights),
        args={name: value for name, value in job.options.items() if name != "rights"},
    )


def fault_of(session: Session, job: ExportJob, rights: Rights) -> str:
    """Why a file is not given; "" where nothing speaks against it, or it is still being made."""
    if job.state == FAILED:
        return CollectorError(job.error if job.error in ERRORS else "internal", **job.error_details).message
    try:
        if job.state == READY:
            require_file(session, job, rights)
    except CollectorError as error:
        return error.message
    return ""
