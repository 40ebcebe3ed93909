"""Files that belong to responses, on their way in and complete."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base, utc_now


class File(Base):
    """A photo or other file of a response. Its bytes are among the contents (contents/) under its SHA-256."""

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("response_id", "name", "sha256"),)

    #: Random text that names the upload in its address.
    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    #: The response that will name it; the file may come first.
    response_id: Mapped[str] = mapped_column(String(36))
    #: Name in the response's `files`.
    name: Mapped[str] = mapped_column(String(255))
    #: SHA-256 that the phone promised, hex.
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    #: Bytes that have arrived.
    offset_bytes: Mapped[int] = mapped_column(default=0)
    #: Type that the phone claims.
    claimed_type: Mapped[str] = mapped_column(String(100), default="")
    #: Type that the bytes show; `application/octet-stream` when they show none that is known.
    detected_type: Mapped[str] = mapped_column(String(100), default="")
    device_id: Mapped[str | None] = mapped_column(ForeignKey("devices.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Set when all bytes are there and the SHA-256 is right.
    completed_at: Mapped[datetime | None]
