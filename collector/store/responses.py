"""Responses, their revisions, and what could not be placed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector.store.base import Base, utc_now
from collector.store.sealed import SealedText

RECEIVED, APPROVED, RETURNED, REJECTED = "received", "approved", "returned", "rejected"
#: Returned to its volunteer, corrected, and in again.
RESUBMITTED = "resubmitted"
#: All states of review: those in which somebody has to do something come first.
STATES = (RECEIVED, RESUBMITTED, RETURNED, APPROVED, REJECTED)
#: What became of a quarantined document: a supervisor made it a response, or put it aside, or it came again and found its place.
ACCEPTED, SET_ASIDE, ARRIVED = "accepted", "set_aside", "arrived"


def few(name: str, condition: str, on_sqlite: str = "") -> Index:
    """An index of the few responses that meet a condition, newest first."""
    return Index(name, "received_at", "id", postgresql_where=text(condition), sqlite_where=text(on_sqlite or condition))


class Response(Base):
    """One filled-in questionnaire, whichever of its revisions is current."""

    __tablename__ = "responses"
    __table_args__ = (
        Index("ix_responses_coverage", "questionnaire_id", "place_id", "received_at", "state"),
        Index("ix_responses_listing", "questionnaire_id", "received_at", "id"),
        Index("ix_responses_newest", "received_at", "id"),
        Index("ix_responses_author", "author_id", "received_at"),
        Index("ix_responses_duplicates", "questionnaire_id", "duplicate_key"),
        Index("ix_responses_place", "place_id", "received_at", "id"),
        Index("ix_responses_state", "state", "received_at", "id"),
        Index("ix_responses_finished", "finished_at", "id"),
        few("ix_responses_conflicted", "is_conflicted", "is_conflicted = 1"),
        few("ix_responses_incomplete", "missing_files > 0"),
        few("ix_responses_flagged", "flag_count > 0"),
        few("ix_responses_tests", "is_test", "is_test = 1"),
    )

    #: UUID that the phone made.
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    #: Version that the current revision was filled in with; none if the server does not know it.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("versions.id"))
    #: Place, if its code is known here.
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    #: Code of the place as the response gives it.
    place_code: Mapped[str] = mapped_column(String(255), default="")
    #: Who filled it in, whoever sent it; none if the server does not know the id.
    author_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    #: Number of the current revision.
    current_revision: Mapped[int] = mapped_column(default=1)
    #: received, approved, returned, resubmitted or rejected.
    state: Mapped[str] = mapped_column(String(20), default=RECEIVED)
    #: Whether a revision came whose base was not the current one.
    is_conflicted: Mapped[bool] = mapped_column(default=False)
    #: Number of flags of the current revision.
    flag_count: Mapped[int] = mapped_column(default=0)
    #: Files that the current revision names and that have not arrived.
    missing_files: Mapped[int] = mapped_column(default=0)
    #: `instance_name` of the form, cut to 255 characters. It is made of answers: sealed at rest.
    instance_name: Mapped[str] = mapped_column(SealedText(255), default="")
    #: Beginning and end by the phone's clock, as it wrote them.
    started_at: Mapped[str] = mapped_column(String(40), default="")
    finished_at: Mapped[str] = mapped_column(String(40), default="")
    #: Arrival of the first revision by the server's clock.
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Day that it counts for: the server's, in the district's time zone.
    received_on: Mapped[date]
    #: Whether it was filled in while the questionnaire was tried out.
    is_test: Mapped[bool] = mapped_column(default=False, server_default="0")
    #: What the respondent said to the question about consent: given, refused, or none where there is no such question or no answer.
    consent: Mapped[str | None] = mapped_column(String(10))
    #: What was erased of it on request or after its time, `personal` answers or `all`; "" for nothing. It still counts.
    erased: Mapped[str] = mapped_column(String(10), default="", server_default="")
    #: Keyed hash of the place and the folded answers to the questionnaire's `duplicate_keys`; none: nothing to compare.
    duplicate_key: Mapped[str | None] = mapped_column(String(64))

    revisions: Mapped[list["Revision"]] = relationship(order_by="Revision.number", back_populates="response")


class Revision(Base):
    """One content of a response, exactly as it came, but for answers that were erased since (docs/privacy.md)."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("response_id", "content_hash"),
        Index(
            "ix_revisions_edited",
            "response_id",
            postgresql_where=text("edited_by IS NOT NULL"),
            sqlite_where=text("edited_by IS NOT NULL"),
        ),
    )

    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    #: 1, 2, 3 … in the order of arrival.
    number: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the document's bytes as they came, hex.
    content_hash: Mapped[str] = mapped_column(String(64))
    #: SHA-256 of what is left of the document since answers were erased, hex; none: it is as it came.
    erased_hash: Mapped[str | None] = mapped_column(String(64))
    #: The revision that this one was made from, as the phone says.
    base: Mapped[int | None]
    #: The response document, byte for byte (docs/sync-protocol.md), sealed at rest.
    document: Mapped[str] = mapped_column(SealedText, deferred=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("versions.id"))
    #: The phone that sent it.
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Phone's clock minus server's clock when it was sent, milliseconds.
    clock_offset_ms: Mapped[int | None]
    #: What the checks found: `[{"code", "path", "message"}]`; no answers in it.
    flags: Mapped[list[Any]] = mapped_column(default=list)
    #: The person of the office who made this revision; none: it came from a phone.
    edited_by: Mapped[str | None] = mapped_column(String(36))
    #: Why, in their words; sealed at rest.
    edit_reason: Mapped[str] = mapped_column(SealedText, default="", server_default="")

    #: Questions that were asked and have no answer, as positional paths (`/data/members[2]/age`); all else without an answer was not
    #: asked. None: nobody knows, since the form was not there to be held against it.
    unanswered: Mapped[list[Any] | None]

    response: Mapped[Response] = relationship(back_populates="revisions")


