"""What phones still hold, the worst first. Plain values in and out: no database, no request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: A phone that holds something unsent and was not seen for so long is looked after first.
SILENT_AFTER = timedelta(days=2)
#: Difference of the clocks that is told, as the flag of responses has it.
CLOCK_TOLERANCE = timedelta(minutes=15)


@dataclass(frozen=True)
class PhoneState:
    """What one phone said last."""

    user_id: str
    volunteer: str
    label: str = ""
    waiting_responses: int = 0
    waiting_files: int = 0
    failed_responses: int = 0
    drafts: int = 0
    oldest_waiting_at: datetime | None = None
    last_seen_at: datetime | None = None
    clock_offset_ms: int | None = None
    is_revoked: bool = False

    @property
    def has_unsent(self) -> bool:
        """Whether something finished is still on it."""
        return bool(self.waiting_responses or self.waiting_files)

    @property
    def clock_ahead(self) -> timedelta:
        """By how much its clock is ahead, negative: behind; nothing while that is within what counts as right."""
        ahead = timedelta(milliseconds=self.clock_offset_ms or 0)
        return ahead if abs(ahead) > CLOCK_TOLERANCE else timedelta()

    def is_silent(self, now: datetime) -> bool:
        """Whether it holds something and was not heard of for too long."""
        return self.has_unsent and (self.last_seen_at is None or now - self.last_seen_at > SILENT_AFTER)


@dataclass(frozen=True)
class Unsent:
    """Phones that hold finished responses or files, how many, and when the one that is silent longest was heard of last.

    `revoked`: responses on phones whose access was taken back, which are not in the other figures.
    """

    phones: int
    responses: int
    files: int
    last_seen_at: datetime | None
    revoked: int = 0


def sort_phones(phones: Iterable[PhoneState], now: datetime) -> list[PhoneState]:
    """The worst first: silent with something unsent, then failed, then unsent, then the others; longest unseen before."""
    never = datetime.min.replace(tzinfo=UTC)

    def rank(phone: PhoneState) -> tuple[bool, bool, bool, bool, datetime, str]:
        seen = phone.last_seen_at or never
        return (
            not phone.is_silent(now),
            not phone.failed_responses,
            not phone.has_unsent,
            not phone.drafts,
            seen,
            phone.volunteer,
        )

    return sorted(phones, key=rank)


def sum_up(phones: Sequence[PhoneState]) -> Unsent:
    """What all phones together hold."""
    holding = [phone for phone in phones if phone.has_unsent]
    active = [phone for phone in holding if not phone.is_revoked]
    return Unsent(
        phones=len(active),
        responses=sum(phone.waiting_responses for phone in active),
        files=sum(phone.waiting_files for phone in active),
        last_seen_at=min((phone.last_seen_at for phone in active if phone.last_seen_at), default=None),
        revoked=sum(phone.waiting_responses for phone in holding if phone.is_revoked),
    )
