"""Questionnaires, their immutable versions, and targets by place."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector.store.base import Base, utc_now

DRAFT, PUBLISHED, REPLACED = "draft", "published", "replaced"


class Questionnaire(Base):
    """A questionnaire (a form in XLSForm's words) through all of its versions."""

    __tablename__ = "questionnaires"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: `form_id` of the settings sheet.
    form_id: Mapped[str] = mapped_column(String(255), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Responses finished before this moment wait for a supervisor; none: it has always been open.
    opens_at: Mapped[datetime | None]
    #: Responses finished after this moment wait for a supervisor; none: it stays open.
    closes_at: Mapped[datetime | None]
    #: Set once nobody is to use it any more: phones get it no longer, lists leave it out. Its responses stay.
    archived_at: Mapped[datetime | None]
    #: Whether it is tried out: what arrives is marked as a test and counted apart.
    is_testing: Mapped[bool] = mapped_column(default=False, server_default="0")
    #: When testing last began, if responses were taken in earnest before; what was finished earlier is none of it.
    testing_since: Mapped[datetime | None]
    #: When testing last ended: what was finished before is a test whenever it arrives.
    live_since: Mapped[datetime | None]
    #: Questions whose answers tell who somebody is, as slash-separated paths of names.
    personal_fields: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    #: Days after a response's arrival for which its answers are kept; none: for as long as nobody erases them.
    retention_days: Mapped[int | None]
    #: What is erased then: personal or all.
    retention_extent: Mapped[str] = mapped_column(String(10), default="personal", server_default="personal")
    #: Questions whose answers together tell the same respondent, as slash-separated paths; none: nothing is compared.
    duplicate_keys: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    #: Rules of quality that differ from their defaults: `{rule code: {"on": bool, "limit": number}}`.
    quality_rules: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    #: The version that phones get; none before the first publishing.
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("versions.id", use_alter=True, name="fk_questionnaires_current_version_id")
    )

    versions: Mapped[list["Version"]] = relationship(
        back_populates="questionnaire", foreign_keys="Version.questionnaire_id", order_by="Version.number"
    )
    current_version: Mapped["Version | None"] = relationship(foreign_keys=[current_version_id], post_update=True)


class Version(Base):
    """One version of a questionnaire. Immutable: another upload makes another one."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("questionnaire_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    #: 1, 2, 3 … in the order of uploading.
    number: Mapped[int]
    #: `version` of the settings sheet.
    version: Mapped[str] = mapped_column(String(255), default="")
    #: Title in the default language.
    title: Mapped[str] = mapped_column(String(500))
    #: Titles by language code.
    titles: Mapped[dict[str, str]]
    #: draft, published, or replaced (a draft that a later upload took the place of).
    state: Mapped[str] = mapped_column(String(20), default=DRAFT)
    #: SHA-256 of the form model's bytes, hex: the name by which phones ask for it.
    model_hash: Mapped[str] = mapped_column(String(64), index=True)
    #: The form model, see docs/form-model.md.
    model_json: Mapped[str] = mapped_column(Text, deferred=True)
    #: Bytes of the form model.
    model_bytes: Mapped[int]
    #: The XForm that pyxform made.
    xform: Mapped[str] = mapped_column(Text, deferred=True)
    #: The workbook as it was uploaded.
    workbook: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    workbook_name: Mapped[str] = mapped_column(String(255), default="")
    #: Warnings of the upload: `[{"code", "params", "sheet", "row", "column"}]`.
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    #: Questions that the workbook marks as personal, as slash-separated paths.
    personal_fields: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    #: The question that asks for consent, `{"path": …, "given": [values that mean yes]}`; none: nobody is asked.
    consent: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))

    questionnaire: Mapped[Questionnaire] = relationship(back_populates="versions", foreign_keys=[questionnaire_id])


class Target(Base):
    """How many responses to a questionnaire are expected of a place."""

    __tablename__ = "targets"

    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    expected: Mapped[int]
    #: First and last day on which they are to come in; none: no bound.
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    #: 0 ordinary, 1 first.
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