class QuarantinedDocument(Base):
    """Something that an enrolled phone sent and that fits no questionnaire or has no id. Kept as it came."""

    __tablename__ = "quarantine"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the document's bytes, hex.
    content_hash: Mapped[str] = mapped_column(String(64), unique=True)
    document: Mapped[str] = mapped_column(SealedText, deferred=True)
    #: SHA-256 of what is left of the document since answers were erased, hex; none: it is as it came.
    erased_hash: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int]
    #: Response id, if it names one.
    response_id: Mapped[str | None] = mapped_column(String(36), index=True)
    #: Why it is here: a code of `collector/intake/quarantine.py`.
    reason: Mapped[str] = mapped_column(String(40))
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Phone's clock minus server's clock when it was sent, milliseconds.
    clock_offset_ms: Mapped[int | None]
    #: Set when it has found its place as a response, or was put aside.
    resolved_at: Mapped[datetime | None]
    #: accepted, set_aside or arrived; none while it is open.
    resolution: Mapped[str | None] = mapped_column(String(20))
    #: Why it was put aside, in the supervisor's words; sealed at rest.
    resolution_note: Mapped[str] = mapped_column(SealedText, default="", server_default="")
    #: The person who resolved it. Not tied to the table of people: SQLite would have to make this table anew for that.
    resolved_by: Mapped[str | None] = mapped_column(String(36))
    #: Id of the response that holds it now. The response may have been deleted since.
    accepted_as: Mapped[str | None] = mapped_column(String(36), index=True)


class Erasure(Base):
    """That answers of a response were erased, when and why. What they were is not kept."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[str] = mapped_column(String(36), index=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    #: personal: the answers to personal questions; all: every answer.
    extent: Mapped[str] = mapped_column(String(10))
    #: request: somebody asked for it; retention: its time was over.
    reason: Mapped[str] = mapped_column(String(20))
    #: In the words of whoever erased; no name belongs here. Sealed at rest.
    note: Mapped[str] = mapped_column(SealedText, default="")
    at: Mapped[datetime] = mapped_column(default=utc_now)
    #: The person of the office; none: the program itself.
    by: Mapped[str | None] = mapped_column(String(36))


class ErasedContent(Base):
    """Bytes that a response had which was erased: they are taken away once that is committed, and a second time some days later."""

    __tablename__ = "erased_contents"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of a whole file, hex; or the id of an upload that had not arrived whole.
    name: Mapped[str] = mapped_column(String(64))
    is_upload: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    #: When they were taken away first; None while the place of files has not done it.
    removed_at: Mapped[datetime | None]


class DeletedResponse(Base):
    """What is remembered of a response that a supervisor deleted: enough to know it when a phone sends it again."""

    __tablename__ = "deleted_responses"

    #: Its id.
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    #: Content hashes of all its revisions.
    content_hashes: Mapped[list[Any]]
    #: A code of `collector/intake/words.py`, DELETION_REASONS.
    reason: Mapped[str] = mapped_column(String(40))
    #: The reason in the supervisor's words; sealed at rest.
    note: Mapped[str] = mapped_column(SealedText, default="")
    deleted_at: Mapped[datetime] = mapped_column(default=utc_now)
    deleted_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
