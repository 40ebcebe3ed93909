"""Asking for files of responses, trying again, and deleting them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector import disk
from collector.errors import CollectorError
from collector.export.jobs.files import Found, drop_strangers, drop_work
from collector.export.jobs.queries import ids_in, is_under_way, jobs_of, old_jobs
from collector.export.options import Options
from collector.journal import record
from collector.store import ExportChoice, ExportJob, Questionnaire
from collector.store.contents import EXPORTS, contents
from collector.store.exports import READY, RUNNING, WAITING

#: Files that somebody may wait for at a time.
MAX_WAITING = 20
#: Files that somebody may have here at a time, so that nobody fills the disk with them.
MAX_KEPT = 100


def ask_export(session: Session, user_id: str, questionnaire: Questionnaire, options: Options) -> ExportJob:
    """Ask for a file, which is made in the background.

    Raises CollectorError `export_too_many`, `export_too_many_kept`, `disk_nearly_full`.
    """
    disk.require_room()
    if require_room(session, user_id) >= MAX_KEPT:
        raise CollectorError("export_too_many_kept", limit=MAX_KEPT)
    job = ExportJob(user_id=user_id, questionnaire_id=questionnaire.id, options=options.as_args(), error_details={})
    session.add(job)
    session.flush()
    record(session, "export.ask", job.id, user_id=user_id, form=questionnaire.form_id, format=options.format)
    return job


def require_room(session: Session, user_id: str) -> int:
    """Raise CollectorError `export_too_many` where somebody waits for enough already. Gives how many files they have here."""
    jobs = [job for job, _ in jobs_of(session, user_id)]
    if sum(map(is_under_way, jobs)) >= MAX_WAITING:
        raise CollectorError("export_too_many", limit=MAX_WAITING)
    return len(jobs)


def remember_options(session: Session, user_id: str, questionnaire_id: int, options: Options) -> None:
    """Keep how a person wants a questionnaire's responses, for the next time."""
    session.merge(ExportChoice(user_id=user_id, questionnaire_id=questionnaire_id, options=options.as_args()))
    session.flush()


def try_again(session: Session, job: ExportJob) -> None:
    """Let a job that failed, or whose file was made with other rights, be made anew with what is there now.

    Raises CollectorError `export_too_many`, `disk_nearly_full`.
    """
    if is_under_way(job):
        return
    disk.require_room()
    require_room(session, job.user_id)
    job.state, job.done, job.total = WAITING, 0, None
    job.error, job.error_details = "", {}
    job.finished_at = job.alive_at = job.started_at = job.size_bytes = job.sha256 = None
    session.flush()
    contents().remove(EXPORTS, job.id)
    record(session, "export.ask", job.id, user_id=job.user_id, format=str(job.options.get("format", "")))


def delete_export(session: Session, job: ExportJob) -> None:
    """Delete a job and its file; whoever is making it stops."""
    record(session, "export.delete", job.id, user_id=job.user_id)
    session.delete(job)
    session.flush()
    contents().remove(EXPORTS, job.id)
    drop_work(job.id)


def drop_exports(session: Session, questionnaire_id: int) -> None:
    """Delete the finished files of a questionnaire, and have those that are being made begun anew: they may hold what was erased."""
    jobs = select(ExportJob).where(ExportJob.questionnaire_id == questionnaire_id)
    for job in session.scalars(jobs.where(ExportJob.state == READY)).all():
        delete_export(session, job)
    for job in session.scalars(jobs.where(ExportJob.state == RUNNING)).all():
        # Whoever is making it finds that it is not theirs any more.
        job.state, job.started_at, job.alive_at, job.done, job.total = WAITING, None, None, 0, None
    session.flush()


def drop_old(session: Session, found: Found) -> None:
    """Delete files whose time is over, and what was left behind by processes that died, of what was `found` before."""
    for job in old_jobs(session):
        session.delete(job)
    session.flush()
    # In this order: a job that is finished meanwhile is either of these, and never neither.
    unfinished = ids_in(session, WAITING, RUNNING)
    drop_strangers(found, unfinished | ids_in(session, READY), unfinished)
