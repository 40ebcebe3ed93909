"""Reading jobs: a person's own, and those whose time is over."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.export.jobs.rights import Rights
from collector.export.options import Options
from collector.settings import EXPORT_LIFETIME_S
from collector.store import ExportChoice, ExportJob, Questionnaire, utc_now
from collector.store.exports import FAILED, READY, RUNNING, WAITING

LIFETIME = timedelta(seconds=EXPORT_LIFETIME_S)


def jobs_of(
    session: Session, user_id: str, questionnaire_id: int | None = None
) -> list[tuple[ExportJob, Questionnaire]]:
    """A person's jobs with their questionnaires, newest first."""
    query = (
        select(ExportJob, Questionnaire)
        .join(Questionnaire, Questionnaire.id == ExportJob.questionnaire_id)
        .where(ExportJob.user_id == user_id)
        .order_by(ExportJob.created_at.desc(), ExportJob.id)
    )
    if questionnaire_id is not None:
        query = query.where(ExportJob.questionnaire_id == questionnaire_id)
    return [(job, questionnaire) for job, questionnaire in session.execute(query)]


def find_job(session: Session, job_id: str, user_id: str) -> ExportJob:
    """A person's job. Raises CollectorError `not_found`, also for somebody else's."""
    job = session.get(ExportJob, job_id)
    if job is None or job.user_id != user_id:
        raise CollectorError("not_found")
    return job


def require_file(session: Session, job: ExportJob, rights: Rights) -> None:
    """Raises CollectorError `export_not_ready` before the file is there, `export_rights_changed` where it was made with other rights
    than its person has now."""
    if job.state != READY:
        raise CollectorError("export_not_ready")
    questionnaire = session.get_one(Questionnaire, job.questionnaire_id)
    if job.options.get("rights") != rights.seal(questionnaire):
        raise CollectorError("export_rights_changed")


def is_under_way(job: ExportJob) -> bool:
    """Whether there is something to wait for."""
    return job.state in (WAITING, RUNNING)


def percent_of(job: ExportJob) -> int:
    """How far a job is: 0 to 100; what has ended is 100."""
    if not is_under_way(job):
        return 100
    return min(99, job.done * 100 // job.total) if job.total else 0


def remembered_options(session: Session, user_id: str, questionnaire_id: int) -> Options | None:
    """How a person last wanted a questionnaire's responses; None for somebody who has not chosen yet, or in words of an earlier
    release that are known no more."""
    choice = session.get(ExportChoice, (user_id, questionnaire_id))
    try:
        return Options.from_args(choice.options) if choice else None
    except CollectorError:
        return None


def old_jobs(session: Session) -> list[ExportJob]:
    """Jobs whose time is over."""
    is_over = ExportJob.finished_at < utc_now() - LIFETIME
    return list(session.scalars(select(ExportJob).where(ExportJob.state.in_((READY, FAILED)), is_over)))


def ids_in(session: Session, *states: str) -> frozenset[str]:
    """Ids of the jobs in these states."""
    return frozenset(session.scalars(select(ExportJob.id).where(ExportJob.state.in_(states))))
