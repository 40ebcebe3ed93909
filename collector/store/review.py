"""What the office says of responses: decisions, comments, and pairs that are no duplicates."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base, utc_now
from collector.store.sealed import SealedText


class Decision(Base):
    """A response was approved, returned, rejected, or taken back into review. The state before allows to undo it."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: UUID that decisions made at once share.
    batch_id: Mapped[str] = mapped_column(String(36), index=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    #: Current revision that was decided about.
    revision: Mapped[int]
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    #: In the supervisor's words; phones show it with a returned response. Sealed at rest.
    reason: Mapped[str] = mapped_column(SealedText, default="")
    by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]


class Comment(Base):
    """A remark of the office about a response."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), index=True)
    by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Sealed at rest.
    text: Mapped[str] = mapped_column(SealedText)


class NoDuplicate(Base):
    """Two responses that look alike and are not the same, as somebody of the office said. `one_id` < `other_id`."""

    __tablename__ = "no_duplicates"

    one_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("responses.id"), primary_key=True, index=True)
    by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
