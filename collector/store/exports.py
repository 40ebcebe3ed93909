"""Files of exports: asked for, made in the background, kept for a day; and how each person last wanted them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base, utc_now
from collector.store.people import new_id

WAITING, RUNNING, READY, FAILED = "waiting", "running", "ready", "failed"


class ExportJob(Base):
    """A file of responses that somebody asked for. The file is among the contents under the job's id."""

    __tablename__ = "export_jobs"

    #: UUID.
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    #: Whose scope and sight of personal answers it was made with; only they may fetch it.
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), index=True)
    #: The options as an address has them (collector/export/options.py).
    options: Mapped[dict[str, Any]]
    #: waiting, running, ready or failed.
    state: Mapped[str] = mapped_column(String(20), default=WAITING)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    started_at: Mapped[datetime | None]
    #: Latest sign of life of whoever makes it; one that has been silent for long is taken up again.
    alive_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    #: Responses that were read, and those that there are; none before they were counted.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    #: Name of the file for whoever fetches it.
    file_name: Mapped[str] = mapped_column(String(255), default="")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    #: SHA-256 of the file, hex.
    sha256: Mapped[str | None] = mapped_column(String(64))
    #: Code of the error (collector/errors.py) that ended it, and its details; "" for none.
    error: Mapped[str] = mapped_column(String(40), default="")
    error_details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ExportChoice(Base):
    """The options that a person used last for a questionnaire."""

    __tablename__ = "export_choices"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), primary_key=True)
    #: As an address has them.
    options: Mapped[dict[str, Any]]
