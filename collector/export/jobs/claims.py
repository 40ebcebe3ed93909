"""Who makes which file: several processes over one database take each job once, and take up what another left lying."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from collector.store import ExportJob, utc_now
from collector.store.exports import FAILED, READY, RUNNING, WAITING

#: How long whoever makes a file may give no sign of life before somebody else takes the job up.
SILENCE = timedelta(seconds=60)
#: How often a job is begun whose process dies each time.
MAX_TRIES = 3


@dataclass(frozen=True)
class Claim:
    """A job that this process has taken, and when: whoever took it up later has another moment."""

    job_id: str
    started_at: datetime


@dataclass(frozen=True)
class Made:
    """A finished file: its name for whoever fetches it, its size, its SHA-256, and the rights that it was made with."""

    file_name: str
    size_bytes: int
    sha256: str
    rights_seal: str


def free_jobs() -> ColumnElement[bool]:
    """The condition of jobs that somebody may take: those that wait, and those whose maker is silent."""
    is_silent = and_(ExportJob.state == RUNNING, ExportJob.alive_at < utc_now() - SILENCE)
    return or_(ExportJob.state == WAITING, is_silent)


def has_free(session: Session) -> bool:
    """Tell whether there is a job to take."""
    return session.scalar(select(ExportJob.id).where(free_jobs()).limit(1)) is not None


def claim_next(session: Session) -> Claim | None:
    """Take the job that has waited longest; None where there is none, or another process was quicker."""
    job_id = session.scalar(
        select(ExportJob.id).where(free_jobs()).order_by(ExportJob.created_at, ExportJob.id).limit(1)
    )
    if job_id is None:
        return None
    now = utc_now()
    taken = session.execute(
        update(ExportJob)
        .where(ExportJob.id == job_id, free_jobs())
        .values(state=RUNNING, started_at=now, alive_at=now, done=0, total=None)
        .execution_options(synchronize_session=False)
    )
    return Claim(job_id, now) if taken.rowcount else None  # type: ignore[attr-defined]


def change_claimed(session: Session, claim: Claim, values: Mapping[str, Any]) -> bool:
    """Change a job that is still this claim's. Gives whether it is: it may have been deleted, or taken up by another."""
    is_mine = (
        ExportJob.id == claim.job_id,
        ExportJob.state == RUNNING,
        ExportJob.started_at == claim.started_at,
    )
    change = update(ExportJob).where(*is_mine).values(**values).execution_options(synchronize_session=False)
    return bool(session.execute(change).rowcount)  # type: ignore[attr-defined]


def note_progress(session: Session, claim: Claim, done: int, total: int | None) -> bool:
    """Give a sign of life, and say how far it is. Gives whether the job is still this claim's."""
    return change_claimed(session, claim, {"alive_at": utc_now(), "done": done, "total": total})


def finish(session: Session, claim: Claim, made: Made) -> bool:
    """Say that the file is there. Gives whether the job is still this claim's."""
    job = session.get_one(ExportJob, claim.job_id) if note_progress(session, claim, 0, None) else None
    if job is None:
        return False
    values = {
        "state": READY,
        "finished_at": utc_now(),
        "done": 1,
        "total": 1,
        "file_name": made.file_name,
        "size_bytes": made.size_bytes,
        "sha256": made.sha256,
        "error": "",
        # Beside the options, which pass over it (Options.from_args).
        "options": job.options | {"rights": made.rights_seal},
    }
    return change_claimed(session, claim, values)


def fail(session: Session, claim: Claim, code: str, details: Mapping[str, Any]) -> bool:
    """Say why there will be no file. Gives whether the job was still this claim's."""
    values = {"state": FAILED, "finished_at": utc_now(), "error": code, "error_details": dict(details)}
    return change_claimed(session, claim, values)


def give_back(session: Session, claim: Claim) -> bool:
    """Let the job be taken anew, since its process died; one whose process died MAX_TRIES times has failed.

    Gives whether the job was still this claim's.
    """
    job = session.get(ExportJob, claim.job_id)
    tries = int(job.error_details.get("tries", 0)) + 1 if job else 0
    if tries >= MAX_TRIES:
        return fail(session, claim, "export_broken_off", {"tries": tries})
    return change_claimed(session, claim, {"state": WAITING, "alive_at": None, "error_details": {"tries": tries}})
