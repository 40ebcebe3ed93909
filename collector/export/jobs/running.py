"""Making the file of a job, in a process of its own: the rights of whoever asked, the walk, the writer, the file in its place."""

import errno
import logging
import os
import shutil
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from flask import current_app
from flask_babel import force_locale
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from collector import metrics
from collector.errors import CollectorError
from collector.export.formats import FORMATS, write_export
from collector.export.jobs import claims, operations
from collector.export.jobs.claims import Claim, Made
from collector.export.jobs.files import drop_work, find_all, measure_file, work_folder
from collector.export.jobs.making import Wanted
from collector.export.jobs.rights import rights_of
from collector.export.options import Options
from collector.export.sheets.selection import selection_for
from collector.languages import local_day
from collector.store import ExportJob, Questionnaire, User
from collector.store.contents import EXPORTS, ContentsAway, contents
from collector.store.exports import READY
from collector.store.moved import MovedError
from collector.store.session import WORK_WAIT_S, database, far_database, reading, writing

log = logging.getLogger(__name__)

#: What a disk says that is full, or whose owner may not fill more of it, or larger files.
NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Seconds between two signs of life.
ALIVE_EVERY_S = 1.0
#: Bytes of the disk that exports leave free for what is collected, and for the database.
RESERVE_BYTES = 512 * 1024 * 1024


class Watched:
    """Says in the database how far a job is, about once a second, from a thread of its own: some steps of writers take long.

    Ends the whole process once the job is no longer its own: it was deleted, or another process has taken it up.
    """

    def __init__(self, claim: Claim, folder: Path) -> None:
        self.claim = claim
        self.folder = folder
        self.looked_at = 0.0
        self.done = 0
        self.total: int | None = None
        self.engine = database()
        self.is_over = Event()
        self.thread = Thread(target=self._tell, daemon=True)

    def __enter__(self) -> "Watched":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.is_over.set()
        self.thread.join()

    def on_progress(self, done: int, total: int) -> None:
        """Take note of how far it is; cheap. Raises CollectorError `export_no_space` where the disk has no more to spare for a file."""
        self.done, self.total = done, total
        now = monotonic()
        if now >= self.looked_at + ALIVE_EVERY_S:
            self.looked_at = now
            if shutil.disk_usage(self.folder).free < RESERVE_BYTES:
                raise CollectorError("export_no_space")

    def _tell(self) -> None:
        while not self.is_over.wait(ALIVE_EVERY_S):
            try:
                with Session(self.engine) as session:
                    session.connection(execution_options={"is_write": True})
                    is_mine = claims.note_progress(session, self.claim, self.done, self.total)
                    session.commit()
            except (OperationalError, MovedError):
                # Busy, away or moving for a moment; the next sign will do.
                continue
            if not is_mine:
                drop_work(self.claim.job_id, os.getpid())
                os._exit(0)


def take_due() -> Claim | None:
    """Take the next job, if there is one."""
    if not claims.has_free(reading()):
        return None
    with writing() as session:
        return claims.claim_next(session)


def make_export(claim: Claim) -> None:
    """Make a job's file. Whatever goes wrong is said in the job, in words that its person can act on."""
    folder = work_folder(claim.job_id)
    try:
        with Watched(claim, folder) as watched:
            made, path = make_file(claim, folder, watched)
            # Before the job says that it is there. A process that holds the job no longer is ended by its watch meanwhile.
            contents().keep(EXPORTS, claim.job_id, path)
        with writing() as session:
            is_mine = claims.finish(session, claim, made)
        if is_mine:
            metrics.count_export("ready", watched.done)
        else:
            drop_kept(claim)
    except CollectorError as error:
        say_failed(claim, error.code, **error.details)
    except (OperationalError, MovedError):
        # The database is busy, away or moving for longer than anybody waits: the job is given back, and taken anew.
        raise
    except ContentsAway as error:
        log.error("the file of an export cannot be kept: %s", error)
        say_failed(claim, "unavailable")
    except Exception as error:
        is_full = isinstance(error, OSError) and error.errno in NO_SPACE
        log.error("unexpected %s at %s in an export", type(error).__name__, place_of(error))
        say_failed(claim, "export_no_space" if is_full else "internal")
    finally:
        drop_work(claim.job_id, os.getpid())


def make_file(claim: Claim, folder: Path, watched: Watched) -> tuple[Made, Path]:
    """Write the file that a job asks for into `folder`, with the rights that its person has now."""
    session = reading()
    job = session.get_one(ExportJob, claim.job_id)
    questionnaire = session.get_one(Questionnaire, job.questionnaire_id)
    options = Options.from_args(job.options)
    rights = rights_of(session, job.user_id)
    selection = selection_for(session, questionnaire, options, rights.scope, sees_personal=rights.sees_personal)
    seal = rights.seal(questionnaire)
    spoken = session.get_one(User, job.user_id).language or current_app.config["SETTINGS"].default_language
    asked_on, form_id, questionnaire_id = local_day(job.created_at), questionnaire.form_id, questionnaire.id
    # The replica may have been why an earlier try broke off.
    engine = database() if job.error_details.get("tries") else far_database(WORK_WAIT_S)
    # A slow walk must not hold a transaction of this session's open.
    session.rollback()
    zone = current_app.config["SETTINGS"].time_zone
    wanted = Wanted(engine, questionnaire_id, options, selection, zone)
    with force_locale(spoken):
        written = write_export(wanted, folder, watched.on_progress)
    size_bytes, sha256 = measure_file(written.path)
    name = f"{form_id}-{FORMATS[options.format].stem}{asked_on:%Y%m%d}{written.suffix}"
    return Made(name, size_bytes, sha256, seal), written.path


def drop_kept(claim: Claim) -> None:
    """Take a file away that was finished when its job was no longer this claim's, unless somebody else has finished it too."""
    job = reading().get(ExportJob, claim.job_id)
    if job is None or job.state != READY:
        contents().remove(EXPORTS, claim.job_id)


def say_failed(claim: Claim, code: str, **details: object) -> None:
    """Say in the job why there will be no file."""
    log.warning("an export has failed: %s", code)
    metrics.count_export(code)
    with writing() as session:
        claims.fail(session, claim, code, details)


def give_back_export(claim: Claim) -> None:
    """Let a job whose process died be taken anew, and remove what was left behind."""
    with writing() as session:
        is_mine = claims.give_back(session, claim)
    if is_mine:
        drop_work(claim.job_id)


def place_of(error: BaseException) -> str:
    """File and line where an error was raised. Its message may hold answers, and is not logged."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"


def tidy() -> None:
    """Delete what is over and what was left behind."""
    found = find_all()
    with writing() as session:
        operations.drop_old(session, found)
