"""The machines that serve one installation, and its backups, as the owner's status page shows them."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from collector.store.base import Base, utc_now


class Host(Base):
    """A machine that runs Collector, as it last said of itself."""

    __tablename__ = "hosts"

    #: Its name and data folder: two servers on one machine are two hosts.
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    #: Version of Collector that it runs.
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    #: Latest sign of life.
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: Bytes that are free where its data lies, and that there are.
    free_bytes: Mapped[int] = mapped_column(BigInteger)
    total_bytes: Mapped[int] = mapped_column(BigInteger)


class Backup(Base):
    """A backup that was made, or begun."""

    __tablename__ = "backups"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: None while it is being made, and for one that broke off.
    finished_at: Mapped[datetime | None]
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    is_encrypted: Mapped[bool]
    #: Last hash of the journal that it holds.
    journal_hash: Mapped[str] = mapped_column(String(64), default="")


class UsedNonce(Base):
    """A count of a nonce of Digest authentication that was used (RFC 7616, section 5.5), for as long as the nonce counts."""

    __tablename__ = "used_nonces"

    #: SHA-256 of nonce and count, hex.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: When the nonce was made.
    made_at: Mapped[datetime] = mapped_column(index=True)


class SealedWith(Base):
    """A data key that something here is or was sealed with, so that a server without it says so and does not begin with another."""

    __tablename__ = "data_keys"

    #: The key's id, hex (collector/store/data_keys.py).
    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    first_used_at: Mapped[datetime] = mapped_column(default=utc_now)
    #: When nothing stood in the open any more of what an earlier release kept so; none: that has to be looked for.
    all_sealed_at: Mapped[datetime | None]
