"""Lists of households or persons that volunteers are to visit (a sampling frame), and what happened at each door."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base, utc_now
from collector.store.sealed import SealedText

#: What can happen at a door; `done` with a response or without.
OPEN, DONE, NOBODY_HOME, REFUSED, MOVED, CALL_AGAIN = "open", "done", "nobody_home", "refused", "moved", "call_again"


class VisitList(Base):
    """A list of doors, drawn up in the office."""

    __tablename__ = "visit_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    #: The questionnaire to fill in at its doors; none: the volunteer chooses.
    questionnaire_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaires.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    #: Set once phones are to get it no longer.
    archived_at: Mapped[datetime | None]


class ListEntry(Base):
    """A door of a list, with how it stands after all visits that have arrived."""

    __tablename__ = "list_entries"
    __table_args__ = (
        UniqueConstraint("list_id", "key"),
        Index("ix_list_entries_place", "place_id", "list_id"),
        Index("ix_list_entries_order", "list_id", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("visit_lists.id"))
    #: What names it in the list as it was imported; visits name it by this.
    key: Mapped[str] = mapped_column(String(100))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    #: Address or name, as the volunteer sees it; sealed at rest, and so is the note.
    label: Mapped[str] = mapped_column(SealedText(400))
    note: Mapped[str] = mapped_column(SealedText(1000), default="")
    position: Mapped[int] = mapped_column(default=0)
    #: The volunteer who is to go; none: whoever visits the community.
    assigned_to: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: open, or the outcome of the latest visit: done, nobody_home, refused, moved, call_again.
    state: Mapped[str] = mapped_column(String(20), default=OPEN)
    attempts: Mapped[int] = mapped_column(default=0)
    last_visit_at: Mapped[datetime | None]
    #: When to call again, if that was agreed.
    call_at: Mapped[datetime | None]
    #: The response that was begun or finished there.
    response_id: Mapped[str | None] = mapped_column(String(36))


class Visit(Base):
    """One attempt at a door, as a phone noted it."""

    __tablename__ = "visits"

    #: UUID that the phone made: the same visit counts once however often it is sent.
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("list_entries.id"), index=True)
    #: When, by the phone's clock.
    at: Mapped[datetime]
    #: done, nobody_home, refused, moved, call_again, or open: what was noted before was taken back.
    outcome: Mapped[str] = mapped_column(String(20))
    call_at: Mapped[datetime | None]
    response_id: Mapped[str | None] = mapped_column(String(36))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
