"""Files beside a version's workbook: lists and media. Their bytes are among the contents (contents/) under their SHA-256."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base


class VersionFile(Base):
    """A file that a version's workbook names. One that was not uploaded has no content."""

    __tablename__ = "version_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    #: Name by which the workbook asks for it.
    name: Mapped[str] = mapped_column(Text)
    #: Whether it is a list (CSV, GeoJSON, XML) rather than a picture, recording or film.
    is_list: Mapped[bool]
    #: SHA-256 of what phones fetch, hex: a list's rows as JSON, media as they are. None: not uploaded.
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int] = mapped_column(default=0)
    media_type: Mapped[str] = mapped_column(String(100), default="")
    #: SHA-256 of the file as it was uploaded; the same as `sha256` for media.
    original_sha256: Mapped[str | None] = mapped_column(String(64))
    #: Rows of a list.
    row_count: Mapped[int | None]
    #: Sheet and row that name it, for the office: "survey" and 7. Empty and None where nobody knows.
    sheet: Mapped[str] = mapped_column(String(255), default="")
    sheet_row: Mapped[int | None]
