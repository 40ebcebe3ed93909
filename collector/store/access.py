"""Keys that programs hold: access tokens of people of the office, and the names by which other clients know a response."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector.store.base import Base, utc_now
from collector.store.people import User
from collector.store.sealed import SealedText

#: Made on the account page for the REST API; given by `POST /v1/sessions` to clients of ODK Central.
API, SESSION = "api", "session"


class AccessToken(Base):
    """A token with which a program acts as a person of the office: their role, their places, their sight of personal answers."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    #: What the person calls it, such as the program that holds it.
    name: Mapped[str] = mapped_column(String(200), default="")
    #: api or session.
    kind: Mapped[str] = mapped_column(String(20))
    #: SHA-256 of the token, hex; the token itself is shown once and kept nowhere.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: Its first characters, by which a person tells one from another.
    beginning: Mapped[str] = mapped_column(String(12))
    #: Whether it may only read, whatever the person's role allows.
    is_read_only: Mapped[bool] = mapped_column(default=True)
    #: The person's count of ended sessions when it was made: one that ended all sessions ends it too.
    session_epoch: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: None: until it is taken back.
    expires_at: Mapped[datetime | None]
    #: Latest use, to the minute.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Instance(Base):
    """The `instanceID` under which another client sent a revision (OpenRosa Metadata Schema). An edit has one of its own."""

    __tablename__ = "instances"

    #: As the client wrote it, such as `uuid:…`, cut to 255 characters.
    instance_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    response_id: Mapped[str] = mapped_column(String(36), index=True)
    #: SHA-256 of the response document made of it, hex.
    content_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(default=utc_now)


class Webhook(Base):
    """An address that is told of each response that comes in (Standard Webhooks)."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whose right it uses: only responses that this person may see are told of.
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    #: None: responses to all questionnaires.
    questionnaire_id: Mapped[int | None] = mapped_column(ForeignKey("questionnaires.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    #: The key of the signatures, sealed at rest.
    secret: Mapped[str] = mapped_column("sealed_secret", SealedText, deferred=True)
    #: Whether answers go with the message; never those to personal questions.
    has_answers: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Why it was switched off by itself; "" while it was not.
    fault: Mapped[str] = mapped_column(String(40), default="")


class Delivery(Base):
    """A message to a webhook about one revision of a response, until it was taken or given up."""

    __tablename__ = "webhook_deliveries"

    #: UUID, the message's id: the same for each try.
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"), index=True)
    response_id: Mapped[str] = mapped_column(String(36), index=True)
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    #: When it is tried next; none once it was taken or given up.
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    #: When the receiver took it.
    delivered_at: Mapped[datetime | None]
    #: HTTP status of the latest answer; none where there was no answer.
    last_status: Mapped[int | None]
    #: What went wrong the last time, in a word; "" for nothing.
    last_fault: Mapped[str] = mapped_column(String(40), default="")
