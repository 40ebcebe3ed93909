"""People, the codes that enrol their phones, and the phones themselves."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector.store.base import Base, utc_now
from collector.store.sealed import SealedText

OWNER, SUPERVISOR, REVIEWER, ANALYST, VOLUNTEER = "owner", "supervisor", "reviewer", "analyst", "volunteer"


def new_id() -> str:
    """A new UUID, version 4, as text."""
    return str(uuid4())


class User(Base):
    """A person: someone of the office, or a volunteer."""

    __tablename__ = "users"

    #: UUID; written into response documents as their author.
    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    #: Name to sign in with, case-folded; none for a volunteer who only uses a phone.
    login: Mapped[str | None] = mapped_column(String(100), unique=True)
    #: The name that colleagues know.
    name: Mapped[str] = mapped_column(String(200))
    #: owner, supervisor, reviewer, analyst or volunteer.
    role: Mapped[str] = mapped_column(String(20))
    #: argon2 hash; none where there is no sign-in.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    #: zh or en.
    language: Mapped[str] = mapped_column(String(10), default="zh")
    #: False once the person has left; nothing of theirs is deleted.
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Raised to end every session of this person at once; a session remembers the number that it began with.
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Secret of the second factor (RFC 6238), base32, sealed at rest; none where it is not switched on.
    totp_secret: Mapped[str | None] = mapped_column(SealedText(64))
    #: Time step of the last code that was taken: no code counts twice.
    totp_last_step: Mapped[int | None]
    #: SHA-256, hex, of the codes that stand in for a lost second factor; each goes when it is used.
    recovery_codes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    #: Whether exports and pages show this person the personal fields of questionnaires.
    sees_personal: Mapped[bool] = mapped_column(default=True, server_default="1")

    assignments: Mapped[list["Assignment"]] = relationship(cascade="all, delete-orphan")


class Assignment(Base):
    """A place that a volunteer is to visit, or that a person of the office answers for, with all under it. Without any: all places."""

    __tablename__ = "assignments"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)


class QuestionnaireAssignment(Base):
    """A questionnaire that a volunteer is to fill in. Somebody without any may fill in all."""

    __tablename__ = "questionnaire_assignments"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), primary_key=True)


class Enrolment(Base):
    """A code, as link and QR code, with which a person's phone gets a device token."""

    __tablename__ = "enrolments"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    #: SHA-256 of the token, hex; the token itself is shown once and kept nowhere.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    #: How many more phones may use it: a phone's browser and its installed app count as two.
    uses_left: Mapped[int]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


#: Collector's own client in a browser; ODK Collect or another client that speaks OpenRosa.
APP, OPENROSA = "app", "openrosa"


class Device(Base):
    """A phone (one browser's storage on it, or one client of another make) that may send and fetch for one person."""

    __tablename__ = "devices"
    __table_args__ = (Index("uq_devices_login", "login", unique=True),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    #: SHA-256 of the device token, hex.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: What the phone says of itself, such as "Chrome on Android".
    label: Mapped[str] = mapped_column(String(200), default="")
    enrolled_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Last push or pull.
    last_seen_at: Mapped[datetime | None]
    #: Phone's clock minus server's clock at the last push, milliseconds.
    clock_offset_ms: Mapped[int | None]
    #: Finished responses that the phone said it still held at its last push or pull.
    waiting_responses: Mapped[int] = mapped_column(default=0)
    #: Files that it still held.
    waiting_files: Mapped[int] = mapped_column(default=0)
    #: Drafts that it held.
    drafts: Mapped[int] = mapped_column(default=0)
    #: Those of `waiting_responses` whose sending failed.
    failed_responses: Mapped[int] = mapped_column(default=0, server_default="0")
    #: When the oldest of `waiting_responses` was finished, as the phone says; none if it does not say.
    oldest_waiting_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    #: app or openrosa.
    kind: Mapped[str] = mapped_column(String(20), default=APP, server_default=APP)
    #: Name with which a client of another make signs in (RFC 7616, RFC 7617); none for the app, which has a token alone.
    login: Mapped[str | None] = mapped_column(String(100))
    #: MD5 of name, realm and password (RFC 7616, section 3.4.2), sealed at rest.
    digest: Mapped[str | None] = mapped_column("sealed_digest", SealedText, deferred=True)

    user: Mapped[User] = relationship()


class FailedSignIn(Base):
    """A wrong password, kept for as long as it counts against further tries."""

    __tablename__ = "failed_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Keyed hash of what was tried from where (collector/accounts/try_counts.py).
    key: Mapped[str] = mapped_column(String(300), index=True)
    #: Tells a try from others under the same key: random, or part of a hash where the same guess again is no further one.
    what: Mapped[str] = mapped_column(String(32), default="", server_default="")
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
