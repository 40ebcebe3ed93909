"""Phones that ask to be let in again after somebody forgot a PIN."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector.store.base import Base, utc_now
from collector.store.people import Device, User, new_id

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"
#: How long after asking an answer can be given and fetched.
LIFETIME = timedelta(hours=24)


class KeyRecovery(Base):
    """A phone's question to be let in again, and the supervisor's answer. The key itself stands nowhere here in the open."""

    __tablename__ = "key_recoveries"
    __table_args__ = (UniqueConstraint("user_id", "reply_key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    #: Who forgot their PIN.
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    #: The phone that asks.
    device_id: Mapped[str] = mapped_column(ForeignKey("devices.id"), index=True)
    #: The volunteer's key, sealed for this server; base64.
    sealed: Mapped[str] = mapped_column(String(200))
    #: Public key that the answer is to be sealed for: 65 bytes, base64.
    reply_key: Mapped[str] = mapped_column(String(100))
    #: asked, granted or refused.
    state: Mapped[str] = mapped_column(String(10), default=ASKED)
    #: The volunteer's key, sealed for `reply_key`; base64. Only once it is granted.
    answer: Mapped[str | None] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    decided_at: Mapped[datetime | None]
    #: The person of the office who decided.
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))

    device: Mapped[Device] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
